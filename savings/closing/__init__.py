"""Closing a financial year: what stands in its way, and the services of the two who close it."""
