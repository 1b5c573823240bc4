"""Sizes from the files of the Home Office and the Office for National Statistics themselves."""
