"""The dashboard: one page that a chief officer reads in a minute, and the statuses behind it."""
