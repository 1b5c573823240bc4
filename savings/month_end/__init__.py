"""The end of a month: whose actual amounts are in, whose are nil, and the lock after which they stay."""
