"""Writes of areas' members and milestones; what shares depend on is announced upwards."""

from django.db import transaction

from business_areas.models import AreaMembership, DateChange, Milestone
from programmes.models import User
from programmes.signals import shares_inputs_changed

_DATES = {
    DateChange.Date.APPROVED: "approved_on",
    DateChange.Date.FORECAST: "forecast_on",
    DateChange.Date.ACTUAL: "actual_on",
}


@transaction.atomic
def save_area_membership(*, membership: AreaMembership, by: User | None) -> AreaMembership:
    """Write a force's stay in an area. Raises ValidationError."""
    membership.full_clean()
    membership.save()
    _announce(membership, f"Membership of {membership.area.name} changed", by)
    return membership


@transaction.atomic
def delete_area_membership(*, membership: AreaMembership, by: User | None) -> None:
    """Take a force's stay in an area away."""
    membership.delete()
    _announce(membership, f"Membership of {membership.area.name} changed", by)


def _announce(membership: AreaMembership, cause: str, by: User | None) -> None:
    shares_inputs_changed.send(
        sender=AreaMembership,
        alliance=membership.alliance,
        area_ids={membership.area_id},
        cause=cause,
        by=by,
    )


@transaction.atomic
def save_milestone(*, milestone: Milestone, reason: str, by: User | None) -> Milestone:
    """Write a milestone; each date that moved is kept with its reason. Raises ValidationError.

    Forecasts that start from the milestone follow its date.
    """
    before = Milestone.objects.select_for_update().filter(pk=milestone.pk).first()
    milestone.full_clean()
    milestone.save()
    for which, field in _DATES.items():
        old = getattr(before, field) if before else None
        new = getattr(milestone, field)
        if before and old != new:
            DateChange.objects.create(
                alliance=milestone.alliance,
                milestone=milestone,
                which=which,
                from_on=old,
                to_on=new,
                reason=reason,
                changed_by=by,
            )
    if milestone.area_id is None or before is None or before.expected_on != milestone.expected_on:
        shares_inputs_changed.send(
            sender=Milestone,
            alliance=milestone.alliance,
            area_ids={milestone.area_id} if milestone.area_id else None,
            dates_changed=True,
            cause=f"{milestone.name} moved",
            by=by,
        )
    return milestone
