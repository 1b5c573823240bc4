"""Writes of adjustments: post what later evidence makes of a closed year, or the opposite of it."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes import words
from programmes.changes import PriceMoved, hold, recorded
from programmes.models import Alliance, Change, Force, User
from savings.engine.periods import financial_year_of, year_label
from savings.models import FinancialYear, TrueUp, TrueUpLine
from savings.settling.services import OnRecordAlready
from savings.true_up.later import Later, later


class CannotBePosted(ValidationError):
    """The year is open, or the one to post in is not, or what is left does not net to nought."""


def open_years_after(alliance: Alliance, year: int, day: date) -> list[int]:
    """The later years, up to that of `day`, in which an adjustment can be posted. One query."""
    closed = FinancialYear.objects.filter(alliance=alliance, closed_at__isnull=False)
    shut = set(closed.values_list("year", flat=True))
    last = max(financial_year_of(day), year + 1)
    return [each for each in range(year + 1, last + 1) if each not in shut]


@recorded(Change.Kind.YEAR, of="alliance")
@transaction.atomic
def post(
    *,
    alliance: Alliance,
    year: int,
    into: int,
    reason: str,
    by: User | None,
    day: date,
    seen: str,
) -> TrueUp:
    """Post in the open year `into` all that is left of what later evidence makes of the closed `year`.

    `seen` is the digest of what the person was shown. Raises CannotBePosted, OnRecordAlready if nothing
    is left, PriceMoved if it is something else now.
    """
    hold(alliance)
    closed = FinancialYear.objects.filter(alliance=alliance, year=year).first()
    if closed is None or closed.closed_at is None:
        raise CannotBePosted(f"{year_label(year)} is open, so it is corrected itself.")
    _check_open(alliance, year, into, day)
    found = later(alliance, year, closed.closed_at, tolerance=0)
    if not found.left:
        raise OnRecordAlready(nothing_left(alliance, year))
    if not found.nets_to_nought:
        raise CannotBePosted(
            f"Part of {year_label(year)} was closed before it was shared, so what came to light does "
            "not come from one force to another: it cannot be posted."
        )
    if seen != found.digest:
        raise PriceMoved(None)
    made = TrueUp(
        alliance=alliance,
        year=year,
        posted_in_year=into,
        posted_on=day,
        reason=reason.strip(),
        causes=[cause.said for cause in found.causes],
        posted_by=by,
    )
    return _write(made, _lines(made, found))


@recorded(Change.Kind.YEAR, of="true_up")
@transaction.atomic
def undo(*, true_up: TrueUp, into: int, reason: str, by: User | None, day: date) -> TrueUp:
    """Post the opposite of an adjustment. Raises CannotBePosted, OnRecordAlready if it is undone."""
    alliance = hold(true_up.alliance)
    if true_up.undoes_id:
        raise CannotBePosted(
            "The opposite of an adjustment is not undone: post the adjustment again."
        )
    if done := TrueUp.objects.filter(undoes=true_up).select_related("posted_by").first():
        raise OnRecordAlready(
            f"{done.posted_by or 'The portal'} posted the opposite on {words.day(done.posted_on)} already, "
            "so nothing more is posted."
        )
    _check_open(alliance, true_up.year, into, day)
    made = TrueUp(
        alliance=alliance,
        year=true_up.year,
        posted_in_year=into,
        posted_on=day,
        reason=reason.strip(),
        undoes=true_up,
        posted_by=by,
    )
    opposite = [
        TrueUpLine(
            alliance=alliance,
            true_up=made,
            area_id=line.area_id,
            kind=line.kind,
            force_id=line.force_id,
            pence=-line.pence,
        )
        for line in true_up.lines.all()
    ]
    return _write(made, opposite)


def _write(made: TrueUp, lines: Iterable[TrueUpLine]) -> TrueUp:
    made.full_clean()
    made.save()
    TrueUpLine.objects.bulk_create(lines)
    return made


def _lines(made: TrueUp, found: Later) -> list[TrueUpLine]:
    forces: dict[str, Force] = {force.code: force for force in found.forces}
    return [
        TrueUpLine(
            alliance=made.alliance,
            true_up=made,
            area_id=key.area_id,
            kind=key.kind,
            force=forces[key.force],
            pence=pence,
        )
        for key, pence in sorted(found.left.items())
    ]


def _check_open(alliance: Alliance, year: int, into: int, day: date) -> None:
    years = open_years_after(alliance, year, day)
    if into not in years:
        names = ", ".join(year_label(each) for each in years)
        choose = f"choose {names}" if names else "no later year is open"
        raise CannotBePosted(
            f"{year_label(into)} is no open year after {year_label(year)}: {choose}."
        )


def nothing_left(alliance: Alliance, year: int) -> str:
    """Why nothing is posted, in a sentence. One query."""
    last = TrueUp.objects.filter(alliance=alliance, year=year).select_related("posted_by").last()
    if last is None:
        return f"Today’s evidence makes nothing else of {year_label(year)}, so nothing is posted."
    return (
        f"{last.posted_by or 'The portal'} posted all of it in {year_label(last.posted_in_year)} on "
        f"{words.day(last.posted_on)} already, so nothing more is posted."
    )
