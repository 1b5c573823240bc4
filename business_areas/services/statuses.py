"""A person's word on a status: an override with a reason and an end, and a forward look."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, Direction, Outlook, Rating, StatusOverride, Strand
from programmes.changes import recorded
from programmes.models import Alliance, Change, User


class AlreadyEnded(ValidationError):
    """The end date lies before today, so the override would never show."""

    def __init__(self) -> None:
        super().__init__({"until_on": "The end date must be today or later."})


class NoOverride(Exception):
    """There is no override in force to take back."""


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
) -> StatusOverride:
    """Set a status over the data's from `day` until `until_on`; an earlier override gives way to it.

    Sent twice, it is kept once. Raises AlreadyEnded or ValidationError. A blank `area` is the
    programme.
    """
    if until_on < day:
        raise AlreadyEnded
    same = StatusOverride.objects.filter(
        alliance=alliance,
        area=area,
        strand=strand,
        rating=rating,
        reason=reason.strip(),
        made_on=day,
        until_on=until_on,
    ).first()
    newest = _latest(alliance, area, strand)
    if same is not None and same == newest:
        return same
    override = StatusOverride(
        alliance=alliance,
        area=area,
        strand=strand,
        rating=rating,
        reason=reason.strip(),
        made_on=day,
        until_on=until_on,
        made_by=by,
    )
    override.full_clean()
    override.save()
    _touch(area, day)
    return override


@recorded(Change.Kind.STATUS, of="alliance")
@transaction.atomic
def end_override(
    *, alliance: Alliance, area: BusinessArea | None, strand: Strand, by: User | None, day: date
) -> StatusOverride | None:
    """Let the data's rating show again; the override stays on record. Raises NoOverride.

    One made today is taken back whole, because an override lasts at least a day; its change is
    still in the history.
    """
    override = _latest(alliance, area, strand)
    if override is None or override.until_on < day:
        raise NoOverride
    _touch(area, day)
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
) -> Outlook:
    """Record where a status is heading; said again on the same day it replaces what was said."""
    outlook = Outlook.objects.filter(
        alliance=alliance, area=area, strand=strand, said_on=day
    ).first() or Outlook(alliance=alliance, area=area, strand=strand, said_on=day)
    outlook.direction, outlook.note, outlook.said_by = direction, note.strip(), by
    outlook.full_clean()
    outlook.save()
    _touch(area, day)
    return outlook


def _latest(alliance: Alliance, area: BusinessArea | None, strand: Strand) -> StatusOverride | None:
    found = StatusOverride.objects.select_for_update(of=("self",), no_key=True).filter(
        alliance=alliance, area=area, strand=strand
    )
    return found.order_by("-made_on", "-pk").first()


def _touch(area: BusinessArea | None, day: date) -> None:
    """The area was spoken of today."""
    if area is not None:
        BusinessArea.objects.filter(pk=area.pk).update(last_update_on=day)
