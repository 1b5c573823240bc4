"""Where the dashboard's figures come from, area by area; the sums are the dashboard's own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from alliance_portal.dashboard import money
from alliance_portal.dashboard.assess import Assessment, assess
from alliance_portal.dashboard.facts import AreaFacts, Head, read_facts
from alliance_portal.dashboard.selectors import read_forces
from business_areas.models import BusinessArea
from programmes.models import Alliance, Force

_BORNE = """
    SELECT i.area_id, a.borne_by_id,
           sum(CASE i.kind WHEN 'GRANT' THEN -a.pence ELSE a.pence END)::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %s AND a.year = %s AND a.version = 'FORECAST' AND i.kind <> 'SAVING'
     GROUP BY 1, 2
"""


@dataclass(frozen=True)
class LiveArea:
    """A live area: since when, its people in the shared team by force, its budget in scope."""

    area: BusinessArea
    since: date | None
    people: tuple[Head, ...]

    @property
    def fte(self) -> Decimal:
        """All forces' people in the shared team."""
        return sum((row.shared_fte or Decimal(0) for row in self.people), Decimal(0))

    @property
    def as_at(self) -> date | None:
        """The newest count of its people."""
        return max((row.as_at for row in self.people), default=None)


@dataclass(frozen=True)
class Borne:
    """An area's forecast costs of the year by the force that bears them, in the agreed order."""

    area: BusinessArea
    by_force: tuple[int | None, ...]
    unnamed: int | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(each or 0 for each in self.by_force) + (self.unnamed or 0)


@dataclass(frozen=True)
class Sources:
    """Everything on the page."""

    live: tuple[LiveArea, ...]
    forces: tuple[Force, ...]
    year: int
    borne: tuple[Borne, ...]
    total: Borne | None
    in_scope: int | None
    budget: int | None

    @property
    def fte(self) -> Decimal:
        """People in shared teams, all live areas."""
        return sum((each.fte for each in self.live), Decimal(0))

    @property
    def live_budget(self) -> int | None:
        """Budgets in scope of live areas; None if any is not known."""
        found = [each.area.in_scope_budget_pence for each in self.live]
        return None if None in found else sum(each or 0 for each in found)


def assessment(alliance: Alliance) -> Assessment:
    """Every status of the alliance as at its day. Four queries."""
    facts = read_facts([alliance])[alliance.pk]
    totals = money.read_totals([alliance.pk]).get(alliance.pk, {})
    year = money.year_of(totals, facts.day)
    return assess(facts, money.plans(totals, year), year)


def read(alliance: Alliance) -> Sources:
    """The sources of the headline figures and of costs borne. Six queries."""
    facts = read_facts([alliance])[alliance.pk]
    totals = money.read_totals([alliance.pk]).get(alliance.pk, {})
    year = money.year_of(totals, facts.day)
    forces, _ = read_forces(alliance, facts.day)
    sums: dict[int, dict[int | None, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_BORNE, [alliance.pk, year])
        for area_id, force_id, pence in cursor.fetchall():
            sums[area_id][force_id] = int(pence)
    borne = tuple(
        _borne(each.area, sums[each.area.pk], forces)
        for each in facts.areas
        if each.area.pk in sums
    )
    return Sources(
        live=tuple(_live(each, facts.day) for each in facts.live),
        forces=forces,
        year=year,
        borne=borne,
        total=_total(borne),
        in_scope=alliance.in_scope_budget_pence,
        budget=alliance.total_budget_pence,
    )


def _live(each: AreaFacts, day: date) -> LiveArea:
    return LiveArea(each.area, each.live_on, each.people_on(day))


def _borne(area: BusinessArea, by_force: dict[int | None, int], forces: tuple[Force, ...]) -> Borne:
    return Borne(area, tuple(by_force.get(force.pk) for force in forces), by_force.get(None))


def _total(borne: tuple[Borne, ...]) -> Borne | None:
    if not borne:
        return None
    columns = zip(*(each.by_force for each in borne), strict=True)
    return Borne(
        borne[0].area,
        tuple(sum(each or 0 for each in column) for column in columns),
        sum(each.unnamed or 0 for each in borne) or None,
    )
