"""The money pages as they stood at a past moment."""
