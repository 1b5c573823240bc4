"""The pages of business areas."""
