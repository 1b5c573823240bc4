"""The pages of a month's end: what is in and what is not, nil returns, and the lock."""
