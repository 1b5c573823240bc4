"""Where the dashboard's figures come from, area by area; the sums are the dashboard's own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alliance_portal.as_at.assess import Assessment, assess
from alliance_portal.as_at.budget import read_plans_of
from alliance_portal.as_at.facts import AreaFacts, Head, read_facts
from business_areas.models import BusinessArea
from programmes.models import Alliance
from savings.selectors.outturn import Outturn, outturn_of, read_saved
from savings.selectors.totals import read_totals, savings_year, year_of


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
class Sources:
    """Everything on the page."""

    live: tuple[LiveArea, ...]
    savings: Outturn
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
    return assess(facts, read_plans_of(alliance.pk, totals, year), year)


def read(alliance: Alliance) -> Sources:
    """The sources of the headline figures. Six queries."""
    facts = read_facts([alliance])[alliance.pk]
    totals = read_totals([alliance.pk]).get(alliance.pk, {})
    year = savings_year(totals, facts.day, alliance.target_on)
    return Sources(
        live=tuple(_live(each, facts.day) for each in facts.live),
        savings=outturn_of(read_saved(alliance.pk).amounts, year, facts.day),
        in_scope=alliance.in_scope_budget_pence,
        budget=alliance.total_budget_pence,
    )


def _live(each: AreaFacts, day: date) -> LiveArea:
    return LiveArea(each.area, each.live_on, each.people_on(day))
