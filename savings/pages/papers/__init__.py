"""The papers of an alliance: proof files, and their verifier."""
