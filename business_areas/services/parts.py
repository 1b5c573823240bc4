"""Writes of what belongs to an area: its design, its people, and the forces that share it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import AreaMembership, BusinessArea, DesignStrand, Staffing
from business_areas.services.areas import locked, spoken_of
from business_areas.services.members import delete_area_membership, save_area_membership
from programmes.changes import recorded
from programmes.models import Change, Force, User
from programmes.seen import Seen, check_seen, raw


@dataclass(frozen=True)
class Stay:
    """A force's stay in an area as a page has it; None is open."""

    force: Force
    joined_on: date | None
    left_on: date | None


class NobodyShares(ValidationError):
    """An area is shared by all the members or by some of them."""

    def __init__(self) -> None:
        super().__init__("Choose the forces that share the area, or all member forces.")


def design_of(area: BusinessArea) -> Seen:
    """The strands by the form's field: `status_STRUCTURE`, `note_STRUCTURE` and so on. One query."""
    strands = {strand.strand: strand for strand in area.design.all()}
    found: dict[str, str | int | bool | None] = {}
    for name in DesignStrand.Strand.values:
        strand = strands.get(name)
        found[f"status_{name}"] = strand.status if strand else DesignStrand.Status.NOT_STARTED.value
        found[f"note_{name}"] = strand.note if strand else ""
    return found


@recorded(Change.Kind.DESIGN, of="area")
@transaction.atomic
def set_design(
    *,
    area: BusinessArea,
    strands: Mapping[str, tuple[str, str]],
    by: User | None,
    day: date,
    seen: Seen | None = None,
) -> BusinessArea:
    """Write each strand's status and note. Raises PartChanged, ValidationError."""
    current = locked(area)
    wanted = {
        key: value
        for name, (status, note) in strands.items()
        for key, value in ((f"status_{name}", status), (f"note_{name}", note))
    }
    now = design_of(current)
    if dict(now) != wanted:
        check_seen(current, now, seen)
    stored = {strand.strand: strand for strand in current.design.all()}
    for name, (status, note) in strands.items():
        strand = stored.get(name) or DesignStrand(
            alliance_id=current.alliance_id, area=current, strand=name
        )
        strand.status, strand.note = status, note
        strand.full_clean()
        strand.save()
    return _was_updated(current, day)


def people_of(area: BusinessArea) -> Seen:
    """Each force's latest people by the form's field: `before_7`, `shared_7`. One query."""
    found: dict[str, str | int | bool | None] = {}
    for row in area.staffing.order_by("as_at"):
        found[f"before_{row.force_id}"] = raw(row.baseline_fte)
        found[f"shared_{row.force_id}"] = raw(row.shared_fte)
    return found


class CountedInFuture(ValidationError):
    """People are counted today or earlier."""

    def __init__(self) -> None:
        super().__init__({"as_at": "The day of the count must be today or earlier."})


@recorded(Change.Kind.PEOPLE, of="area")
@transaction.atomic
def record_people(
    *,
    area: BusinessArea,
    as_at: date,
    people: Mapping[Force, tuple[Decimal | None, Decimal | None]],
    by: User | None,
    day: date,
    seen: Seen | None = None,
) -> BusinessArea:
    """Put each force's people on record for a day, before and in the shared team, in FTE.

    Rows of earlier days stay; a row of the same day is corrected. A force with neither number is
    left out. Raises PartChanged, CountedInFuture, ValidationError.
    """
    if as_at > day:
        raise CountedInFuture
    current = locked(area)
    now = {key: value for key, value in people_of(current).items() if value is not None}
    wanted = {
        f"{which}_{force.pk}": raw(number)
        for force, numbers in people.items()
        for which, number in zip(("before", "shared"), numbers, strict=True)
        if number is not None
    }
    if now != wanted and seen is not None:
        check_seen(current, now, {key: value for key, value in seen.items() if value is not None})
    rows = {row.force_id: row for row in current.staffing.filter(as_at=as_at)}
    for force, (before, shared) in people.items():
        row = rows.get(force.pk)
        if row is None and before is None and shared is None:
            continue
        row = row or Staffing(
            alliance_id=current.alliance_id, area=current, force=force, as_at=as_at
        )
        row.baseline_fte, row.shared_fte = before, shared
        row.full_clean()
        row.save()
    return _was_updated(current, day)


def members_of(area: BusinessArea) -> Seen:
    """Who shares the area by the form's field: `shared_by`, `in_7`, `joined_7`, `left_7`. One query."""
    found: dict[str, str | int | bool | None] = {"shared_by": "all"}
    for stay in area.memberships.order_by("joined_on", "pk"):
        found["shared_by"] = "some"
        found[f"in_{stay.force_id}"] = True
        found[f"joined_{stay.force_id}"] = raw(stay.joined_on)
        found[f"left_{stay.force_id}"] = raw(stay.left_on)
    return found


@recorded(Change.Kind.SHARED_BY, of="area")
@transaction.atomic
def set_members(
    *,
    area: BusinessArea,
    stays: Sequence[Stay] | None,
    by: User | None,
    day: date,
    seen: Seen | None = None,
) -> BusinessArea:
    """Have exactly these forces share the area, each for its days; None: all the alliance's members.

    Of a force that shared it more than once, the latest stay is changed and the earlier ones stay
    as they are. Shares follow. Raises NobodyShares, PartChanged, ValidationError.
    """
    current = locked(area)
    check_seen(current, members_of(current), seen)
    if stays is not None and not stays:
        raise NobodyShares
    latest: dict[int, AreaMembership] = {}
    for stored in current.memberships.select_related("force").order_by("joined_on", "pk"):
        latest[stored.force_id] = stored
    wanted = {stay.force.pk: stay for stay in stays or ()}
    # New ones first: an area that has no stay at all for a moment would be everybody's.
    for force_id, stay in wanted.items():
        membership = latest.get(force_id) or AreaMembership(
            alliance=current.alliance, area=current, force=stay.force
        )
        dates = (stay.joined_on, stay.left_on)
        if membership.pk and (membership.joined_on, membership.left_on) == dates:
            continue
        membership.joined_on, membership.left_on = dates
        save_area_membership(membership=membership, by=by)
    for gone in current.memberships.exclude(force_id__in=wanted):
        delete_area_membership(membership=gone, by=by)
    return _was_updated(current, day)


def _was_updated(area: BusinessArea, day: date) -> BusinessArea:
    """The area as it is after a word from a person."""
    spoken_of([area.pk], day)
    area.refresh_from_db(fields=["last_update_on", "revision"])
    return area
