"""Writes of a milestone's actual date: reached, and corrected; money that starts from it follows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.services.date_refusals import (
    AreaWithdrawn,
    DetailsNeeded,
    SameDate,
)
from business_areas.services.dates import (
    check_within,
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
_ACTUAL = MovedDate.Date.ACTUAL


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


def _why_reached(given: Mapping[str, Any]) -> tuple[str, str]:
    return REACHED, given.get("details", "")


def _why_corrected(given: Mapping[str, Any]) -> tuple[str, str]:
    return CORRECTED if given["to"] else NOT_REACHED, given["details"]


@recorded(Change.Kind.REACHED, of="milestone", why=_why_reached)
@transaction.atomic
def reach_milestone(
    *,
    milestone: Milestone,
    on: date,
    by: User | None,
    day: date,
    details: str = "",
    seen_revision: int | None = None,
) -> Milestone:
    """Put on record that the milestone was reached on `on`, and have shares follow.

    Sent twice it is saved once. Raises StaleEdit if `seen_revision` is not the current one, or what
    `check_reached` raises.
    """
    current = locked_milestone(milestone)
    details = details.strip()
    if seen_revision is not None and seen_revision != current.revision:
        return _done_or_stale(current, on, REACHED, details, by)
    check_reached(milestone=current, on=on, day=day)
    return _save(current, on, REACHED, by, day)


def check_reached(*, milestone: Milestone, on: date, day: date) -> None:
    """Refuse an actual date that cannot be.

    Raises GoesLive, AreaWithdrawn, ReachedAlready, ReachedInFuture or BeforeTheAlliance.
    """
    _check_may(milestone)
    if milestone.actual_on:
        raise ReachedAlready(milestone)
    _check_day(milestone, on, day)


@recorded(Change.Kind.CORRECTION, of="milestone", why=_why_corrected)
@transaction.atomic
def correct_reached(
    *,
    milestone: Milestone,
    to: date | None,
    details: str,
    by: User | None,
    day: date,
    seen_revision: int | None = None,
) -> Milestone:
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
    return _save(current, to, reason, by, day)


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
) -> Milestone:
    if not made_already(milestone, _ACTUAL, to, reason, details, by):
        raise StaleEdit(milestone)
    return milestone


def _save(
    milestone: Milestone, to: date | None, reason: str, by: User | None, day: date
) -> Milestone:
    milestone.actual_on = to
    save_milestone(milestone=milestone, reason=reason, by=by)
    was_updated(milestone, day)
    return milestone
