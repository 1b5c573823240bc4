"""Which version of the engine this is."""

# Raise it with every change after which the same inputs may have other shares, percentages or
# evidence. Part of every pool's hash and on every pool's row: pools of another version are asked for
# again after `migrate`. tests/savings/engine/golden.json holds what this version makes.
METHOD = 2
