"""An item's amounts month by month, each version with who bore it; and what became of the item."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F

from programmes.changes.record import Entry, changes_of, entries
from programmes.models import Force
from savings.models import Amount, Item

LATEST = 50


@dataclass(frozen=True)
class MonthRow:
    """A period of an item with one bearer, or none: an amount of each version that has one."""

    starts_on: date
    whole_year: bool
    borne_by: Force | None
    amounts: Mapping[str, Amount]

    @property
    def cells(self) -> list[Amount | None]:
        """Plan, forecast and actual."""
        return [self.amounts.get(version) for version in Amount.Version]


@dataclass(frozen=True)
class ItemYear:
    """A financial year of an item: its rows, and what each version comes to."""

    year: int
    rows: tuple[MonthRow, ...]

    @property
    def sums(self) -> list[int | None]:
        """Plan, forecast and actual in pence; None where the version has no amount."""
        return [
            sum(amount.pence for amount in found) if found else None
            for version in Amount.Version
            for found in [[row.amounts[version] for row in self.rows if version in row.amounts]]
        ]


def item_months(item: Item) -> list[ItemYear]:
    """Every year of the item, ascending. One query."""
    found: dict[int, dict[tuple[date, bool, int], dict[str, Amount]]] = defaultdict(dict)
    amounts = Amount.objects.filter(item=item).select_related("borne_by")
    for amount in amounts.order_by(
        "-whole_year", "starts_on", F("borne_by__position").asc(nulls_first=True)
    ):
        place = (amount.starts_on, amount.whole_year, amount.borne_by_id or 0)
        found[amount.year].setdefault(place, {})[amount.version] = amount
    return [
        ItemYear(
            year,
            tuple(
                MonthRow(on, whole, next(iter(by_version.values())).borne_by, by_version)
                for (on, whole, _), by_version in found[year].items()
            ),
        )
        for year in sorted(found)
    ]


# The moments at which the item or an amount of it that somebody typed was written.
_MOMENTS = """
    SELECT pgh_created_at FROM savings_itemevent WHERE pgh_obj_id = %(item)s
     UNION
    SELECT pgh_created_at FROM savings_amountevent WHERE item_id = %(item)s AND NOT derived
     ORDER BY 1 DESC LIMIT %(latest)s
"""


def history_of(item: Item) -> list[Entry]:
    """What became of the item and its amounts, newest first, the latest of it. Four queries at most.

    A change is made at the moment at which its rows were written, so each is found by theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, {"item": item.pk, "latest": LATEST})
        moments = [moment for (moment,) in cursor.fetchall()]
    made = changes_of(item.alliance).filter(made_at__in=moments)
    return entries(item.alliance, made, item_id=item.pk)
