"""A year's account of who bore, banked and is due what, read from amounts and stored shares."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.engine.periods import year_label
from savings.models import TrueUpLine
from savings.selectors.totals import SHARES_OF_POOL
from savings.settlement import Account, Line

_Lines = dict[tuple[int, bool], dict[int | None, int]]  # (area, is it savings): force: pence

# A whole year's amount is in by its last day, and a month's by its own.
_IN_BY = """
    (%(until)s::date IS NULL OR %(until)s::date >= CASE
        WHEN a.whole_year THEN make_date(a.year + 1, 3, 31)
        ELSE (a.starts_on + interval '1 month - 1 day')::date END)
"""

_HELD = f"""
    SELECT i.area_id, i.kind = 'SAVING', a.borne_by_id,
           sum(CASE i.kind WHEN 'GRANT' THEN -a.pence ELSE a.pence END)::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %(alliance)s AND i.alliance_id = %(alliance)s
       AND a.year = %(year)s AND a.version = %(version)s AND {_IN_BY}
     GROUP BY 1, 2, 3
"""  # noqa: S608

_DUE = f"""
    SELECT p.area_id, p.kind = 'SAVING', s.force_id,
           coalesce(sum(coalesce(s.pence, p.total_pence)), 0)::bigint
      FROM savings_pool p LEFT JOIN LATERAL {SHARES_OF_POOL} AS s ON p.ratio_id IS NOT NULL
     WHERE p.alliance_id = %(alliance)s AND p.year = %(year)s AND p.version = %(version)s
     GROUP BY 1, 2, 3
"""  # noqa: S608

# The same from the amounts' own shares, which add up to their pool's: for the part of a year. What has
# no shares is in a pool that is withheld, or waits to be worked out.
_DUE_UNTIL = f"""
    SELECT i.area_id, i.kind = 'SAVING', t.force_id,
           sum(CASE i.kind WHEN 'GRANT' THEN -1 ELSE 1 END * coalesce(cell.pence, a.pence))::bigint
      FROM savings_amount a
      JOIN savings_item i ON i.id = a.item_id
      LEFT JOIN savings_pool p
        ON p.area_id = i.area_id AND p.year = a.year AND p.version = a.version
       AND p.kind = CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END
       AND EXISTS (SELECT 1 FROM savings_amountshares s WHERE s.pool_id = p.id AND s.amount_id = a.id)
      LEFT JOIN savings_amountshares s ON s.pool_id = p.id AND s.amount_id = a.id
      LEFT JOIN LATERAL unnest(s.pence) WITH ORDINALITY AS cell (pence, place) ON true
      LEFT JOIN savings_ratiopart t ON t.ratio_id = p.ratio_id AND t.position = cell.place - 1
     WHERE a.alliance_id = %(alliance)s AND i.alliance_id = %(alliance)s
       AND a.year = %(year)s AND a.version = %(version)s AND {_IN_BY}
     GROUP BY 1, 2, 3
"""  # noqa: S608


@dataclass(frozen=True)
class Adjusted:
    """What adjustments of a closed year bring each force in this one, of an area's costs or savings.

    Above nought it is to receive, in pence; they add up to nought.
    """

    year: int
    area: BusinessArea
    is_saving: bool
    nets: Mapping[int, int]

    @property
    def what(self) -> str:
        """“adjustment of 2016/17 costs”."""
        return f"adjustment of {year_label(self.year)} {'savings' if self.is_saving else 'costs'}"


@dataclass(frozen=True)
class YearAccount:
    """A financial year's account of one version, up to the end of `until` (None: all of it).

    `forces` are the alliance's in the agreed order, `areas` those that have lines, in their order.
    """

    year: int
    version: str
    until: date | None
    forces: tuple[Force, ...]
    areas: tuple[BusinessArea, ...]
    account: Account
    adjusted: tuple[Adjusted, ...] = ()

    @property
    def lines_by_area(self) -> Mapping[int, Sequence[Line]]:
        """Each area's lines, costs first."""
        found: dict[int, list[Line]] = defaultdict(list)
        for line in self.account.lines:
            found[line.area].append(line)
        return found


def read_account(
    alliance: Alliance, year: int, version: str, *, until: date | None = None
) -> YearAccount:
    """The year's account, from stored shares. Five queries."""
    asked: dict[str, int | str | date | None] = {
        "alliance": alliance.pk,
        "year": year,
        "version": version,
        "until": until,
    }
    held, due = _read(_HELD, asked), _read(_DUE_UNTIL if until else _DUE, asked)
    forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))
    keys = held.keys() | due.keys()
    with_lines = {area for area, _ in keys}
    areas = tuple(
        area
        for area in BusinessArea.objects.filter(alliance=alliance).in_order()
        if area.pk in with_lines
    )
    lines = tuple(
        Line(area.pk, is_saving, held.get(key, {}), due.get(key, {}))
        for area in areas
        for is_saving in (False, True)
        if (key := (area.pk, is_saving)) in keys
    )
    adjusted = _adjusted(alliance, year, until) if version == "ACTUAL" else ()
    account = Account(tuple(force.pk for force in forces), lines, adjustments_of(adjusted))
    return YearAccount(year, version, until, forces, areas, account, adjusted)


def adjustments_of(adjusted: Iterable[Adjusted]) -> dict[int, int]:
    """What all of them together bring each force."""
    found: Counter[int] = Counter()
    for each in adjusted:
        found.update(each.nets)
    return {force: pence for force, pence in found.items() if pence}


def _adjusted(alliance: Alliance, year: int, until: date | None) -> tuple[Adjusted, ...]:
    """What adjustments of closed years bring in this one; nothing of what was undone. One query."""
    lines = TrueUpLine.objects.filter(alliance=alliance, true_up__posted_in_year=year)
    if until:
        lines = lines.filter(true_up__posted_on__lte=until)
    names = ("true_up__year", "area", "area__code", "area__name", "kind", "force", "pence")
    sums: dict[tuple[int, str, int, str, str], Counter[int]] = defaultdict(Counter)
    for of_year, area, code, name, kind, force, pence in lines.order_by().values_list(*names):
        sums[of_year, name, area, code, kind][force] += pence if kind == "SAVING" else -pence
    return tuple(
        Adjusted(
            of_year,
            BusinessArea(pk=area, alliance_id=alliance.pk, code=code, name=name),
            kind == "SAVING",
            nets,
        )
        for (of_year, name, area, code, kind), found in sorted(sums.items())
        if (nets := {force: pence for force, pence in found.items() if pence})
    )


def _read(sql: str, asked: Mapping[str, int | str | date | None]) -> _Lines:
    found: _Lines = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        for area, is_saving, force, pence in cursor.fetchall():
            found[area, is_saving][force] = int(pence)
    return dict(found)
