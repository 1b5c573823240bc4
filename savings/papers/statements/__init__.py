"""Statements for a committee: what is said, apart from how it is set as PDF and as Word."""
