"""Apportioned savings: area × force × financial year, with totals that tie."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.book import Book, Place, read
from savings.engine.periods import financial_year_of
from savings.outturn_shares import (
    ShareSum,
    outturn_stood,
    read_periods,
    replaced,
    versions_of,
)
from savings.selectors.behind import units_behind
from savings.selectors.not_shared import NotShared, told_once
from savings.selectors.outturn import OUTTURN, months_in, outturn_months
from savings.selectors.totals import SHARES_OF_POOL
from savings.standing import standing

# What the page calls a kind, and the sign with which each stored kind counts in it.
VIEWS: dict[str, dict[str, int]] = {
    "saving": {"SAVING": 1},
    "cost": {"COST": 1},
    "net": {"SAVING": 1, "COST": -1},
}


@dataclass(frozen=True)
class Line:
    """Pence by force in the agreed order, pence not yet shared, and their total.

    A force's pence are None where it shares nothing there.
    """

    by_force: tuple[int | None, ...]
    unshared: int
    total: int
    behind: bool

    @property
    def is_empty(self) -> bool:
        """True if no amount at all stands behind the line."""
        return not self.total and not self.unshared and not any(self.by_force)


@dataclass(frozen=True)
class AreaLine:
    """One business area's line of a year."""

    area: BusinessArea
    line: Line


@dataclass(frozen=True)
class YearLine:
    """All areas' line of a year."""

    year: int
    line: Line


@dataclass(frozen=True)
class Apportioned:
    """The page: every year's totals, and the chosen year by area; of an outturn which months are in."""

    forces: tuple[Force, ...]
    years: tuple[YearLine, ...]
    all_years: Line
    year: int
    areas: tuple[AreaLine, ...]
    total: Line
    has_unshared: bool
    reasons: tuple[NotShared, ...]
    asked: int | None
    behind: int
    months: str = ""

    @property
    def is_another_year(self) -> bool:
        """True if the year that was asked for has no figures, and the nearest is shown."""
        return self.asked is not None and self.asked != self.year

    @property
    def columns(self) -> int:
        """How many columns the tables have."""
        return len(self.forces) + (3 if self.has_unshared else 2)


_TOTALS = f"""
    SELECT p.area_id, p.year, p.kind, s.force_id,
           coalesce(sum(s.pence), 0)::bigint,
           coalesce(sum(p.total_pence) FILTER (WHERE p.ratio_id IS NULL), 0)::bigint,
           array_agg(DISTINCT p.withheld) FILTER (WHERE p.ratio_id IS NULL)
      FROM savings_pool p
      LEFT JOIN LATERAL {SHARES_OF_POOL} AS s ON true
     WHERE p.alliance_id = %s AND p.version = ANY(%s) AND p.kind = ANY(%s)
     GROUP BY 1, 2, 3, 4
"""  # noqa: S608


class _Sum:
    """Pence by force while they are added up."""

    def __init__(self) -> None:
        self.by_force: dict[int, int] = defaultdict(int)
        self.unshared = 0

    def line(self, forces: Sequence[Force], *, behind: bool) -> Line:
        return Line(
            by_force=tuple(self.by_force.get(force.pk) for force in forces),
            unshared=self.unshared,
            total=sum(self.by_force.values()) + self.unshared,
            behind=behind,
        )


def apportioned(
    *,
    alliance: Alliance,
    version: str,
    view: str,
    year: int | None,
    today: date,
    at: datetime | None = None,
) -> Apportioned:
    """The alliance's shares in one version ("FORECAST" …, OUTTURN) and view (a key of VIEWS).

    Four queries, and two more for the outturn. `year` None is the financial year of `today`, or the
    nearest year that has amounts. `at` is a past moment: then the figures are those that stood at
    it, and nothing is behind.
    """
    signs = VIEWS[view]
    areas = list(BusinessArea.objects.filter(alliance=alliance).in_order())
    if at is None:
        forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))
        waiting = units_behind(alliance)
        rows = _stored(alliance, version, list(signs), today)
    else:
        book = read(alliance.pk, as_at=at)
        forces, waiting = book.sharing.forces, frozenset()
        rows = (
            list(outturn_stood(alliance, book, at, list(signs)))
            if version == OUTTURN
            else _stood(book, version, list(signs))
        )
    cells: dict[tuple[int, int], _Sum] = defaultdict(_Sum)
    by_year: dict[int, _Sum] = defaultdict(_Sum)
    whole = _Sum()
    reasons: dict[int, set[tuple[str, str]]] = defaultdict(set)
    names = {area.pk: area.name for area in areas}
    for area_id, of_year, kind, force_id, pence, unshared, why in rows:
        reasons[of_year].update((names.get(area_id, ""), sentence) for sentence in why or ())
        for place in (cells[area_id, of_year], by_year[of_year], whole):
            place.unshared += signs[kind] * unshared
            if force_id is not None:
                place.by_force[force_id] += signs[kind] * pence
    chosen = _nearest(year if year is not None else financial_year_of(today), by_year)
    late_years = {unit.year for unit in waiting}
    return Apportioned(
        forces=forces,
        years=tuple(
            YearLine(of_year, by_year[of_year].line(forces, behind=of_year in late_years))
            for of_year in sorted(by_year)
        ),
        all_years=whole.line(forces, behind=bool(late_years)),
        year=chosen,
        areas=tuple(
            AreaLine(
                area,
                cells[area.pk, chosen].line(forces, behind=(area.pk, chosen) in waiting),
            )
            for area in areas
            if (area.pk, chosen) in cells
        ),
        total=by_year[chosen].line(forces, behind=chosen in late_years),
        has_unshared=bool(whole.unshared or any(cell.unshared for cell in cells.values())),
        reasons=told_once(reasons[chosen]),
        asked=year,
        behind=len(waiting),
        months=_months(alliance, chosen, list(signs), today) if version == OUTTURN else "",
    )


def _months(alliance: Alliance, year: int, kinds: list[str], day: date) -> str:
    """“9 months actual, 3 forecast”. One query."""
    return months_in(outturn_months(read_periods(alliance.pk, year, kinds), day)).said


def _stored(alliance: Alliance, version: str, kinds: list[str], day: date) -> list[ShareSum]:
    """What is stored now; of the outturn without the forecasts that actual amounts stand for."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [alliance.pk, versions_of(version), kinds])
        rows: list[ShareSum] = [ShareSum(*row) for row in cursor.fetchall()]
    if version == OUTTURN:
        rows += replaced(alliance.pk, kinds, day)
    return rows


def _stood(book: Book, version: str, kinds: list[str]) -> list[ShareSum]:
    """What stood at the moment of the book."""
    cells, places = standing(book, version)
    ids = book.sharing.force_ids
    why: dict[Place, list[str]] = defaultdict(list)
    for pool in book.worked.pools:
        if pool.ratio is None:
            why[pool.key.place].append(pool.key.withheld)
    rows: list[ShareSum] = [
        ShareSum(cell.area_id, cell.year, cell.kind, ids[cell.force], pence, 0, None)
        for cell, pence in cells.items()
        if cell.kind in kinds
    ]
    rows += [
        ShareSum(*place[:3], None, 0, pence, why[place])
        for place, pence in places.items()
        if place[2] in kinds
    ]
    return rows


def _nearest(year: int, years: dict[int, _Sum]) -> int:
    return min(years, key=lambda known: (abs(known - year), known), default=year)
