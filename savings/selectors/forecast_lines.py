"""A forecast's lines as they are stored, and as they would be with milestones on other days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db import connection

from business_areas.models import Milestone
from savings.apportioned import Worked
from savings.engine.periods import financial_year_of
from savings.forecasts import derived_amounts, horizon_after
from savings.inputs import EPOCH, Unit
from savings.models import Item

FORECAST = 1  # index into VERSIONS


def unshared(worked: Worked) -> int:
    """Savings less costs, in pence, of the pools that cannot be shared."""
    return sum(
        pool.total_pence if pool.key.kind == "SAVING" else -pool.total_pence
        for pool in worked.pools
        if pool.ratio is None
    )


@dataclass(frozen=True)
class StoredForecast:
    """What is stored of the areas' forecast: open units, the items' derived amounts, the horizon.

    `by_code` are the ids of all items of the areas in the order of their codes.
    """

    units: tuple[Unit, ...]
    derived: tuple[int, ...]
    closed: frozenset[int]
    by_code: tuple[int, ...]
    until: date


_STORED = """
    SELECT 'CLOSED', 0, year, ARRAY[]::bigint[]
      FROM savings_financialyear WHERE alliance_id = %(alliance)s AND closed_at IS NOT NULL
     UNION ALL
    SELECT 'TYPED', 0, max(year), ARRAY[]::bigint[]
      FROM savings_amount WHERE alliance_id = %(alliance)s AND NOT derived
     UNION ALL
    SELECT 'ITEMS', 0, 0, array_agg(id ORDER BY code COLLATE "C")
      FROM savings_item WHERE area_id = ANY(%(areas)s)
     UNION ALL
    SELECT 'UNIT', i.area_id, a.year,
           coalesce(array_agg(a.id) FILTER (WHERE a.derived AND i.id = ANY(%(items)s)), '{}')
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE i.area_id = ANY(%(areas)s) AND a.version = 'FORECAST'
     GROUP BY i.area_id, a.year
"""


def read_stored(milestone: Milestone, items: Sequence[Item]) -> StoredForecast:
    """What is stored of the forecast of the items' areas. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STORED,
            {
                "alliance": milestone.alliance_id,
                "items": [item.pk for item in items],
                "areas": sorted({item.area_id for item in items}),
            },
        )
        rows = cursor.fetchall()
    closed = frozenset(year for what, _, year, _ in rows if what == "CLOSED")
    typed = next((year for what, _, year, _ in rows if what == "TYPED"), None)
    units = [row for row in rows if row[0] == "UNIT" and row[2] not in closed]
    return StoredForecast(
        units=tuple(Unit(area, year) for _, area, year, _ in units),
        derived=tuple(pk for *_, found in units for pk in found),
        closed=closed,
        by_code=tuple(pk for what, *_, found in rows if what == "ITEMS" for pk in found),
        until=horizon_after(milestone.alliance, typed),
    )


def made_lines(
    dtype: "np.dtype[np.void]",
    items: Sequence[Item],
    from_on: date | None,
    stored: StoredForecast,
    first: int,
) -> npt.NDArray[np.void]:
    """What the items derive in open years from a start on `from_on`.

    Amounts that are not stored are numbered downwards from `first`; the numbers decide nothing.
    """
    derived = [
        (item, starts_on, pence)
        for item in items
        for starts_on, pence in derived_amounts(item, from_on, stored.until).items()
        if financial_year_of(starts_on) not in stored.closed
    ]
    made = np.zeros(len(derived), dtype=dtype)
    for at, (item, starts_on, pence) in enumerate(derived):
        line = made[at]
        line["amount"] = first - at
        line["item"], line["area"] = item.pk, item.area_id
        line["year"] = financial_year_of(starts_on)
        line["kind"] = int(item.kind == Item.Kind.SAVING)
        line["version"] = FORECAST
        line["day"] = (starts_on - EPOCH).days
        line["bearer"] = -1
        line["grant"] = int(item.kind == Item.Kind.GRANT)
        line["pence"] = -pence if item.kind == Item.Kind.GRANT else pence
    return made
