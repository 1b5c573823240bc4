"""Amounts of an area's year: who bore them, a year spread into months and back, and what counts twice."""
