"""What later evidence makes of a closed year: worked out in memory, posted in an open year."""
