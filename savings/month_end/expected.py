"""Of which items an actual amount is expected in a month, and of which it is in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance
from savings.engine.periods import financial_year_of
from savings.models import Item
from savings.selectors.outturn import Saved, spread


class Stands(Enum):
    """How an item's month stands; the value is its word on the page."""

    IN = "In"
    NIL = "Nil return"
    MISSING = "Not in"


@dataclass(frozen=True)
class ItemMonth:
    """An item in a month, in pence; None where there is no amount of the kind."""

    item: Item
    month: date
    plan: int | None
    forecast: int | None
    actual: int | None

    @property
    def is_expected(self) -> bool:
        """Whether something is planned or forecast for it."""
        return bool(self.plan or self.forecast)

    @property
    def stands(self) -> Stands:
        """Whether its actual is in; one of nought is a nil return."""
        if self.actual is None:
            return Stands.MISSING
        return Stands.IN if self.actual else Stands.NIL


@dataclass(frozen=True)
class Counted:
    """How many items are expected, and how they stand; one that is in unexpectedly is expected too."""

    expected: int = 0
    given: int = 0
    nil: int = 0

    @property
    def missing(self) -> int:
        """How many are not in."""
        return self.expected - self.given - self.nil

    @classmethod
    def of(cls, rows: Iterable[ItemMonth]) -> "Counted":
        """The rows counted."""
        stand = Counter(row.stands for row in rows)
        return cls(stand.total(), stand[Stands.IN], stand[Stands.NIL])


# Each item's amounts of the year in each period; of a month and of the whole year, if one is asked for.
_AMOUNTS = """
    SELECT item_id, version, starts_on, whole_year, sum(pence)::bigint
      FROM savings_amount
     WHERE alliance_id = %(alliance)s AND year = %(year)s
       AND (%(month)s::date IS NULL OR whole_year OR starts_on = %(month)s::date)
     GROUP BY 1, 2, 3, 4, borne_by_id
"""


def expected_of(alliance: Alliance, month: date, day: date) -> list[ItemMonth]:
    """The items of which an actual of the month is expected or in, area by area. Two queries."""
    return _expected(alliance, financial_year_of(month), month, day)


def expected_of_year(alliance: Alliance, year: int, day: date) -> Mapping[date, list[ItemMonth]]:
    """The same of each month of a financial year. Two queries."""
    found: dict[date, list[ItemMonth]] = defaultdict(list)
    for row in _expected(alliance, year, None, day):
        found[row.month].append(row)
    return found


def _expected(alliance: Alliance, year: int, month: date | None, day: date) -> list[ItemMonth]:
    amounts = _read(alliance.pk, year, month, day)
    items = Item.objects.filter(alliance=alliance, pk__in=amounts)
    rows = [
        ItemMonth(item, of, known.get("APPROVED"), known.get("FORECAST"), known.get("ACTUAL"))
        for item in items.select_related("area__owner").order_by("area__name", "name", "code")
        for of, known in amounts[item.pk].items()
    ]
    return [row for row in rows if row.is_expected or row.actual is not None]


def _read(
    alliance_id: int, year: int, month: date | None, day: date
) -> dict[int, dict[date, dict[str, int]]]:
    """Pence by item, month and version; a whole year's amount in its months."""
    found: dict[int, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    asked: dict[str, Any] = {"alliance": alliance_id, "year": year, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(_AMOUNTS, asked)
        for item, version, starts_on, is_whole_year, pence in cursor:
            for of, part in spread(Saved(version, starts_on, is_whole_year, pence, item), day):
                if month in (None, of):
                    known = found[item][of]
                    known[version] = known.get(version, 0) + part
    return found


@dataclass(frozen=True)
class AreaMonth:
    """An area's items in a month, and who keeps it."""

    rows: Sequence[ItemMonth]

    @property
    def area(self) -> BusinessArea:
        """The area."""
        return self.rows[0].item.area

    @property
    def counted(self) -> Counted:
        """How many of them stand how."""
        return Counted.of(self.rows)


def by_area(rows: Iterable[ItemMonth]) -> list[AreaMonth]:
    """The rows of each area, in their order."""
    found: dict[int, list[ItemMonth]] = defaultdict(list)
    for row in rows:
        found[row.item.area_id].append(row)
    return [AreaMonth(of_area) for of_area in found.values()]
