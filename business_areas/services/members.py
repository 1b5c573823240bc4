"""Writes of which forces share an area; announced upwards, because shares depend on it."""

from collections.abc import Iterable

from django.db import transaction

from business_areas.models import AreaMembership
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.signals import shares_inputs_changed


@recorded(Change.Kind.SHARED_BY, of="membership")
@transaction.atomic
def save_area_membership(*, membership: AreaMembership, by: User | None) -> AreaMembership:
    """Write a force's stay in an area. Raises ValidationError. Affects all years of the area."""
    before = AreaMembership.objects.filter(pk=membership.pk).values_list("area_id", flat=True)
    areas = {membership.area_id, *before}
    membership.full_clean()
    membership.save()
    _announce(membership, areas, by)
    return membership


@recorded(Change.Kind.SHARED_BY, of="membership")
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
