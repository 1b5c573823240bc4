"""An area's money in brief: what each force bears and saves in one financial year."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Force
from savings.selectors.totals import SHARES_OF_POOL, Totals


@dataclass(frozen=True)
class ForceMoney:
    """One force's part of the year's forecast, in pence; None where it has none."""

    force: Force
    costs: int | None
    savings: int | None


@dataclass(frozen=True)
class AreaMoney:
    """The year's forecast by force, and together."""

    year: int
    forces: tuple[ForceMoney, ...]

    @property
    def costs(self) -> int | None:
        """All forces' costs, net of grants; None if none has any."""
        return _together(each.costs for each in self.forces)

    @property
    def savings(self) -> int | None:
        """All forces' savings; None if none has any."""
        return _together(each.savings for each in self.forces)


def _together(parts: Iterable[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


_MONEY = f"""
    SELECT 'POOL', p.year, p.kind, p.version, NULL::bigint,
           sum(p.total_pence) FILTER (WHERE p.area_id = %(area)s)::bigint
      FROM savings_pool p
     WHERE p.alliance_id = %(alliance)s
     GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'SHARE', p.year, p.kind, p.version, s.force_id, sum(s.pence)::bigint
      FROM savings_pool p CROSS JOIN LATERAL {SHARES_OF_POOL} AS s
     WHERE p.area_id = %(area)s AND p.year = %(year)s AND p.version = 'FORECAST'
     GROUP BY 2, 3, 4, 5
"""  # noqa: S608


def money_in_brief(
    area: BusinessArea, forces: tuple[Force, ...], year: int
) -> tuple[AreaMoney, Totals]:
    """The shares on record of the year's forecast, of each of `forces` in their order. One query.

    With them the area's pence of every year, kind and version; years in which only other areas
    have money stand under area nought, because a status is of the year that the programme is in.
    """
    found: dict[tuple[int, str], int] = {}
    totals: dict[tuple[int, int, str, str], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, {"area": area.pk, "alliance": area.alliance_id, "year": year})
        for row, of_year, kind, version, force_id, pence in cursor.fetchall():
            if row == "SHARE":
                found[force_id, kind] = pence
            else:
                totals[0 if pence is None else area.pk, of_year, kind, version] = pence or 0
    lines = (
        ForceMoney(force, found.get((force.pk, "COST")), found.get((force.pk, "SAVING")))
        for force in forces
    )
    shown = tuple(each for each in lines if each.costs is not None or each.savings is not None)
    return AreaMoney(year, shown), totals
