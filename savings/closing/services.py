"""Writes of the closing of years: ask, confirm, refuse, withdraw. Each holds the alliance."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now

from programmes import words
from programmes.changes import PriceMoved, hold, recorded
from programmes.models import Alliance, Change, Force, User
from savings.closing.checklist import checklist
from savings.closing.facts import facts_of
from savings.engine.periods import year_label
from savings.models import ClosingRequest, FinancialYear
from savings.settling.services import OnRecordAlready

State = ClosingRequest.State

_FIGURES = """
    SELECT p.area_id, p.kind, p.version, p.withheld, p.total_pence, p.inputs_hash
      FROM savings_pool p
     WHERE p.alliance_id = %s AND p.year = %s
     ORDER BY 1, 2, 3, p.starts_on, p.inputs_hash
"""


class CannotBeClosed(ValidationError):
    """Something stands in the way; the message is its sentence."""


class AnotherForceAnswers(ValidationError):
    """The force that asked, or the person who did, would answer themselves."""


def figures_digest(alliance: Alliance, year: int) -> str:
    """The same text for the same figures of a year, of every version. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [alliance.pk, year])
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()[:16]


@recorded(Change.Kind.YEAR, of="alliance")
@transaction.atomic
def ask(
    *,
    alliance: Alliance,
    year: int,
    force: Force,
    note: str,
    by: User,
    day: date,
    seen: str,
) -> ClosingRequest:
    """Ask the other forces that the year be closed with the figures that the person was shown.

    Raises CannotBeClosed, OnRecordAlready if it is closed or asked for, PriceMoved if figures moved.
    """
    hold(alliance)
    _check_open(alliance, year)
    waiting = ClosingRequest.objects.filter(alliance=alliance, year=year, state=State.WAITING)
    if found := waiting.select_related("asked_by", "force").first():
        raise OnRecordAlready(
            f"{found.asked_by} asked for {found.force.name} already that {year_label(year)} be closed, "
            "and it waits for another force’s answer."
        )
    open_points = _check(alliance, year, day, seen)
    if open_points and not note.strip():
        raise CannotBeClosed({"note": "Say why the year is closed with what is left open"})
    request = ClosingRequest(
        alliance=alliance,
        year=year,
        force=force,
        note=note.strip(),
        open_points=open_points,
        asked_by=by,
    )
    request.full_clean()
    request.save()
    return request


@recorded(Change.Kind.YEAR, of="request")
@transaction.atomic
def confirm(
    *, request: ClosingRequest, force: Force, by: User, day: date, seen: str
) -> FinancialYear:
    """Close the year, for good. Raises CannotBeClosed, AnotherForceAnswers, OnRecordAlready, PriceMoved."""
    asked = _held(request)
    _check_another(asked, force, by)
    _check(asked.alliance, asked.year, day, seen)
    _answer(asked, State.CONFIRMED, force, by, "")
    year, _ = FinancialYear.objects.get_or_create(alliance=asked.alliance, year=asked.year)
    year.closed_at = Now()
    year.closed_by = by
    year.save()
    return year


@recorded(Change.Kind.YEAR, of="request")
@transaction.atomic
def refuse(*, request: ClosingRequest, force: Force, reason: str, by: User) -> None:
    """Another force does not agree. Raises AnotherForceAnswers, OnRecordAlready."""
    asked = _held(request)
    _check_another(asked, force, by)
    _answer(asked, State.REFUSED, force, by, reason)


@recorded(Change.Kind.YEAR, of="request")
@transaction.atomic
def withdraw(*, request: ClosingRequest, force: Force, reason: str, by: User) -> None:
    """The force that asked takes it back. Raises AnotherForceAnswers for another, OnRecordAlready."""
    asked = _held(request)
    if force.pk != asked.force_id:
        raise AnotherForceAnswers(f"{asked.force.name} asked, so it alone takes it back.")
    _answer(asked, State.WITHDRAWN, force, by, reason)


def _answer(asked: ClosingRequest, state: str, force: Force, by: User, answer: str) -> None:
    asked.state, asked.answer = state, answer.strip()
    asked.answered_for, asked.answered_by, asked.answered_at = force, by, Now()
    asked.clean_fields(exclude=["answered_at"])
    asked.save()


def _held(request: ClosingRequest) -> ClosingRequest:
    """The request as it stands, with the alliance held. Raises OnRecordAlready if it is answered."""
    hold(request.alliance)
    names = ("alliance", "force", "asked_by", "answered_by", "answered_for")
    found = ClosingRequest.objects.select_related(*names).get(pk=request.pk)
    if not found.is_waiting:
        raise OnRecordAlready(said_of(found))
    _check_open(found.alliance, found.year)
    return found


def said_of(found: ClosingRequest) -> str:
    """What became of a request that is answered, in a sentence."""
    label = year_label(found.year)
    what = {
        State.CONFIRMED: f"{label} is closed already: {found.answered_by} confirmed it",
        State.REFUSED: f"{found.answered_by} refused the closing of {label}",
        State.WITHDRAWN: f"{found.answered_by} took back the request to close {label}",
    }[State(found.state)]
    assert found.answered_at and found.answered_for
    on = words.moment(found.answered_at)
    why = f": {found.answer}" if found.answer else ""
    return f"{what} for {found.answered_for.name} at {on}{why}."


def _check_open(alliance: Alliance, year: int) -> None:
    closed = FinancialYear.objects.filter(alliance=alliance, year=year, closed_at__isnull=False)
    if found := closed.select_related("closed_by").first():
        assert found.closed_at
        raise OnRecordAlready(
            f"{year_label(year)} is closed already, since {words.moment(found.closed_at)}."
        )


def _check_another(asked: ClosingRequest, force: Force, by: User) -> None:
    if by == asked.asked_by or force.pk == asked.force_id:
        raise AnotherForceAnswers(
            f"{asked.asked_by} asked for {asked.force.name}, so another force’s finance officer answers."
        )


def _check(alliance: Alliance, year: int, day: date, seen: str) -> list[str]:
    """What is left open. Raises CannotBeClosed for what stops it, PriceMoved for other figures."""
    found = checklist(alliance, facts_of(alliance, year), day)
    if not found.settlement.areas:
        raise CannotBeClosed(f"No actual costs or savings are recorded for {year_label(year)}.")
    for point in found.stopping:
        raise CannotBeClosed(f"{year_label(year)} cannot be closed: {point.sentence}")
    if seen != figures_digest(alliance, year):
        raise PriceMoved(None)
    return [point.sentence for point in found.left_open]
