"""How a ratio's percentages came about from sizes, step by step, for whoever follows with a calculator."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from savings.engine.apportion import odd_units, whole_parts
from savings.engine.ratio import smallest_whole


@dataclass(frozen=True)
class Proportion:
    """A force's size of one measure as a part of all sizes, and what the measure weighs in the blend."""

    measure: str
    size: Decimal
    all_sizes: Decimal
    weight: Fraction

    @property
    def part(self) -> Fraction:
        """The size as a part of all sizes, in per cent."""
        return Fraction(self.size) * 100 / Fraction(self.all_sizes)

    @property
    def weighed(self) -> Fraction:
        """What it adds to the force's percentage."""
        return self.part * self.weight


@dataclass(frozen=True)
class PercentageStep:
    """A force's exact percentage, rounded down, and what that lost, in units of the last decimal."""

    proportions: tuple[Proportion, ...]
    exact: Fraction
    rounded_down: Decimal
    lost: Fraction
    got_odd_unit: bool
    percentage: Decimal


def explain_percentages(
    measures: Sequence[tuple[str, Fraction]], sizes: Sequence[Sequence[Decimal]], decimals: int
) -> tuple[PercentageStep, ...]:
    """The steps of each force. `measures` with their parts of the whole; `sizes` by force, in their order.

    Works them out again with the steps of `ratio`, so that what is explained is what is computed.
    """
    whole = [sum((row[at] for row in sizes), Decimal(0)) for at in range(len(measures))]
    by_force = [
        tuple(
            Proportion(measure, size, total, weight)
            for (measure, weight), size, total in zip(measures, row, whole, strict=True)
        )
        for row in sizes
    ]
    exact = [sum((each.weighed for each in row), Fraction(0)) for row in by_force]
    weights = smallest_whole(exact)
    units = 100 * 10**decimals
    parts, remainders = whole_parts(units, weights, sum(weights))
    lucky = set(odd_units(units - sum(parts), remainders))
    unit = Decimal(1).scaleb(-decimals)
    return tuple(
        PercentageStep(
            proportions=row,
            exact=exact[at],
            rounded_down=parts[at] * unit,
            lost=Fraction(remainders[at], sum(weights)),
            got_odd_unit=at in lucky,
            percentage=(parts[at] + (at in lucky)) * unit,
        )
        for at, row in enumerate(by_force)
    )
