"""The money pages’ questions; each answer is a frozen dataclass and costs a fixed number of queries."""
