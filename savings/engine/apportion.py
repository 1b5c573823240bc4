"""Whole units divided in a ratio into whole units that add up: largest remainder on integers."""

from collections.abc import Sequence


class NothingToShareBy(ValueError):
    """The weights are all zero (or there are none), so an amount cannot be divided by them."""


class NegativeWeight(ValueError):
    """A weight is below zero; a size or a percentage never is."""


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of `total` in proportion to `weights`, in their order, adding up to it exactly.

    Each part is less than one unit from its exact value, a weight of zero gets zero, and turning
    the sign of `total` round turns every part's round. The units left over when every part has been
    rounded towards zero go one each to the largest remainders, ties to the earlier weight.

    Largest remainder, also known as Hamilton's or Hare and Niemeyer's method. Integers of any size.

    Raises NegativeWeight, and NothingToShareBy if the weights add up to zero and `total` is not
    zero (nothing divided by nothing is nothing: all parts are then zero).
    """
    whole = total_weight(weights)
    if whole == 0:
        if total:
            raise NothingToShareBy("There is nothing to share by: every weight is zero.")
        return [0] * len(weights)
    parts, remainders = whole_parts(abs(total), weights, whole)
    for index in odd_units(abs(total) - sum(parts), remainders):
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts


def total_weight(weights: Sequence[int]) -> int:
    """The weights' sum. Raises NegativeWeight if one of them is below zero."""
    if weights and min(weights) < 0:
        raise NegativeWeight(f"A weight cannot be negative: {min(weights)}.")
    return sum(weights)


def whole_parts(size: int, weights: Sequence[int], whole: int) -> tuple[list[int], list[int]]:
    """Each part of `size` (zero or more) rounded down, and what is over in 1/`whole` units."""
    products = [size * weight for weight in weights]
    return [product // whole for product in products], [product % whole for product in products]


def odd_units(left: int, remainders: Sequence[int]) -> list[int]:
    """Who gets one of the `left` units: positions, largest remainder first, ties to the earlier."""
    if not left:
        return []
    return sorted(range(len(remainders)), key=lambda index: -remainders[index])[:left]
