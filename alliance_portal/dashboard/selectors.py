"""The dashboard as one frozen answer: what the page says, worked out from one moment of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef

from alliance_portal.as_at.assess import AreaStatuses, Assessment, assess
from alliance_portal.as_at.budget import read_plans_of
from alliance_portal.as_at.facts import AreaFacts, Facts, read_facts
from alliance_portal.as_at.periods import Period
from alliance_portal.as_at.recorded import Recorded, read_recorded
from alliance_portal.as_at.sentence import Sentence, Target
from alliance_portal.dashboard.changes import Change, changes
from alliance_portal.dashboard.deciding import Deciding, deciding
from alliance_portal.go_live.readiness import readiness_of_areas
from business_areas.lateness import has_moved
from business_areas.models import Milestone
from business_areas.readiness import Readiness
from programmes.models import Alliance, Force, Membership
from savings.engine.periods import financial_year_of
from savings.selectors.not_shared import NotShared, told_once
from savings.selectors.outturn import Saved, outturn_of, read_saved
from savings.selectors.positions import ByForce, Money, Positions, positions, read_money
from savings.selectors.slippage import horizon_of, slipped
from savings.selectors.totals import Totals, savings_year, sum_of, unapproved, year_of

MOST_COMING = 6


@dataclass(frozen=True)
class Headline:
    """The figures of the page's first row, each with what it was at the start of the period."""

    live: int
    live_before: int
    people: Decimal
    people_before: Decimal
    in_scope: int | None
    budget: int | None
    live_budget: int | None
    live_budget_before: int | None

    @property
    def more_live(self) -> int:
        """Areas gone live in the period."""
        return self.live - self.live_before

    @property
    def people_shown(self) -> int:
        """To the whole person."""
        return _whole(self.people)

    @property
    def more_people(self) -> int:
        """People added in the period: the difference of the two figures as they are shown."""
        return _whole(self.people) - _whole(self.people_before)

    @property
    def activity(self) -> Decimal | None:
        """The share of the forces' budgets that is in scope, per cent."""
        return _percent(self.in_scope, self.budget)

    @property
    def live_activity(self) -> Decimal | None:
        """The share of the forces' budgets that is in live areas, per cent."""
        return _percent(self.live_budget, self.budget)

    @property
    def more_activity(self) -> Decimal:
        """Percentage points gone live in the period."""
        return (self.live_activity or Decimal(0)) - (
            _percent(self.live_budget_before, self.budget) or Decimal(0)
        )


@dataclass(frozen=True)
class Coming:
    """A go-live to come, with its timescales and how far the area is ready for it."""

    facts: AreaFacts
    milestone: Milestone
    statuses: AreaStatuses
    readiness: Readiness

    @property
    def approved_on(self) -> date | None:
        """The approved date, where the expected one differs."""
        approved = self.milestone.approved_on
        return approved if approved != self.milestone.expected_on else None


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    alliance: Alliance
    day: date
    period: Period
    sentence: Sentence
    headline: Headline
    assessment: Assessment
    changes: tuple[Change, ...]
    deciding: Deciding
    coming: tuple[Coming, ...]
    forces: tuple[Force, ...]
    positions: Positions
    members: int
    facts: Facts
    totals: Totals
    by_force: ByForce
    savings_moved: int
    saved: Sequence[Saved]
    recorded: Recorded

    @property
    def is_one_force(self) -> bool:
        """True if there is nobody left to share with."""
        return self.members == 1


def read_forces(alliance: Alliance, day: date) -> tuple[tuple[Force, ...], frozenset[int]]:
    """All forces in the agreed order, and the numbers of those that are members on `day`. One query."""
    stays = Membership.objects.filter(force=OuterRef("pk")).on(day)
    forces = tuple(
        Force.objects.filter(alliance=alliance).annotate(is_in=Exists(stays)).order_by("position")
    )
    return forces, frozenset(force.pk for force in forces if getattr(force, "is_in"))  # noqa: B009


def dashboard(alliance: Alliance, period: Period) -> Dashboard:
    """The alliance as at `period.day`, compared with `period.since`. At most eleven queries."""
    facts = read_facts([alliance])[alliance.pk]
    found_money = read_money(alliance.pk)
    totals, by_force = found_money.totals, found_money.by_force
    year = year_of(totals, facts.day)
    saving_year = savings_year(totals, facts.day, alliance.target_on)
    saved = read_saved(alliance.pk)
    forces, members = read_forces(alliance, facts.day)
    recorded = read_recorded(facts, period)
    go_lives = [each.go_live for each in facts.counted if each.go_live]
    moved = [each for each in go_lives if has_moved(each)]
    until = horizon_of((of_year for _, of_year, _, _ in totals), alliance.target_on)
    assessment = assess(facts, read_plans_of(alliance.pk, totals, year), year)
    found = changes(facts, period, recorded, assessment)
    return Dashboard(
        alliance=alliance,
        day=facts.day,
        period=period,
        sentence=Sentence(
            live=len(facts.live),
            areas=len(facts.counted),
            savings=outturn_of(saved.amounts, saving_year, facts.day),
            unapproved=unapproved(totals, saving_year),
            slipped=slipped(moved, saved.started, saving_year, until),
            target=_target(totals, alliance.target_on),
        ),
        headline=_headline(facts, period),
        assessment=assessment,
        changes=tuple(found),
        deciding=deciding(facts, _why_withheld(facts, found_money), assessment),
        coming=_coming(facts, assessment),
        forces=forces,
        positions=positions(by_force, forces=forces, members=members, year=year),
        members=len(members),
        facts=facts,
        totals=totals,
        by_force=by_force,
        savings_moved=recorded.savings_moved(saving_year),
        saved=saved.amounts,
        recorded=recorded,
    )


def _why_withheld(facts: Facts, money: Money) -> tuple[NotShared, ...]:
    names = {each.area.pk: each.area.name for each in facts.areas}
    return told_once(
        ((names[area_id], sentence) for area_id, sentence in money.withheld),
        last_year=max((year for _, year, _, _ in money.totals), default=None),
    )


def _target(totals: Totals, target_on: date | None) -> Target | None:
    if target_on is None:
        return None
    year = financial_year_of(target_on)
    return Target(
        year,
        approved=sum_of(totals, year, "SAVING", "APPROVED"),
        forecast=sum_of(totals, year, "SAVING", "FORECAST"),
    )


def _headline(facts: Facts, period: Period) -> Headline:
    before = [each for each in facts.live if each.was_live(period.since)]
    return Headline(
        live=len(facts.live),
        live_before=len(before),
        people=sum((each.shared_people(facts.day) for each in facts.live), Decimal(0)),
        people_before=sum((each.shared_people(period.since) for each in before), Decimal(0)),
        in_scope=facts.alliance.in_scope_budget_pence,
        budget=facts.alliance.total_budget_pence,
        live_budget=_budgets(facts.live),
        live_budget_before=_budgets(before),
    )


def _budgets(areas: Sequence[AreaFacts]) -> int | None:
    """The areas' budgets in scope; None if any of them is not known."""
    found = [each.area.in_scope_budget_pence for each in areas]
    return None if None in found else sum(each or 0 for each in found)


def _coming(facts: Facts, assessment: Assessment) -> tuple[Coming, ...]:
    """The next go-lives, soonest first. One query, or none if there are none."""
    statuses = {each.area.pk: each for each in assessment.areas}
    dated = [each for each in facts.to_come if each.go_live and each.go_live.expected_on]
    soonest = dated[:MOST_COMING]
    if not soonest:
        return ()
    ready = readiness_of_areas(facts.alliance, facts.day, [each.area.code for each in soonest])
    return tuple(
        Coming(each, each.go_live, statuses[each.area.pk], ready[each.area.pk])
        for each in soonest
        if each.go_live is not None
    )


def _whole(people: Decimal) -> int:
    return int(people.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _percent(part: int | None, whole: int | None) -> Decimal | None:
    """To one decimal, so that the differences shown are those of the figures shown."""
    if part is None or not whole:
        return None
    exact = Fraction(part * 100, whole)
    return (Decimal(exact.numerator) / exact.denominator).quantize(
        Decimal("0.1"), rounding=ROUND_HALF_UP
    )
