"""Writes of forces, memberships and sizes; what shares depend on is announced upwards."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes import words
from programmes.changes import recorded
from programmes.models import Alliance, Change, Force, ForceSize, Membership, SizeMeasure, User
from programmes.recorded import check_revision
from programmes.signals import shares_inputs_changed


class SameSize(ValidationError):
    """The same figure from the same source is the latest on record already."""

    def __init__(self) -> None:
        super().__init__("This figure is already on record for this date, from the same source.")


class RestatedMeanwhile(ValidationError):
    """Someone else put another figure on record for the same date first; `theirs` is that figure."""

    def __init__(self, theirs: ForceSize) -> None:
        who = f" by {theirs.recorded_by}" if theirs.recorded_by else ""
        super().__init__(
            f"While you were looking at the preview, {theirs.value.normalize():,f} was recorded{who} "
            "for this date; check which figure is right, then continue to see what yours would move."
        )
        self.theirs = theirs


class NothingToShareBy(ValidationError):
    """Every force's size would be zero."""

    def __init__(self, measure: SizeMeasure) -> None:
        super().__init__(
            f"Every force’s {measure.name} would be zero, so nothing could be shared by it; "
            "enter a size above zero."
        )


@recorded(Change.Kind.SIZE, of="force")
@transaction.atomic
def record_size(
    *,
    force: Force,
    measure: SizeMeasure,
    effective_on: date,
    value: Decimal,
    source: str,
    by: User | None,
    seen_release: int | None = None,
) -> ForceSize:
    """Put a force's size on record; a further figure for the same date restates the earlier one.

    The earlier release is kept. `seen_release` is the latest that the person saw (0: none yet; None:
    not asked). Raises SameSize, RestatedMeanwhile, NothingToShareBy, or ValidationError by field.
    """
    size = ForceSize(
        alliance_id=force.alliance_id,
        force=force,
        measure=measure,
        effective_on=effective_on,
        value=value,
        source=source.strip(),
        recorded_by=by,
    )
    # One writer per force, so that two restatements at once get different release numbers.
    Force.objects.select_for_update(no_key=True).get(pk=force.pk)
    latest = check_size(size)
    if latest and seen_release is not None and latest.release != seen_release:
        raise RestatedMeanwhile(latest)
    size.release = latest.release + 1 if latest else 1
    size.full_clean()
    size.save()
    shares_inputs_changed.send(
        sender=ForceSize,
        alliance=force.alliance,
        since=_first_month_from(effective_on),
        cause=f"{measure.name} of {force.name} on {words.day(effective_on)} was recorded",
        by=by,
    )
    return size


def check_size(size: ForceSize) -> ForceSize | None:
    """The release that `size` would restate, or None. Raises what record_size would raise.

    Nothing is written: a preview shows only what can be saved. Its force and measure are taken to
    be the alliance's own. One query, or two for a size of zero.
    """
    size.full_clean(exclude=["release", "alliance", "force", "measure"], validate_constraints=False)
    latest = (
        ForceSize.objects.filter(
            force_id=size.force_id, measure_id=size.measure_id, effective_on=size.effective_on
        )
        .select_related("recorded_by")
        .order_by("-release")
        .first()
    )
    if latest and (latest.value, latest.source) == (size.value, size.source):
        raise SameSize
    if size.value == 0 and not _others_have_size(size):
        raise NothingToShareBy(size.measure)
    return latest


def _first_month_from(day: date) -> date:
    """The first day on or after `day` on which a period, and so a reading of the sizes, can fall."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _others_have_size(size: ForceSize) -> bool:
    """Whether another force has a size above zero on the same date."""
    latest = (
        ForceSize.objects.filter(measure_id=size.measure_id, effective_on__lte=size.effective_on)
        .exclude(force_id=size.force_id)
        .order_by("force_id", "-effective_on", "-release")
        .distinct("force_id")
    )
    return any(other.value > 0 for other in latest)


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
