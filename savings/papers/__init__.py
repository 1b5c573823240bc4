"""Papers that a committee or the other side takes away: the proof file with its verifier."""
