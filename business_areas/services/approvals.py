"""A newly approved date: one person asks for it, another who may approve agrees or refuses.

Until then the approved date stands. The original baseline is never touched.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from business_areas.models import ApprovalRequest, Milestone
from business_areas.services.date_refusals import (
    DetailsNeeded,
    NotYourRequest,
    OwnRequest,
    ReachedSoApproved,
    RefusalReasonNeeded,
    RequestAnswered,
    RequestWaits,
    SameDate,
)
from business_areas.services.dates import (
    check_open,
    check_within,
    locked_milestone,
    save_milestone,
    was_updated,
)
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit

AGREED = "Approved on request"
State = ApprovalRequest.State


def _why_approved(given: Mapping[str, Any]) -> tuple[str, str]:
    asked: ApprovalRequest = given["request"]
    return AGREED, f"Asked for by {asked.asked_by}: {asked.reason}"


@recorded(Change.Kind.APPROVAL, of="milestone")
@transaction.atomic
def ask_for_approval(
    *,
    milestone: Milestone,
    to: date,
    reason: str,
    by: User,
    day: date,
    priced: str = "",
    seen_revision: int | None = None,
) -> ApprovalRequest:
    """Ask that the milestone's approved date becomes `to`; it stands as it is until somebody agrees.

    `priced` is the digest of what the person was shown. Sent twice it is asked once. Raises StaleEdit
    if `seen_revision` is not the current one, DetailsNeeded without a reason, or what
    `check_new_approved_date` raises.
    """
    current = locked_milestone(milestone)
    waiting = waiting_for(current)
    if waiting and (waiting.to_on, waiting.reason, waiting.asked_by_id) == (
        to,
        reason.strip(),
        by.pk,
    ):
        return waiting
    if seen_revision not in (None, current.revision):
        raise StaleEdit(current)
    check_new_approved_date(milestone=current, to=to)
    if not reason.strip():
        raise DetailsNeeded
    if waiting:
        raise RequestWaits(waiting)
    request = ApprovalRequest(
        alliance=current.alliance,
        area=current.area,
        milestone=current,
        from_on=current.approved_on,
        to_on=to,
        expected_on=current.expected_on,
        priced=priced,
        reason=reason.strip(),
        asked_on=day,
        asked_by=by,
    )
    request.full_clean()
    request.save()
    was_updated(current, day)
    return request


def check_new_approved_date(*, milestone: Milestone, to: date) -> None:
    """Refuse an approved date that cannot be.

    Raises AreaWithdrawn, ReachedSoApproved, BeforeTheAlliance, TooFarAhead or SameDate.
    """
    check_can_be_approved(milestone=milestone)
    check_within(milestone, to)
    if milestone.approved_on == to:
        raise SameDate("approved", to)


def check_can_be_approved(*, milestone: Milestone) -> None:
    """Refuse a milestone that gets no new approved date. Raises AreaWithdrawn, ReachedSoApproved."""
    check_open(milestone)
    if milestone.actual_on:
        raise ReachedSoApproved(milestone)


@recorded(Change.Kind.APPROVED_DATE, of="milestone", why=_why_approved)
@transaction.atomic
def agree_to_approval(
    *, milestone: Milestone, request: ApprovalRequest, by: User, day: date, seen_revision: int
) -> Milestone:
    """Put the date that was asked for on record as the approved one; the original stays.

    Agreed to twice by one person it is agreed to once. Raises OwnRequest, RequestAnswered, StaleEdit
    if the milestone is no longer as it was shown, or what `check_new_approved_date` raises.
    """
    current = locked_milestone(milestone)
    asked = _held(request)
    if asked.asked_by_id == by.pk:
        raise OwnRequest
    if asked.state == State.AGREED and asked.answered_by_id == by.pk:
        return current
    _check_waiting(asked)
    if seen_revision != current.revision:
        raise StaleEdit(current)
    check_new_approved_date(milestone=current, to=asked.to_on)
    current.approved_on = asked.to_on
    save_milestone(milestone=current, reason=AGREED, by=by, approves=True)
    _answer(asked, State.AGREED, "", by)
    was_updated(current, day)
    return current


@recorded(Change.Kind.APPROVAL, of="milestone")
@transaction.atomic
def refuse_approval(
    *, milestone: Milestone, request: ApprovalRequest, reason: str, by: User, day: date
) -> ApprovalRequest:
    """Say no, and why; the approved date stands. Refused twice by one person it is refused once.

    Raises OwnRequest, RequestAnswered, or RefusalReasonNeeded.
    """
    current = locked_milestone(milestone)
    asked = _held(request)
    if asked.asked_by_id == by.pk:
        raise OwnRequest
    if asked.state == State.REFUSED and asked.answered_by_id == by.pk:
        return asked
    _check_waiting(asked)
    if not reason.strip():
        raise RefusalReasonNeeded
    was_updated(current, day)
    return _answer(asked, State.REFUSED, reason.strip(), by)


@recorded(Change.Kind.APPROVAL, of="milestone")
@transaction.atomic
def withdraw_approval(
    *, milestone: Milestone, request: ApprovalRequest, by: User, day: date
) -> ApprovalRequest:
    """Take a request back; only who asked may. Withdrawn twice is withdrawn.

    Raises NotYourRequest or RequestAnswered.
    """
    current = locked_milestone(milestone)
    asked = _held(request)
    if asked.asked_by_id != by.pk:
        raise NotYourRequest(asked)
    if asked.state == State.WITHDRAWN:
        return asked
    _check_waiting(asked)
    was_updated(current, day)
    return _answer(asked, State.WITHDRAWN, "", by)


def waiting_for(milestone: Milestone) -> ApprovalRequest | None:
    """The request that waits for an answer, with who asked. One query."""
    return (
        milestone.approval_requests.select_related("asked_by").filter(state=State.WAITING).first()
    )


def _held(request: ApprovalRequest) -> ApprovalRequest:
    """The request as it stands, held until the transaction ends."""
    return (
        ApprovalRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("asked_by", "answered_by", "alliance", "area", "milestone")
        .get(pk=request.pk)
    )


def _check_waiting(asked: ApprovalRequest) -> None:
    if not asked.is_waiting:
        raise RequestAnswered(asked)


def _answer(asked: ApprovalRequest, state: str, answer: str, by: User) -> ApprovalRequest:
    asked.state, asked.answer = state, answer
    asked.answered_by, asked.answered_at = by, timezone.now()
    asked.full_clean()
    asked.save()
    return asked
