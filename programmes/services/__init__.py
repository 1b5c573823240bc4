"""Writes of forces, memberships and sizes; what shares depend on is announced upwards."""

from django.db import transaction

from programmes.changes import recorded
from programmes.models import Alliance, Change, Force, Membership, SizeMeasure, User
from programmes.recorded import check_revision
from programmes.services.sizes import (
    AlreadyWithdrawn,
    Figure,
    NothingToShareBy,
    RestatedMeanwhile,
    SameSize,
    check_in_force,
    check_something_to_share_by,
    record_figures,
    record_release,
    record_size,
    withdraw_sizes,
)
from programmes.signals import shares_inputs_changed

__all__ = [
    "AlreadyWithdrawn",
    "Figure",
    "NothingToShareBy",
    "RestatedMeanwhile",
    "SameSize",
    "check_in_force",
    "check_something_to_share_by",
    "delete_membership",
    "record_figures",
    "record_release",
    "record_size",
    "save_alliance",
    "save_force",
    "save_measure",
    "save_membership",
    "withdraw_sizes",
]


@recorded(Change.Kind.MEMBERSHIP, of="membership")
@transaction.atomic
def save_membership(
    *, membership: Membership, by: User | None, seen_revision: int | None = None
) -> Membership:
    """Write a force's stay in the alliance. Raises StaleEdit, ValidationError."""
    check_revision(membership, seen_revision)
    membership.full_clean()
    membership.save()
    _announce(membership.alliance, f"Membership of {membership.force.name} changed", by)
    return membership


@recorded(Change.Kind.MEMBERSHIP, of="membership")
@transaction.atomic
def delete_membership(*, membership: Membership, by: User | None) -> None:
    """Take a force's stay in the alliance away."""
    alliance, name = membership.alliance, membership.force.name
    membership.delete()
    _announce(alliance, f"Membership of {name} was taken away", by)


@recorded(Change.Kind.SIZE, of="measure")
@transaction.atomic
def save_measure(
    *, measure: SizeMeasure, by: User | None, seen_revision: int | None = None
) -> SizeMeasure:
    """Write a measure; every share's working names it. Raises StaleEdit, ValidationError."""
    check_revision(measure, seen_revision)
    measure.full_clean()
    measure.save()
    _announce(measure.alliance, f"{measure.name} was renamed", by)
    return measure


@recorded(Change.Kind.FORCES, of="force")
@transaction.atomic
def save_force(*, force: Force, by: User | None, seen_revision: int | None = None) -> Force:
    """Write a force at its place in the agreed order; the others move along.

    The order settles ties, so shares may follow. A place beyond the last is the last. Numbers the
    alliance's forces from 1. Raises StaleEdit, ValidationError.
    """
    Alliance.objects.select_for_update(no_key=True).get(pk=force.alliance_id)
    check_revision(force, seen_revision)
    force.full_clean(validate_constraints=False)
    force.validate_constraints(exclude={"position"})
    others = Force.objects.filter(alliance_id=force.alliance_id).exclude(pk=force.pk)
    order = list(others.order_by("position"))
    order.insert(max(force.position, 1) - 1, force)
    for position, each in enumerate(order, 1):
        moved, each.position = each.position != position, position
        if moved and each is not force:
            each.save(update_fields=["position"])
    force.save()
    _announce(force.alliance, f"{force.name} changed", by)
    return force


@recorded(Change.Kind.ALLIANCE, of="alliance")
@transaction.atomic
def save_alliance(
    *, alliance: Alliance, by: User | None, seen_revision: int | None = None
) -> Alliance:
    """Write an alliance; its target date bounds the derived forecasts.

    Raises StaleEdit, ValidationError.
    """
    check_revision(alliance, seen_revision)
    alliance.full_clean()
    alliance.save()
    shares_inputs_changed.send(
        sender=Alliance,
        alliance=alliance,
        dates_changed=True,
        cause=f"{alliance.name} changed",
        by=by,
    )
    return alliance


def _announce(alliance: Alliance, cause: str, by: User | None) -> None:
    shares_inputs_changed.send(sender=Alliance, alliance=alliance, cause=cause, by=by)
