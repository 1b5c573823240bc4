"""An alliance's money of every year by area, kind and version, and the years that pages speak of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from savings.engine.periods import financial_year_of

Totals = Mapping[tuple[int, int, str, str], int]  # (area, year, kind, version): pence
Costs = Mapping[tuple[int, str, str], int]  # (area, recurrence, version): pence, before grants

# The shares of pool `p`, found by their index pool by pool. Joined as a table, PostgreSQL may think it
# quicker to read every alliance's; OFFSET 0 keeps it from doing so.
SHARES_OF_POOL = "(SELECT force_id, pence FROM savings_poolshare WHERE pool_id = p.id OFFSET 0)"

_TOTALS = """
    SELECT alliance_id, area_id, year, kind, version, sum(total_pence)::bigint
      FROM savings_pool WHERE alliance_id = ANY(%s)
     GROUP BY 1, 2, 3, 4, 5
"""


_COSTS = """
    SELECT a.alliance_id, i.area_id, i.recurrence, a.version,
           sum(a.pence)::bigint
      FROM unnest(%s::bigint[], %s::int[]) AS asked (alliance_id, year)
      JOIN savings_amount a ON a.alliance_id = asked.alliance_id AND a.year = asked.year
      JOIN savings_item i ON i.id = a.item_id AND i.alliance_id = a.alliance_id
     WHERE a.version <> 'ACTUAL' AND i.kind = 'COST'
     GROUP BY 1, 2, 3, 4
"""


def read_totals(alliance_ids: Iterable[int]) -> Mapping[int, Totals]:
    """Every pool's pence by area, year, kind and version, for each alliance. One query."""
    found: dict[int, dict[tuple[int, int, str, str], int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [list(alliance_ids)])
        for alliance_id, area_id, year, kind, version, pence in cursor.fetchall():
            found[alliance_id][area_id, year, kind, version] = int(pence)
    return found


def read_costs(years: Mapping[int, int]) -> Mapping[int, Costs]:
    """Each alliance's costs of the year given for it, before grants; actual ones are left out. One query."""
    found: dict[int, dict[tuple[int, str, str], int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, [list(years), list(years.values())])
        for alliance_id, area_id, recurrence, version, pence in cursor.fetchall():
            found[alliance_id][area_id, recurrence, version] = int(pence)
    return found


def year_of(totals: Totals, day: date) -> int:
    """The financial year of `day`, or the nearest that has any money, the later of two."""
    now = financial_year_of(day)
    years = {year for _, year, _, _ in totals}
    return min(years, key=lambda year: (abs(year - now), year < now), default=now)


def savings_year(totals: Totals, day: date, target_on: date | None) -> int:
    """The financial year of `day` if it has savings; else the target's, or the last that has."""
    now = financial_year_of(day)
    years = {year for _, year, kind, version in totals if kind == "SAVING" and version != "ACTUAL"}
    if now in years or not years:
        return now
    target = financial_year_of(target_on) if target_on else max(years)
    return target if target in years else max(years)


def sum_of(totals: Totals, year: int, kind: str, version: str) -> int | None:
    """All areas' pence of a year, kind and version; None if there are none."""
    found = [
        pence
        for (_, of_year, of_kind, of_version), pence in totals.items()
        if (of_year, of_kind, of_version) == (year, kind, version)
    ]
    return sum(found) if found else None


def is_part_approved(unapproved: int, forecast: int | None) -> bool:
    """Whether too much of a forecast has no plan for the two to be compared: over a tenth."""
    return unapproved * 10 > (forecast or 0)


def unapproved(totals: Totals, year: int) -> int:
    """The year's forecast savings of areas that have none approved for it, in pence."""
    return sum(
        pence
        for (area_id, of_year, kind, version), pence in totals.items()
        if (of_year, kind, version) == (year, "SAVING", "FORECAST")
        and (area_id, year, "SAVING", "APPROVED") not in totals
    )
