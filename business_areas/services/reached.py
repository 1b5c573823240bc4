"""Writes of a milestone's actual date: reached, and corrected; money that starts from it follows."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, DateChange, Milestone
from business_areas.services.date_refusals import (
    AreaWithdrawn,
    DetailsNeeded,
    SameDate,
)
from business_areas.services.dates import (
    check_within,
    latest_change,
    locked_milestone,
    made_already,
    save_milestone,
    was_updated,
)
from programmes import words
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit

REACHED = "Reached"
CORRECTED = "The actual date on record was wrong"
NOT_REACHED = "It has not been reached"
_ACTUAL = DateChange.Date.ACTUAL


class ReachedInFuture(ValidationError):
    """Nothing has been reached tomorrow."""

    def __init__(self, day: date) -> None:
        super().__init__(f"The actual date must be today, {words.day(day)}, or earlier.")


class GoesLive(ValidationError):
    """An area's go-live is reached on its own page, which checks that the area is ready."""

    def __init__(self, milestone: Milestone) -> None:
        super().__init__(
            f"{milestone.area} goes live through its go-live page, which checks that it is ready."
        )


class ReachedAlready(ValidationError):
    """There is an actual date on record; it can be corrected."""

    def __init__(self, milestone: Milestone) -> None:
        assert milestone.actual_on
        super().__init__(
            f"{milestone.name} was reached on {words.day(milestone.actual_on)} already; "
            "correct that date instead."
        )


class NotReachedYet(ValidationError):
    """There is no actual date to correct."""

    def __init__(self, milestone: Milestone) -> None:
        super().__init__(f"{milestone.name} has no actual date to correct.")


@recorded(Change.Kind.REACHED, of="milestone")
@transaction.atomic
def reach_milestone(
    *,
    milestone: Milestone,
    on: date,
    by: User | None,
    day: date,
    details: str = "",
    seen_revision: int | None = None,
) -> DateChange:
    """Put on record that the milestone was reached on `on`, and have shares follow.

    Sent twice it is saved once. Raises StaleEdit if `seen_revision` is not the current one, or what
    `check_reached` raises.
    """
    current = locked_milestone(milestone)
    details = details.strip()
    if seen_revision is not None and seen_revision != current.revision:
        return _done_or_stale(current, on, REACHED, details, by)
    check_reached(milestone=current, on=on, day=day)
    return _save(current, on, REACHED, details, by, day)


def check_reached(*, milestone: Milestone, on: date, day: date) -> None:
    """Refuse an actual date that cannot be.

    Raises GoesLive, AreaWithdrawn, ReachedAlready, ReachedInFuture or BeforeTheAlliance.
    """
    _check_may(milestone)
    if milestone.actual_on:
        raise ReachedAlready(milestone)
    _check_day(milestone, on, day)


@recorded(Change.Kind.CORRECTION, of="milestone")
@transaction.atomic
def correct_reached(
    *,
    milestone: Milestone,
    to: date | None,
    details: str,
    by: User | None,
    day: date,
    seen_revision: int | None = None,
) -> DateChange:
    """Put another actual date on record or (None) none; the old one stays in the history, with why.

    Sent twice it is saved once. Raises StaleEdit, what `check_correction_of` raises, or
    DetailsNeeded.
    """
    current = locked_milestone(milestone)
    reason, details = (CORRECTED if to else NOT_REACHED), details.strip()
    if seen_revision is not None and seen_revision != current.revision:
        return _done_or_stale(current, to, reason, details, by)
    check_correction_of(milestone=current, to=to, day=day)
    if not details:
        raise DetailsNeeded
    return _save(current, to, reason, details, by, day)


def check_correction_of(*, milestone: Milestone, to: date | None, day: date) -> None:
    """Refuse a correction that cannot be.

    Raises GoesLive, AreaWithdrawn, NotReachedYet, ReachedInFuture, BeforeTheAlliance or SameDate.
    """
    _check_may(milestone)
    if milestone.actual_on is None:
        raise NotReachedYet(milestone)
    if to is None:
        return
    _check_day(milestone, to, day)
    if milestone.actual_on == to:
        raise SameDate("actual", to)


def is_an_areas_go_live(milestone: Milestone) -> bool:
    """Whether reaching it takes an area live."""
    return milestone.kind == Milestone.Kind.GO_LIVE and milestone.area_id is not None


def _check_may(milestone: Milestone) -> None:
    if is_an_areas_go_live(milestone):
        raise GoesLive(milestone)
    if milestone.area and milestone.area.stage == BusinessArea.Stage.WITHDRAWN:
        raise AreaWithdrawn(milestone.area)


def _check_day(milestone: Milestone, on: date, day: date) -> None:
    if on > day:
        raise ReachedInFuture(day)
    check_within(milestone, on)


def _done_or_stale(
    milestone: Milestone, to: date | None, reason: str, details: str, by: User | None
) -> DateChange:
    done = made_already(milestone, _ACTUAL, to, reason, details, by)
    if done is None:
        raise StaleEdit(milestone)
    return done


def _save(
    milestone: Milestone, to: date | None, reason: str, details: str, by: User | None, day: date
) -> DateChange:
    milestone.actual_on = to
    save_milestone(milestone=milestone, reason=reason, details=details, by=by)
    was_updated(milestone, day)
    return latest_change(milestone, _ACTUAL)
