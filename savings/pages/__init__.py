"""The money pages, a package a noun."""
