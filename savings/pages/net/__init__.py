"""Net to settle: how it comes about, as a page and as a file."""
