"""What somebody typed stays theirs when the session ends before it is saved (decision 0017)."""
