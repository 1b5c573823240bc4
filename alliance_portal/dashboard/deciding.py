"""What waits for somebody's decision: gates, withheld shares, statuses that end, holds, moved dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alliance_portal.as_at.assess import Assessment
from alliance_portal.as_at.facts import AreaFacts, Facts
from alliance_portal.dates.milestone import milestone_url, whole_name
from business_areas.lateness import slippage_of
from business_areas.models import BusinessArea, Milestone, Strand
from business_areas.statuses import Status
from programmes.models import Alliance, Gate
from savings.selectors.not_shared import NotShared

ENDING_DAYS = 14
_ENDED = (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN)


@dataclass(frozen=True)
class GateDue:
    """A gate that is not decided yet, as at `day`."""

    gate: Gate
    day: date

    @property
    def due_on(self) -> date | None:
        """When it is expected: the forecast, else the baseline."""
        return self.gate.forecast_on or self.gate.baseline_on

    @property
    def is_overdue(self) -> bool:
        """True once that day has passed."""
        return self.due_on is not None and self.due_on < self.day

    @property
    def days_overdue(self) -> int:
        """How long ago that was."""
        return (self.day - self.due_on).days if self.due_on and self.is_overdue else 0

    @property
    def days_late(self) -> int:
        """Days from the baseline to the forecast; negative if sooner, nought if either is unknown."""
        if self.gate.forecast_on is None or self.gate.baseline_on is None:
            return 0
        return (self.gate.forecast_on - self.gate.baseline_on).days

    @property
    def tests(self) -> str:
        """What is known of the three tests of viability: “Operational: viable; financial: …”."""
        names = ("operational", "financial", "political")
        known = [(name, getattr(self.gate, name)) for name in names]
        said = "; ".join(f"{name}: {word.lower()}" for name, word in known if word)
        return f"{said[:1].upper()}{said[1:]}"


@dataclass(frozen=True)
class Ending:
    """A status that a person set and that the data's own will soon replace; no area: the programme's."""

    area: BusinessArea | None
    strand: Strand
    status: Status
    until_on: date


@dataclass(frozen=True)
class Asked:
    """A new approved date that waits for an answer, with the page where it is given."""

    milestone: Milestone
    area: BusinessArea | None
    who: str
    asked_by_id: int
    to_on: date
    url: str

    @property
    def what(self) -> str:
        """“Go live, Finance”."""
        return whole_name(self.milestone)


@dataclass(frozen=True)
class Deciding:
    """Everything that waits for a decision.

    `asked` are approved dates that wait for an answer; `withheld` says why money is not shared yet;
    `moved` are the areas to go live on another date than the approved one, `unapproved` those
    without an approved date.
    """

    gates: tuple[GateDue, ...]
    asked: tuple[Asked, ...]
    withheld: tuple[NotShared, ...]
    ending: tuple[Ending, ...]
    held: tuple[BusinessArea, ...]
    moved: tuple[AreaFacts, ...]
    unapproved: tuple[AreaFacts, ...]

    @property
    def is_empty(self) -> bool:
        """True if nothing waits."""
        waiting = (self.gates, self.asked, self.withheld, self.ending, self.held)
        return not any((*waiting, self.moved, self.unapproved))


def deciding(facts: Facts, withheld: tuple[NotShared, ...], assessment: Assessment) -> Deciding:
    """What waits for a decision on the facts' day. One query, for the gates."""
    at_work = [each for each in facts.counted if each.area.stage not in _ENDED]
    held = [each.area for each in at_work if each.area.on_hold_since]
    return Deciding(
        gates=tuple(_gates(facts.alliance, facts.day)),
        asked=asked_for(facts),
        withheld=withheld,
        ending=tuple(sorted(_ending(facts.day, assessment), key=lambda each: each.until_on)),
        held=tuple(sorted(held, key=lambda area: area.on_hold_since or facts.day)),
        moved=tuple(each for each in facts.to_come if _is_moved(each.go_live)),
        unapproved=tuple(each for each in facts.to_come if _is_unapproved(each.go_live)),
    )


def asked_for(facts: Facts) -> tuple[Asked, ...]:
    """The approved dates that wait for an answer, by area; none of a withdrawn area. No query."""
    found: list[tuple[BusinessArea | None, Any]] = [
        *((each.area, milestone) for each in facts.counted for milestone in each.milestones),
        *((None, milestone) for milestone in facts.programme),
    ]
    return tuple(_asked(facts, area, one) for area, one in found if one.asked_id)


def _asked(facts: Facts, area: BusinessArea | None, milestone: Any) -> Asked:
    milestone.area = area
    url = milestone_url(milestone, "approval", code=facts.alliance.code, pk=milestone.asked_id)
    who, asked_by_id = milestone.asked_by_name, milestone.asked_by_id
    return Asked(milestone, area, who, asked_by_id, milestone.asked_to_on, url)


def _gates(alliance: Alliance, day: date) -> Iterable[GateDue]:
    """The next gate, and those after it whose day has passed."""
    undecided = Gate.objects.filter(alliance=alliance, decided_on__isnull=True).order_by("order")
    for place, gate in enumerate(undecided):
        found = GateDue(gate, day)
        if place == 0 or found.is_overdue:
            yield found


def _ending(day: date, assessment: Assessment) -> Iterable[Ending]:
    last = day + timedelta(days=ENDING_DAYS)
    shown: list[tuple[BusinessArea | None, Status]] = [
        *((None, status) for status in assessment.programme),
        *((each.area, status) for each in assessment.areas for status in each.statuses),
    ]
    for area, status in shown:
        if status.override and status.override.until_on <= last:
            yield Ending(area, status.strand, status, status.override.until_on)


def _is_moved(go_live: Milestone | None) -> bool:
    """Whether the go-live to come has a forecast that is not its approved date."""
    slippage = slippage_of(go_live) if go_live and not go_live.actual_on else None
    return slippage is not None and slippage.days != 0


def _is_unapproved(go_live: Milestone | None) -> bool:
    return go_live is not None and not go_live.actual_on and go_live.approved_on is None
