"""A date that moves, priced by force and year before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from business_areas.models import BusinessArea, Milestone
from programmes.models import Force
from savings.apportioned import Worked, work_out
from savings.engine.periods import add_months
from savings.inputs import (
    SharingInputs,
    in_natural_order,
    lines_unsorted,
    read_sharing_inputs,
)
from savings.models import Item
from savings.selectors.forecast_lines import FORECAST, made_lines, read_stored, unshared
from savings.selectors.moves import YearMove, YearSavings, moves, savings_by_year


@dataclass(frozen=True)
class Price:
    """What the milestone on `on` would do to the forecast, against its date today; pence by year.

    `unshared` is what it would do to savings less costs that cannot be shared yet. `savings` are
    the areas' whole forecast savings of open years as they would then be.
    """

    on: date
    years: tuple[YearMove, ...]
    forces: int
    unshared: int = 0
    savings: tuple[YearSavings, ...] = ()

    @property
    def by_force(self) -> tuple[int, ...]:
        """Each force's net over all years; above zero it gains."""
        if not self.years:
            return (0,) * self.forces
        return tuple(sum(column) for column in zip(*(year.net for year in self.years), strict=True))

    @property
    def total(self) -> int:
        """All forces' net over all years."""
        return sum(self.by_force)

    def year(self, year: int) -> YearMove | None:
        """That year's move, if there is one."""
        return next((found for found in self.years if found.year == year), None)


@dataclass(frozen=True)
class DatePrice:
    """A milestone's new date priced, with one month earlier and one month later beside it."""

    milestone: Milestone
    forces: tuple[Force, ...]
    items: tuple[Item, ...]
    earlier: Price
    chosen: Price
    later: Price

    @property
    def depends(self) -> bool:
        """True if any item of the forecast starts from the milestone."""
        return bool(self.items)

    @property
    def years(self) -> list[int]:
        """Every financial year that any of the three dates moves."""
        return sorted(
            {year.year for price in (self.earlier, self.chosen, self.later) for year in price.years}
        )

    @property
    def rows(self) -> list[tuple[int, tuple[int, ...], int]]:
        """The chosen date by year: year, each force's net, all forces' net."""
        nothing = (0,) * len(self.forces)
        found = [(year, self.chosen.year(year)) for year in self.years]
        return [
            (year, move.net if move else nothing, move.total if move else 0) for year, move in found
        ]

    @property
    def beside(self) -> list[tuple[str, Price]]:
        """The three dates side by side, each against the date today."""
        return [
            ("One month earlier", self.earlier),
            ("The new date", self.chosen),
            ("One month later", self.later),
        ]


def price_date(milestone: Milestone, to: date) -> DatePrice:
    """Work the forecast out with the milestone on `to`, a month before and a month after, and compare.

    The same code derives and shares as when the date is saved, so what is shown is what will be
    stored; closed years do not move. Nine queries, whatever the dates. Nothing is saved.
    """
    items = tuple(
        item
        for item in Item.objects.filter(milestone=milestone)
        .exclude(area__stage=BusinessArea.Stage.WITHDRAWN)  # has no forecast to move
        .select_related("alliance")
        if item.derives_forecast
    )
    inputs = read_sharing_inputs(milestone.alliance_id)
    asked = (add_months(to, -1), to, add_months(to, 1))
    count = len(inputs.forces)
    prices = [Price(on, (), count) for on in asked]
    if items:
        now, *then = _worked(inputs, milestone, items, (milestone.expected_on, *asked))
        prices = [
            Price(
                on,
                moves(inputs.order, now, one),
                count,
                unshared(one) - unshared(now),
                savings_by_year(inputs.order, one),
            )
            for on, one in zip(asked, then, strict=True)
        ]
    earlier, chosen, later = prices
    return DatePrice(
        milestone=milestone,
        forces=inputs.forces,
        items=items,
        earlier=earlier,
        chosen=chosen,
        later=later,
    )


def _worked(
    inputs: SharingInputs,
    milestone: Milestone,
    items: Sequence[Item],
    days: Sequence[date | None],
) -> list[Worked]:
    """The areas' forecast worked out with the milestone on each of the days. Two queries."""
    stored = read_stored(milestone, items)
    lines = lines_unsorted(stored.units)
    lines = lines[lines["version"] == FORECAST]
    others = lines[~np.isin(lines["amount"], stored.derived)]
    made: list[npt.NDArray[np.void]] = []
    first = -1
    for on in days:
        made.append(made_lines(others.dtype, items, on, stored, first))
        first -= len(made[-1])
    every = in_natural_order(np.concatenate([others, *made]), stored.by_code)
    stays = every["amount"] >= 0
    return [
        work_out(inputs, every[stays | np.isin(every["amount"], some["amount"])]) for some in made
    ]
