"""Milestones by month: what is due in a range of months, and what was due in it and has moved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from business_areas.lateness import slippage_of
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.selectors.moved import moved_dates
from programmes.models import Alliance
from programmes.words import days_apart, month
from savings.engine.periods import add_months

_NEAR_YEARS = 10


@dataclass(frozen=True)
class Months:
    """Whole months from the one that begins on `first` to the one that begins on `last`."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The first day after the range."""
        return add_months(self.last, 1)

    def holds(self, on: date | None) -> bool:
        """Whether the day lies in the range."""
        return on is not None and self.first <= on < self.end

    @property
    def words(self) -> str:
        """“March 2018”, or “March 2018 to May 2018”."""
        if self.first == self.last:
            return month(self.first)
        return f"{month(self.first)} to {month(self.last)}"

    @property
    def spoken(self) -> str:
        """“in March 2018”, or “from March 2018 to May 2018”."""
        return f"{'in' if self.first == self.last else 'from'} {self.words}"

    def moved(self, by: int) -> "Months":
        """The range as many months on as it is long, or back."""
        length = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return Months(add_months(self.first, by * length), add_months(self.last, by * length))

    @property
    def query(self) -> str:
        """As an address says it."""
        return f"first={self.first:%Y-%m}&last={self.last:%Y-%m}"


@dataclass(frozen=True)
class Due:
    """A milestone that is, or was, due in the range.

    `was_on` is the day in the range that it was due on before it moved; `move` the latest move
    of its forecast, if one is on record.
    """

    milestone: Milestone
    day: date
    was_on: date | None = None
    move: MovedDate | None = None

    @property
    def state(self) -> str:
        """“Reached”, “Overdue”, “Provisional”, “Confirmed” or, without a forecast, “Approved”."""
        milestone = self.milestone
        if milestone.actual_on:
            return "Reached"
        if milestone.expected_on and milestone.expected_on < self.day:
            return "Overdue"
        if milestone.forecast_on is None:
            return "No forecast yet"
        return "Provisional" if milestone.is_provisional else "Confirmed"

    @property
    def moved(self) -> str:
        """How far it has moved from the day that it was due on."""
        now = self.milestone.expected_on
        return days_apart(self.was_on, now) if self.was_on and now else ""

    @property
    def slippage(self) -> str:
        """How far from the approved date, and that from the first; empty where nothing moved."""
        found = slippage_of(self.milestone)
        return found.words if found and found.is_moved else ""


@dataclass(frozen=True)
class ByMonth:
    """The two lists of a range of months; `span` are the months in which anything is or was due."""

    months: Months
    span: Months
    due: tuple[Due, ...]
    moved: tuple[Due, ...]


def by_month(alliance: Alliance, months: Months, day: date) -> ByMonth:
    """What is due in the months, and what was and has moved, by date. Two queries.

    Was due: by the original baseline, the approved date, or a forecast that was given up. Withdrawn
    areas are left out.
    """
    milestones = list(
        Milestone.objects.filter(alliance=alliance)
        .filter(Q(area__isnull=True) | ~Q(area__stage=BusinessArea.Stage.WITHDRAWN))
        .select_related("area")
    )
    moves: dict[int, list[MovedDate]] = defaultdict(list)
    of_alliance = moved_dates().filter(change__alliance=alliance)
    for move in of_alliance.exclude(which=MovedDate.Date.ACTUAL):
        moves[move.milestone_id].append(move)
    due, moved = [], []
    for milestone in milestones:
        mine = moves[milestone.pk]
        if months.holds(milestone.expected_on):
            due.append(Due(milestone, day))
        elif was_on := _was_due(milestone, mine, months):
            latest = next((move for move in mine if move.which == "FORECAST"), None)
            moved.append(Due(milestone, day, was_on, latest))
    return ByMonth(
        months=months,
        span=_span(milestones, day),
        due=tuple(sorted(due, key=lambda one: _order(one.milestone, one.milestone.expected_on))),
        moved=tuple(sorted(moved, key=lambda one: _order(one.milestone, one.was_on))),
    )


def _span(milestones: Iterable[Milestone], day: date) -> Months:
    """From the first month with a date to the last, ten years from today at most."""
    near = range(day.year - _NEAR_YEARS, day.year + _NEAR_YEARS + 1)
    dates = [
        on
        for milestone in milestones
        for on in (milestone.expected_on, milestone.approved_on, milestone.baseline_on)
        if on and on.year in near
    ]
    first, last = min([*dates, day]), max([*dates, day])
    return Months(first.replace(day=1), last.replace(day=1))


def _was_due(milestone: Milestone, moves: Iterable[MovedDate], months: Months) -> date | None:
    """The day in the range on which it was last due; None if it never was."""
    given_up = [move.from_on for move in moves]
    dates = (*given_up, milestone.approved_on, milestone.baseline_on)
    return next((on for on in dates if on is not None and months.holds(on)), None)


def _order(milestone: Milestone, on: date | None) -> tuple[date, str, str]:
    return (on or date.max, milestone.area.name if milestone.area else "", milestone.name)
