"""The pages of what-ifs: all of them, one, and three beside today."""
