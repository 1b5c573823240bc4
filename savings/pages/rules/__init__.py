"""The pages of an alliance's sharing rules: read them, set one, correct one, end one, take one away."""
