"""Where the dashboard's figures come from, area by area; the sums are the dashboard's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alliance_portal.as_at.assess import Assessment, assess
from alliance_portal.as_at.budget import plans
from alliance_portal.as_at.facts import AreaFacts, Head, read_facts
from alliance_portal.dashboard.selectors import read_forces
from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.selectors.positions import borne_by_area
from savings.selectors.totals import read_totals, year_of


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
    totals = read_totals([alliance.pk]).get(alliance.pk, {})
    year = year_of(totals, facts.day)
    return assess(facts, plans(totals, year), year)


def read(alliance: Alliance) -> Sources:
    """The sources of the headline figures and of costs borne. Six queries."""
    facts = read_facts([alliance])[alliance.pk]
    totals = read_totals([alliance.pk]).get(alliance.pk, {})
    year = year_of(totals, facts.day)
    forces, _ = read_forces(alliance, facts.day)
    sums = borne_by_area(alliance.pk, year)
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


def _borne(
    area: BusinessArea, by_force: Mapping[int | None, int], forces: tuple[Force, ...]
) -> Borne:
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
