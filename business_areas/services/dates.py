"""Writes of milestones' dates, each with its reason; announced upwards, because money follows."""

from datetime import date

from django.db import transaction

from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.reasons import reasons_for
from business_areas.selectors.moved import newest_move
from business_areas.services.areas import spoken_of
from business_areas.services.date_refusals import (
    LATEST_YEAR,
    AlreadyReached,
    AreaWithdrawn,
    BaselineStays,
    BeforeTheAlliance,
    DetailsNeeded,
    NothingToConfirm,
    NotWithoutAgreement,
    ReachedSoApproved,
    ReasonDoesNotFit,
    ReasonNeeded,
    SameDate,
    TooFarAhead,
)
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit
from programmes.signals import shares_inputs_changed


@recorded(Change.Kind.MILESTONE, of="milestone")
@transaction.atomic
def save_milestone(
    *,
    milestone: Milestone,
    reason: str,
    by: User | None,
    details: str = "",
    approves: bool = False,
) -> Milestone:
    """Write a milestone; each date that moved is on record with its change, and so with why.

    Forecasts that start from the milestone follow its date. An approved date on record stays unless
    `approves`, as only an agreement to a request says. Raises ReasonNeeded if a date moved and
    `reason` is blank, BaselineStays, NotWithoutAgreement, ReachedSoApproved, or ValidationError.
    """
    before = (
        Milestone.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=milestone.pk)
        .first()
    )
    if before and _has_moved(before, milestone) and not reason.strip():
        raise ReasonNeeded
    if before and before.baseline_on and before.baseline_on != milestone.baseline_on:
        raise BaselineStays
    if before and not approves:
        _check_approved_date(before, milestone)
    milestone.full_clean()
    milestone.save()
    if before is None or before.expected_on != milestone.expected_on:
        areas = {milestone.area_id, before.area_id if before else milestone.area_id}
        shares_inputs_changed.send(
            sender=Milestone,
            alliance=milestone.alliance,
            area_ids=None if None in areas else areas,
            dates_changed=True,
            cause=f"{milestone.name} moved",
            by=by,
        )
    return milestone


@recorded(Change.Kind.FORECAST_DATE, of="milestone")
@transaction.atomic
def reschedule(
    *,
    milestone: Milestone,
    to: date,
    reason: str,
    details: str,
    by: User | None,
    day: date,
    seen_revision: int | None = None,
    is_provisional: bool | None = None,
) -> Milestone:
    """Move a milestone's forecast, keep the old one with who and why, and have shares follow.

    Sent twice by the same person it is saved once. `day` is
    the alliance's today; `is_provisional` None leaves that as it is. Raises StaleEdit (carrying the
    milestone as it is now) if `seen_revision` is not the current one, what `check_new_date` raises,
    ReasonDoesNotFit or DetailsNeeded.
    """
    current = locked_milestone(milestone)
    reason, details = reason.strip(), details.strip()
    if seen_revision is not None and seen_revision != current.revision:
        if not made_already(current, MovedDate.Date.FORECAST, to, reason, details, by):
            raise StaleEdit(current)
        return current
    check_new_date(milestone=current, to=to)
    if reason not in reasons_for(current.expected_on, to):
        raise ReasonDoesNotFit
    if not details:
        raise DetailsNeeded
    current.forecast_on = to
    if is_provisional is not None:
        current.is_provisional = is_provisional
    save_milestone(milestone=current, reason=reason, by=by)
    was_updated(current, day)
    return current


def check_new_date(*, milestone: Milestone, to: date) -> None:
    """Refuse a forecast that cannot be.

    Raises AreaWithdrawn, AlreadyReached, BeforeTheAlliance, TooFarAhead or SameDate.
    """
    check_can_move(milestone=milestone)
    check_within(milestone, to)
    if milestone.forecast_on == to:
        raise SameDate("forecast", to)


def check_can_move(*, milestone: Milestone) -> None:
    """Refuse a milestone whose forecast is settled. Raises AreaWithdrawn or AlreadyReached."""
    check_open(milestone)
    if milestone.actual_on:
        raise AlreadyReached(milestone)


@recorded(Change.Kind.FORECAST_DATE, of="milestone")
@transaction.atomic
def confirm_forecast(
    *, milestone: Milestone, by: User | None, day: date, seen_revision: int | None = None
) -> Milestone:
    """Make a provisional forecast a confirmed one; its date stays. Confirmed twice is confirmed.

    Raises StaleEdit if its date has moved since it was seen, AreaWithdrawn, AlreadyReached or
    NothingToConfirm.
    """
    current = locked_milestone(milestone)
    if not current.is_provisional and current.forecast_on:
        return current
    if seen_revision is not None and seen_revision != current.revision:
        raise StaleEdit(current)
    check_can_move(milestone=current)
    if current.forecast_on is None:
        raise NothingToConfirm
    current.is_provisional = False
    save_milestone(milestone=current, reason="", by=by)
    was_updated(current, day)
    return current


def began_on(milestone: Milestone) -> date | None:
    """The first day that the alliance's dates can be on; None if it is not known."""
    return milestone.alliance.began_on


def locked_milestone(milestone: Milestone) -> Milestone:
    """The milestone as it stands, held until the transaction ends; its area is held before it."""
    if milestone.area_id:
        BusinessArea.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=milestone.area_id
        ).first()
    return (
        Milestone.objects.select_for_update(of=("self",), no_key=True)
        .select_related("alliance", "area")
        .get(pk=milestone.pk)
    )


def check_open(milestone: Milestone) -> None:
    """Raise AreaWithdrawn for a milestone whose dates stay as they were."""
    if milestone.area and milestone.area.stage == BusinessArea.Stage.WITHDRAWN:
        raise AreaWithdrawn(milestone.area)


def check_within(milestone: Milestone, to: date) -> None:
    """Raise BeforeTheAlliance or TooFarAhead."""
    first = began_on(milestone)
    if first and to < first:
        raise BeforeTheAlliance(first)
    if to.year > LATEST_YEAR:
        raise TooFarAhead


def made_already(
    milestone: Milestone, which: str, to: date | None, reason: str, details: str, by: User | None
) -> bool:
    """Whether the newest change of that date is the very one that is asked for again. One query."""
    newest = newest_move(milestone, which)
    if newest is None:
        return False
    made = newest.change
    asked = (to, reason, details, by.pk if by else None)
    return (newest.to_on, made.reason, made.details, made.made_by_id) == asked


def was_updated(milestone: Milestone, day: date) -> None:
    """The milestone's area has had a word from a person; the programme's own has none."""
    spoken_of([milestone.area_id], day)


def _check_approved_date(before: Milestone, after: Milestone) -> None:
    """Raise NotWithoutAgreement or ReachedSoApproved where the approved date is overwritten."""
    if before.approved_on == after.approved_on:
        return
    if before.approved_on:
        raise NotWithoutAgreement(before)
    if before.actual_on:
        raise ReachedSoApproved(before)


def _has_moved(before: Milestone, after: Milestone) -> bool:
    """Whether any of its dates differs."""
    return any(
        getattr(before, which.column) != getattr(after, which.column) for which in MovedDate.Date
    )
