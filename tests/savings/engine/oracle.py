"""Largest remainder in ten lines of fractions, written apart from the engine to check it."""

from fractions import Fraction


def apportion(total, weights):
    exact = [Fraction(abs(total) * weight, sum(weights)) for weight in weights]
    parts = [int(value) for value in exact]
    while sum(parts) < abs(total):
        behind = [value - part for value, part in zip(exact, parts, strict=True)]
        parts[behind.index(max(behind))] += 1
    return [part if total >= 0 else -part for part in parts]
