"""Writes of areas' members and milestones; what shares depend on is announced upwards."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import AreaMembership, DateChange, Milestone
from programmes.models import User
from programmes.signals import shares_inputs_changed

_DATES = {
    DateChange.Date.APPROVED: "approved_on",
    DateChange.Date.FORECAST: "forecast_on",
    DateChange.Date.ACTUAL: "actual_on",
}


class ReasonNeeded(ValidationError):
    """A date moved, and nobody said why."""

    def __init__(self) -> None:
        super().__init__(
            "Say why the date moves; the reason is kept with the old and the new date."
        )


class BaselineStays(ValidationError):
    """The original baseline is set once."""

    def __init__(self) -> None:
        super().__init__(
            {
                "baseline_on": "The original baseline is never changed; "
                "move the approved or the forecast date instead."
            }
        )


@transaction.atomic
def save_area_membership(*, membership: AreaMembership, by: User | None) -> AreaMembership:
    """Write a force's stay in an area. Raises ValidationError. Affects all years of the area."""
    before = AreaMembership.objects.filter(pk=membership.pk).values_list("area_id", flat=True)
    areas = {membership.area_id, *before}
    membership.full_clean()
    membership.save()
    _announce(membership, areas, by)
    return membership


@transaction.atomic
def delete_area_membership(*, membership: AreaMembership, by: User | None) -> None:
    """Take a force's stay in an area away; after the last, all the alliance's members share it."""
    membership.delete()
    _announce(membership, {membership.area_id}, by)


def _announce(membership: AreaMembership, areas: Iterable[int], by: User | None) -> None:
    shares_inputs_changed.send(
        sender=AreaMembership,
        alliance=membership.alliance,
        area_ids=set(areas),
        cause=f"Membership of {membership.area.name} changed",
        by=by,
    )


@transaction.atomic
def save_milestone(*, milestone: Milestone, reason: str, by: User | None) -> Milestone:
    """Write a milestone; each date that moved is kept with its reason.

    Forecasts that start from the milestone follow its date. Raises ReasonNeeded if a date moved and
    `reason` is blank, BaselineStays, or ValidationError. The reason has at most 60 characters.
    """
    before = Milestone.objects.select_for_update(of=("self",)).filter(pk=milestone.pk).first()
    moved = _moved_dates(before, milestone, reason.strip(), by)
    if moved and not reason.strip():
        raise ReasonNeeded
    if before and before.baseline_on and before.baseline_on != milestone.baseline_on:
        raise BaselineStays
    milestone.full_clean()
    for change in moved:
        change.full_clean()
    milestone.save()
    for change in moved:
        change.save()
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


def _moved_dates(
    before: Milestone | None, after: Milestone, reason: str, by: User | None
) -> list[DateChange]:
    """What there is to put on record, not saved."""
    if before is None:
        return []
    return [
        DateChange(
            alliance_id=after.alliance_id,
            milestone=after,
            which=which,
            from_on=getattr(before, field),
            to_on=getattr(after, field),
            reason=reason,
            changed_by=by,
        )
        for which, field in _DATES.items()
        if getattr(before, field) != getattr(after, field)
    ]
