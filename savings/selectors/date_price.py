"""A date that moves, priced by force and year before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db import connection

from business_areas.models import Milestone
from programmes.models import Force
from savings.apportioned import work_out
from savings.engine.periods import add_months, financial_year_of
from savings.forecasts import derived_amounts, horizon
from savings.inputs import EPOCH, Unit, in_natural_order, read_lines, read_sharing_inputs
from savings.models import Item
from savings.selectors.moves import YearMove, moves

_FORECAST = 1  # index into VERSIONS


@dataclass(frozen=True)
class Price:
    """What the milestone on `on` would do to the forecast, against its date today; pence by year."""

    on: date
    years: tuple[YearMove, ...]
    forces: int

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
    stored. Twelve queries, whatever the dates. Nothing is saved.
    """
    items = tuple(
        item
        for item in Item.objects.filter(milestone=milestone).select_related("alliance")
        if item.derives_forecast
    )
    forces = tuple(Force.objects.filter(alliance_id=milestone.alliance_id).order_by("position"))
    inputs = read_sharing_inputs(milestone.alliance_id)
    until = horizon(milestone.alliance)
    stored = _stored_lines(milestone, items)
    others = stored[~np.isin(stored["amount"], _derived_ids(items))]
    now = work_out(inputs, _with(others, items, milestone.expected_on, until))

    def price(on: date) -> Price:
        then = work_out(inputs, _with(others, items, on, until))
        return Price(on, moves(inputs.order, now, then), len(forces))

    return DatePrice(
        milestone=milestone,
        forces=forces,
        items=items,
        earlier=price(add_months(to, -1)),
        chosen=price(to),
        later=price(add_months(to, 1)),
    )


def _stored_lines(milestone: Milestone, items: Sequence[Item]) -> npt.NDArray[np.void]:
    """The forecast of the areas that the items are in, in years that are not closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT i.area_id, a.year FROM savings_amount a"
            " JOIN savings_item i ON i.id = a.item_id WHERE i.area_id = ANY(%s)",
            [sorted({item.area_id for item in items})],
        )
        units = [Unit(*row) for row in cursor.fetchall()]
    lines = read_lines(units)
    return lines[lines["version"] == _FORECAST]


def _derived_ids(items: Sequence[Item]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM savings_amount WHERE derived AND item_id = ANY(%s)",
            [[item.pk for item in items]],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _with(
    others: npt.NDArray[np.void], items: Sequence[Item], from_on: date | None, until: date
) -> npt.NDArray[np.void]:
    """`others` and what the items derive from a start on `from_on`, in natural order.

    Amounts that are not stored are numbered below zero; the numbers decide nothing.
    """
    derived = [
        (item, starts_on, pence)
        for item in items
        for starts_on, pence in derived_amounts(item, from_on, until).items()
    ]
    made = np.zeros(len(derived), dtype=others.dtype)
    for at, (item, starts_on, pence) in enumerate(derived):
        line = made[at]
        line["amount"] = -1 - at
        line["item"], line["area"] = item.pk, item.area_id
        line["year"] = financial_year_of(starts_on)
        line["kind"] = int(item.kind == Item.Kind.SAVING)
        line["version"] = _FORECAST
        line["day"] = (starts_on - EPOCH).days
        line["bearer"] = -1
        line["grant"] = int(item.kind == Item.Kind.GRANT)
        line["pence"] = -pence if item.kind == Item.Kind.GRANT else pence
    return in_natural_order(np.concatenate([others, made]))
