"""Questions that the money pages ask; each answer is a frozen dataclass and costs a fixed number of queries."""
