"""Proposing a year's settlement, answering it and paying it: what is frozen, and the services."""
