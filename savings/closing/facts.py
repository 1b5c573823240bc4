"""What is counted of a year before it is closed, and whether it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from programmes.models import Alliance

# Areas' months with a plan or forecast and no actual amount, where a whole year's amount counts for all
# of an area's months; what is not shared of plan and forecast; what waits; whether it is closed.
_FACTS = """
    WITH expected AS (
        SELECT DISTINCT i.area_id, a.starts_on FROM savings_amount a
          JOIN savings_item i ON i.id = a.item_id
         WHERE a.alliance_id = %(alliance)s AND a.year = %(year)s
           AND a.version <> 'ACTUAL' AND NOT a.whole_year
    ), come AS (
        SELECT DISTINCT i.area_id, a.starts_on, a.whole_year FROM savings_amount a
          JOIN savings_item i ON i.id = a.item_id
         WHERE a.alliance_id = %(alliance)s AND a.year = %(year)s AND a.version = 'ACTUAL'
    ), missing AS (
        SELECT area_id FROM expected e
         WHERE NOT EXISTS (SELECT 1 FROM come c WHERE c.area_id = e.area_id AND c.whole_year)
           AND NOT EXISTS (SELECT 1 FROM come c WHERE c.area_id = e.area_id
                            AND c.starts_on = e.starts_on)
    ), unshared AS (
        SELECT area_id, total_pence FROM savings_pool
         WHERE alliance_id = %(alliance)s AND year = %(year)s AND version <> 'ACTUAL' AND withheld <> ''
    )
    SELECT (SELECT count(*) FROM missing), (SELECT count(DISTINCT area_id) FROM missing),
           (SELECT coalesce(sum(abs(total_pence)), 0)::bigint FROM unshared),
           (SELECT count(DISTINCT area_id) FROM unshared),
           (SELECT count(DISTINCT area_id) FROM savings_recomputerequest
             WHERE alliance_id = %(alliance)s AND year = %(year)s),
           y.closed_at, coalesce(nullif(u.name, ''), u.email, ''),
           coalesce((SELECT tolerance_pence FROM savings_settlementway
                      WHERE alliance_id = %(alliance)s), 0)
      FROM (SELECT 1) AS one
      LEFT JOIN savings_financialyear y ON y.alliance_id = %(alliance)s AND y.year = %(year)s
      LEFT JOIN programmes_user u ON u.id = y.closed_by_id
"""


@dataclass(frozen=True)
class YearFacts:
    """A year's counts: areas' months without actuals and of how many areas; pence of plan and forecast
    that are not shared and of how many areas; areas that wait to be worked out. `closed_at` is None
    while it is open; `tolerance` is what the alliance leaves alone of a closed year, in pence."""

    year: int
    months_missing: int
    areas_missing: int
    unshared: int
    areas_unshared: int
    areas_behind: int
    closed_at: datetime | None
    closed_by: str
    tolerance: int


def facts_of(alliance: Alliance, year: int) -> YearFacts:
    """The year's facts as they stand now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"alliance": alliance.pk, "year": year})
        return YearFacts(year, *cursor.fetchone())
