"""What the alliance means for one force, as one frozen answer: worked out from one moment of the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from alliance_portal.as_at.assess import AreaStatuses, assess
from alliance_portal.as_at.budget import Plan, read_plans_of
from alliance_portal.as_at.facts import AreaFacts, Facts, read_facts
from alliance_portal.as_at.periods import Period
from alliance_portal.as_at.recorded import Recorded, read_recorded
from alliance_portal.dashboard.deciding import Asked, asked_for
from alliance_portal.dashboard.selectors import read_forces
from business_areas.models import Milestone
from programmes.changes.record import in_short
from programmes.models import Alliance, Change, Force
from savings.engine.periods import year_label, year_slug
from savings.models import ClosingRequest, Settlement, SettlementAnswer
from savings.pages.settlement.acts import name_of
from savings.selectors.positions import Position, Positions, positions, read_money
from savings.selectors.totals import year_of

MOST_MOVED = 20


@dataclass(frozen=True)
class ForceYear:
    """The force's position in one year's forecast, beside what all forces have."""

    own: Position
    all: Positions

    @property
    def year(self) -> int:
        """The financial year."""
        return self.all.year

    @property
    def part(self) -> Decimal | None:
        """Which part of the costs shared is due from it, per cent; None where none is shared."""
        shared = self.all.cost - self.all.cost_unshared
        return Decimal(100) * (self.own.cost_due or 0) / shared if shared else None


@dataclass(frozen=True)
class MoneyMoved:
    """A change on record, in a few words, and what the force is better off by in the forecast (pence)."""

    change: Change
    what: str
    pence: int


@dataclass(frozen=True)
class Signature:
    """What waits for the force's own word, why, since when, and where it is given."""

    what: str
    why: str
    since: date
    url: str


@dataclass(frozen=True)
class Led:
    """An area that the force leads, with its statuses."""

    facts: AreaFacts
    statuses: AreaStatuses

    @property
    def go_live(self) -> Milestone | None:
        """The area's go-live, if it has one."""
        return self.facts.go_live


@dataclass(frozen=True)
class People:
    """The force's people, in full-time equivalents: of all areas at first, and in shared teams now."""

    baseline: Decimal
    shared: Decimal


@dataclass(frozen=True)
class ForceFigures:
    """Everything on the page. `current` is the year that the alliance's pages speak of."""

    force: Force
    forces: tuple[Force, ...]
    is_member: bool
    day: date
    period: Period
    current: ForceYear | None
    years: tuple[ForceYear, ...]
    people: People
    moved: tuple[MoneyMoved, ...]
    recorded: Recorded
    signatures: tuple[Signature, ...]
    asked: tuple[Asked, ...]
    led: tuple[Led, ...]
    areas: int

    @property
    def shown(self) -> tuple[MoneyMoved, ...]:
        """The newest changes, which have a row each."""
        return self.moved[:MOST_MOVED]

    @property
    def older(self) -> tuple[MoneyMoved, ...]:
        """The changes beyond those that have a row each."""
        return self.moved[MOST_MOVED:]

    @property
    def older_in_all(self) -> int:
        """What they come to, in pence."""
        return sum(each.pence for each in self.older)

    @property
    def moved_in_all(self) -> int:
        """What the changes of the period come to for the force, in pence."""
        return sum(each.pence for each in self.moved)

    @property
    def unnamed(self) -> tuple[ForceYear, ...]:
        """The years of which some cost or grant names no force, so that the nets do not cancel out."""
        return tuple(each for each in self.years if each.all.unnamed and each.own.net is not None)

    @property
    def counts_savings(self) -> bool:
        """Whether any year's savings say who banks them."""
        return any(each.all.counts_savings for each in self.years)


def force_figures(alliance: Alliance, code: str, period: Period) -> ForceFigures | None:
    """The force's figures as at `period.day`; None for a force that the alliance has not. Nine queries."""
    forces, members = read_forces(alliance, period.day)
    force = next((each for each in forces if each.code == code), None)
    if force is None:
        return None
    facts = read_facts([alliance])[alliance.pk]
    money = read_money(alliance.pk)
    recorded = read_recorded(facts, period)
    found = [
        positions(money.by_force, forces=forces, members=members, year=year)
        for year in sorted({year for year, _, _ in money.by_force})
    ]
    years = tuple(_years(force, found))
    current = year_of(money.totals, facts.day)
    return ForceFigures(
        force=force,
        forces=forces,
        is_member=force.pk in members,
        day=facts.day,
        period=period,
        current=next((each for each in years if each.year == current), None),
        years=years,
        people=_people(facts, force),
        moved=tuple(_moved(facts, recorded, force)),
        recorded=recorded,
        signatures=(*_settlements(alliance, force), *_closings(alliance, force)),
        asked=asked_for(facts),
        areas=len(facts.counted),
        led=tuple(_led(facts, force, read_plans_of(alliance.pk, money.totals, current), current)),
    )


def _led(facts: Facts, force: Force, plans: Mapping[int, Plan], year: int) -> Iterator[Led]:
    statuses = {each.area.pk: each for each in assess(facts, plans, year).areas}
    for each in facts.counted:
        if each.area.lead_force_id == force.pk:
            yield Led(each, statuses[each.area.pk])


def _years(force: Force, found: Sequence[Positions]) -> Iterator[ForceYear]:
    """The years in which the force has money."""
    for each in found:
        own = next((row for row in each.rows if row.force == force), None)
        if own and any((own.borne, own.cost_due, own.saving_due, own.banked)):
            yield ForceYear(own, each)


def _people(facts: Facts, force: Force) -> People:
    baseline = shared = Decimal(0)
    for each in facts.counted:
        for head in each.people_on(facts.day):
            if head.force_id == force.pk:
                baseline += head.baseline_fte or 0
                shared += (head.shared_fte or 0) if each.was_live(facts.day) else 0
    return People(baseline, shared)


def _moved(facts: Facts, recorded: Recorded, force: Force) -> Iterator[MoneyMoved]:
    """The changes that moved the force's forecast, newest first."""
    names = {each.area.pk: each.area.name for each in facts.areas}
    for change in reversed(recorded.changes):
        pence = sum(
            pence if kind == "SAVING" else -pence
            for _, _, kind, version, code, pence in change.effect
            if version == "FORECAST" and code == force.code
        )
        if pence:
            yield MoneyMoved(change, in_short(change, names.get(change.area_id or 0, "")), pence)


def _settlements(alliance: Alliance, force: Force) -> Iterator[Signature]:
    """The newest version of each year's settlement that it has a part in and not agreed to. One query."""
    agreed = SettlementAnswer.objects.filter(
        settlement=OuterRef("pk"), force=force, says=SettlementAnswer.Says.AGREES
    )
    has_part = Q(document__forces__contains=[{"code": force.code}])
    newest = (
        Settlement.objects.filter(alliance=alliance)
        .annotate(waits=ExpressionWrapper(has_part & ~Exists(agreed), BooleanField()))
        .order_by("-year", "-number")
        .distinct("year")
        .defer("document")
    )
    for each in newest:
        if each.waits:
            yield Signature(
                name_of(each),
                "Proposed; its finance officer has not agreed to it yet",
                localdate(each.proposed_at),
                reverse(
                    "money-settlement-version",
                    args=[alliance.code, year_slug(each.year), each.number],
                ),
            )


def _closings(alliance: Alliance, force: Force) -> Iterator[Signature]:
    """Years that another force asks to close. One query."""
    waiting = ClosingRequest.objects.filter(alliance=alliance, state=ClosingRequest.State.WAITING)
    for each in waiting.exclude(force=force).select_related("force").order_by("year"):
        yield Signature(
            f"Closing {year_label(each.year)}",
            f"Asked for by {each.force.name}; another force’s finance officer confirms or refuses it",
            localdate(each.asked_at),
            reverse("money-year", args=[alliance.code, year_slug(each.year)]),
        )
