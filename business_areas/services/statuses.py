"""A person's word on a status: an override with a reason and an end, and a forward look.

Each is said by somebody who saw what was there. If someone else was first, PartChanged carries theirs.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, Direction, Outlook, Rating, StatusOverride, Strand
from business_areas.services.areas import spoken_of
from programmes.changes import recorded
from programmes.models import Alliance, Change, User
from programmes.seen import Seen, check_seen, raw

SHORTEST_REASON = 20


class AlreadyEnded(ValidationError):
    """The end date lies before today, so the override would never show."""

    def __init__(self) -> None:
        super().__init__({"until_on": "The end date must be today or later."})


class ReasonTooShort(ValidationError):
    """So few characters say nothing that a reader could judge."""

    def __init__(self) -> None:
        sentence = f"The reason must be at least {SHORTEST_REASON} characters."
        super().__init__({"reason": sentence})


class NoOverride(Exception):
    """There is no override in force to take back."""


def override_of(alliance: Alliance, area: BusinessArea | None, strand: Strand) -> Seen:
    """The status that was set last, by the form's field; empty if none was. One query."""
    return _as_seen(_newest_override(alliance, area, strand), "rating", "reason", "until_on")


def outlook_of(alliance: Alliance, area: BusinessArea | None, strand: Strand) -> Seen:
    """The latest forward look, by the form's field; empty if there is none. One query."""
    return _as_seen(_newest_outlook(alliance, area, strand), "direction", "note")


@recorded(Change.Kind.STATUS, of="alliance")
@transaction.atomic
def override_status(
    *,
    alliance: Alliance,
    area: BusinessArea | None,
    strand: Strand,
    rating: Rating,
    reason: str,
    until_on: date,
    by: User,
    day: date,
    seen: Seen | None = None,
) -> StatusOverride:
    """Set a status over the data's from `day` until `until_on`; an earlier override gives way to it.

    Sent twice, it is kept once. Raises AlreadyEnded, ReasonTooShort, PartChanged if `seen` is not
    what was set last, or ValidationError. A blank `area` is the programme.
    """
    reason = reason.strip()
    if until_on < day:
        raise AlreadyEnded
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    subject = _held(alliance, area)
    newest = _newest_override(alliance, area, strand)
    now = _as_seen(newest, "rating", "reason", "until_on")
    wanted = {"rating": raw(rating), "reason": reason, "until_on": raw(until_on)}
    if newest is not None and newest.made_on == day and now == wanted:
        return newest
    check_seen(subject, now, seen)
    override = StatusOverride(
        alliance=alliance,
        area=area,
        strand=strand,
        rating=rating,
        reason=reason,
        made_on=day,
        until_on=until_on,
        made_by=by,
    )
    override.full_clean()
    override.save()
    spoken_of([area.pk if area else None], day)
    return override


@recorded(Change.Kind.STATUS, of="alliance")
@transaction.atomic
def end_override(
    *,
    alliance: Alliance,
    area: BusinessArea | None,
    strand: Strand,
    by: User | None,
    day: date,
    seen: Seen | None = None,
) -> StatusOverride | None:
    """Let the data's rating show again; the override stays on record. Raises NoOverride, PartChanged.

    One made today is taken back whole, because an override lasts at least a day; its change is
    still in the history.
    """
    subject = _held(alliance, area)
    override = _newest_override(alliance, area, strand)
    if override is None or override.until_on < day:
        raise NoOverride
    check_seen(subject, _as_seen(override, "rating", "reason", "until_on"), seen)
    spoken_of([area.pk if area else None], day)
    if override.made_on >= day:
        override.delete()
        return None
    override.until_on = date.fromordinal(day.toordinal() - 1)
    # Whoever made it may have no name on record any more.
    override.full_clean(exclude={"made_by"})
    override.save()
    return override


@recorded(Change.Kind.STATUS, of="alliance")
@transaction.atomic
def say_outlook(
    *,
    alliance: Alliance,
    area: BusinessArea | None,
    strand: Strand,
    direction: Direction,
    by: User,
    day: date,
    note: str = "",
    seen: Seen | None = None,
) -> Outlook:
    """Record where a status is heading; said again on the same day it replaces what was said.

    Raises PartChanged if `seen` is not the latest forward look.
    """
    note = note.strip()
    subject = _held(alliance, area)
    newest = _newest_outlook(alliance, area, strand)
    is_todays = newest is not None and newest.said_on == day
    now = _as_seen(newest, "direction", "note")
    if newest is not None and is_todays and now == {"direction": raw(direction), "note": note}:
        return newest
    check_seen(subject, now, seen)
    outlook = (newest if is_todays else None) or Outlook(
        alliance=alliance, area=area, strand=strand, said_on=day
    )
    outlook.direction, outlook.note, outlook.said_by = direction, note, by
    outlook.full_clean()
    outlook.save()
    spoken_of([area.pk if area else None], day)
    return outlook


def _held(alliance: Alliance, area: BusinessArea | None) -> Alliance | BusinessArea:
    """Whose status it is, held until the transaction ends, so that one person speaks at a time."""
    if area is None:
        return Alliance.objects.select_for_update(no_key=True).get(pk=alliance.pk)
    return BusinessArea.objects.select_for_update(no_key=True).get(pk=area.pk)


def _newest_override(
    alliance: Alliance, area: BusinessArea | None, strand: Strand
) -> StatusOverride | None:
    found = StatusOverride.objects.filter(alliance=alliance, area=area, strand=strand)
    return found.order_by("-made_on", "-pk").first()


def _newest_outlook(
    alliance: Alliance, area: BusinessArea | None, strand: Strand
) -> Outlook | None:
    found = Outlook.objects.filter(alliance=alliance, area=area, strand=strand)
    return found.order_by("-said_on", "-pk").first()


def _as_seen(row: StatusOverride | Outlook | None, *names: str) -> Seen:
    return {} if row is None else {name: raw(getattr(row, name)) for name in names}
