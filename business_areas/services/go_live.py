"""Writes of going live: what does not apply, the day itself, and its correction; money follows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, Milestone, MovedDate, NotApplicable
from business_areas.readiness import Readiness
from business_areas.selectors.moved import newest_move
from business_areas.services.areas import BEFORE_LIVE, locked, save_area
from business_areas.services.date_refusals import AreaWithdrawn, SameDate
from business_areas.services.dates import (
    check_within,
    locked_milestone,
    made_already,
    save_milestone,
    was_updated,
)
from business_areas.services.go_live_refusals import (
    AlreadyLive,
    AlreadyMarked,
    AreaOnHold,
    LiveInFuture,
    MarkedAgain,
    NoGoLive,
    NotLive,
    NotReady,
)
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit

Stage = BusinessArea.Stage
WENT_LIVE = "Went live"
CORRECTED = "The go-live date on record was wrong"
DID_NOT = "It did not go live"
_ACTUAL = MovedDate.Date.ACTUAL


def _why_live(given: Mapping[str, Any]) -> tuple[str, str]:
    waived = ", ".join(need.name for need in given["readiness"].waived)
    return WENT_LIVE, f"Marked as not applicable: {waived}." if waived else ""


def _why_corrected(given: Mapping[str, Any]) -> tuple[str, str]:
    return DID_NOT if given["to"] is None else CORRECTED, given["reason"]


@recorded(Change.Kind.READINESS, of="area")
@transaction.atomic
def mark_not_applicable(
    *, area: BusinessArea, item: str, reason: str, by: User, day: date
) -> NotApplicable:
    """Say that an item of the readiness list does not apply. Said twice with one reason, it is said once.

    Raises AlreadyMarked, AlreadyLive, AreaWithdrawn, or ValidationError without a reason.
    """
    current = locked(area)
    _check_not_live(current, _go_live_of(current))
    stored = current.not_applicable.select_related("said_by").filter(item=item).first()
    if stored is not None:
        if stored.reason != reason.strip():
            raise AlreadyMarked(stored)
        return stored
    mark = NotApplicable(
        alliance=current.alliance, area=current, item=item, reason=reason.strip(), said_by=by
    )
    mark.full_clean()
    mark.save()
    save_area(current, day)
    return mark


@recorded(Change.Kind.READINESS, of="area")
@transaction.atomic
def undo_not_applicable(*, area: BusinessArea, item: str, seen: int, by: User, day: date) -> None:
    """Take back that an item does not apply; the mark stays in the area's history.

    `seen` is the number of the mark that the page showed. Undone twice it is undone. Raises
    MarkedAgain, AlreadyLive or AreaWithdrawn.
    """
    current = locked(area)
    _check_not_live(current, _go_live_of(current))
    stored = current.not_applicable.filter(item=item).first()
    if stored is None:
        return
    if stored.pk != seen:
        raise MarkedAgain
    stored.delete()
    save_area(current, day)


@recorded(Change.Kind.GO_LIVE, of="area", why=_why_live)
@transaction.atomic
def take_live(
    *,
    area: BusinessArea,
    on: date,
    readiness: Readiness,
    by: User,
    day: date,
    seen_revision: int | None = None,
    seen_stage: str | None = None,
) -> Milestone:
    """Put on record that the area went live on `on`: its milestone is reached and its stage is live.

    People count from that date, and the forecast of money that starts from it follows. `readiness`
    is read in the same transaction; `seen_…` are the milestone's revision and the stage that the
    page showed. Sent twice by one person it is saved once. Raises AlreadyLive, StaleEdit (carrying
    the milestone), or what `check_take_live` raises.
    """
    current = locked(area)
    found = _go_live_of(current)
    if found is not None and _done_by(current, found, on, by):
        return found
    milestone = check_take_live(area=current, go_live=found, on=on, readiness=readiness, day=day)
    milestone = locked_milestone(milestone)
    if seen_revision not in (None, milestone.revision) or seen_stage not in (None, current.stage):
        raise StaleEdit(milestone)
    milestone.actual_on = on
    save_milestone(milestone=milestone, reason=WENT_LIVE, by=by)
    current.stage = Stage.LIVE
    save_area(current, day)
    return milestone


def check_take_live(
    *,
    area: BusinessArea,
    go_live: Milestone | None,
    on: date,
    readiness: Readiness,
    day: date,
) -> Milestone:
    """The milestone that going live on `on` would reach; refuses what cannot be.

    Raises AlreadyLive, AreaWithdrawn, NoGoLive, AreaOnHold, NotReady, LiveInFuture or
    BeforeTheAlliance.
    """
    _check_not_live(area, go_live)
    if go_live is None:
        raise NoGoLive(area)
    if area.on_hold_since:
        raise AreaOnHold(area)
    if readiness.missing:
        raise NotReady(readiness)
    _check_day(go_live, on, day)
    return go_live


@recorded(Change.Kind.CORRECTION, of="area", why=_why_corrected)
@transaction.atomic
def correct_go_live(
    *,
    area: BusinessArea,
    to: date | None,
    reason: str,
    by: User,
    day: date,
    seen_revision: int | None = None,
) -> Milestone:
    """Put the go-live of a live area on another date, or (None) say that it has not gone live.

    Then it is back at the stage that it had before. What was on record stays there, beside the
    correction and its reason; money follows. Sent twice it is saved once. Raises StaleEdit, or what
    `check_correction` raises, or ValidationError without a reason.
    """
    current = locked(area)
    go_live = _go_live_of(current)
    if go_live is None:
        raise NoGoLive(current)
    milestone = locked_milestone(go_live)
    why, details = (DID_NOT if to is None else CORRECTED), reason.strip()
    if seen_revision not in (None, milestone.revision):
        if not made_already(milestone, _ACTUAL, to, why, details, by):
            raise StaleEdit(milestone)
        return milestone
    check_correction(area=current, go_live=milestone, to=to, day=day)
    if not details:
        raise ValidationError({"reason": "Say why the go-live is corrected."})
    with pghistory.context(reason=details):
        milestone.actual_on = to
        save_milestone(milestone=milestone, reason=why, by=by)
        if to is None:
            current.stage = stage_before_live(current)
            save_area(current, day)
    was_updated(milestone, day)
    return milestone


def check_correction(
    *, area: BusinessArea, go_live: Milestone | None, to: date | None, day: date
) -> None:
    """Refuse a correction that cannot be.

    Raises NotLive, NoGoLive, SameDate, LiveInFuture or BeforeTheAlliance.
    """
    if area.stage != Stage.LIVE:
        raise NotLive(area)
    if go_live is None:
        raise NoGoLive(area)
    if to is None:
        return
    _check_day(go_live, to, day)
    if go_live.actual_on == to:
        raise SameDate("go-live", to)


def stage_before_live(area: BusinessArea) -> str:
    """The stage that a live area had before; implementation if that is not on record. One query."""
    events: Any = BusinessArea.pgh_event_model.objects  # type: ignore[attr-defined]
    before = (
        events.filter(pgh_obj=area.pk, stage__in=BEFORE_LIVE)
        .order_by("-pgh_id")
        .values_list("stage", flat=True)
        .first()
    )
    return str(before or Stage.IMPLEMENTATION)


def who_took_live(milestone: Milestone) -> MovedDate | None:
    """The newest move of the milestone's actual date, with who made it. One query."""
    return newest_move(milestone, _ACTUAL)


def _done_by(area: BusinessArea, milestone: Milestone, on: date, by: User) -> bool:
    """Whether this very person has taken the area live on this very day."""
    if area.stage != Stage.LIVE or milestone.actual_on != on:
        return False
    found = who_took_live(milestone)
    return found is not None and found.change.made_by_id == by.pk


def _go_live_of(area: BusinessArea) -> Milestone | None:
    return (
        area.milestones.select_related("alliance", "area")
        .filter(kind=Milestone.Kind.GO_LIVE)
        .first()
    )


def _check_not_live(area: BusinessArea, go_live: Milestone | None) -> None:
    if area.stage == Stage.WITHDRAWN:
        raise AreaWithdrawn(area)
    if area.stage not in BEFORE_LIVE:
        raise AlreadyLive(area, go_live, who_took_live(go_live) if go_live else None)


def _check_day(go_live: Milestone, on: date, day: date) -> None:
    if on > day:
        raise LiveInFuture(day)
    check_within(go_live, on)
