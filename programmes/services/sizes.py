"""Writes of force sizes: releases of a measure, for as many forces and days as they have, and their end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from programmes import rules, words
from programmes.changes import recorded
from programmes.models import Change, Force, ForceSize, SizeMeasure, User
from programmes.signals import shares_inputs_changed


class SameSize(ValidationError):
    """The same figures from the same source are the latest on record already."""

    def __init__(self, count: int = 1) -> None:
        said = "This figure is" if count == 1 else "These figures are"
        super().__init__(f"{said} already on record for this date, from the same source.")


class RestatedMeanwhile(ValidationError):
    """Someone else put another figure on record for the same date first; `theirs` is that figure."""

    def __init__(self, theirs: ForceSize) -> None:
        who = f" by {theirs.recorded_by}" if theirs.recorded_by else ""
        super().__init__(
            f"While you were looking, {words.size(theirs.value)} was recorded{who} for "
            f"{theirs.force.name} on this date; check which figure is right, then continue to see "
            "what yours would move."
        )
        self.theirs = theirs


class NothingToShareBy(ValidationError):
    """Every force's size would be zero."""

    def __init__(self, measure: SizeMeasure, day: date) -> None:
        super().__init__(
            f"Every force’s {measure.name} would be zero on {words.day(day)}, so nothing could be "
            "shared by it; enter a size above zero."
        )


class AlreadyWithdrawn(ValidationError):
    """Somebody has withdrawn the figure."""

    def __init__(self, size: ForceSize) -> None:
        assert size.withdrawn_at
        who = f" by {size.withdrawn_by}" if size.withdrawn_by else ""
        super().__init__(
            f"The figure of {size.force.name} was withdrawn{who} at "
            f"{words.moment(size.withdrawn_at)}: {size.withdrawn_because}"
        )


class Figure(NamedTuple):
    """A force's size on a day, as it was published."""

    force: Force
    effective_on: date
    value: Decimal
    source: str


# A force, by its id, and a day.
OfDay = tuple[int, date]


@recorded(Change.Kind.SIZE, of="measure")
@transaction.atomic
def record_figures(
    *,
    measure: SizeMeasure,
    figures: Sequence[Figure],
    by: User | None,
    seen: Mapping[OfDay, int] | None = None,
    reason: str = "",
) -> list[ForceSize]:
    """Put figures of a measure on record, of any forces and days, as one change.

    A further figure for a force's date restates the earlier one, which is kept; a figure that is on
    record already is left alone. `seen` is the latest release that the person saw; 0 is none. Raises
    SameSize if all are on record, RestatedMeanwhile, AlreadyWithdrawn, NothingToShareBy, or
    ValidationError by field.
    """
    # One writer per force, so that two restatements at once get different release numbers.
    ids = sorted({figure.force.pk for figure in figures})
    list(Force.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    days = {figure.effective_on for figure in figures}
    same_days = ForceSize.objects.filter(measure=measure, effective_on__in=days, force__in=ids)
    last = {
        (force, day): release
        for force, day, release in same_days.values_list("force_id", "effective_on")
        .annotate(Max("release"))
        .order_by()
    }
    latest = _latest(same_days.in_force())
    new = []
    for force, day, value, source in figures:
        of_day = (force.pk, day)
        before = latest.get(of_day)
        if before and (before.value, before.source) == (value, source.strip()):
            continue
        if seen is not None and (before.release if before else 0) != seen.get(of_day, 0):
            raise _not_as_seen(before, same_days.filter(force=force, effective_on=day))
        size = ForceSize(
            alliance_id=measure.alliance_id,
            force=force,
            measure=measure,
            effective_on=day,
            value=value,
            source=source.strip(),
            release=last.get(of_day, 0) + 1,
            recorded_by=by,
        )
        size.full_clean()
        new.append(size)
    if not new:
        raise SameSize(len(figures))
    for size in new:
        size.save()
    _check_something_is_left(measure, new)
    _announce(measure, new, "was recorded", by)
    return new


@recorded(Change.Kind.SIZE, of="measure")
def record_release(
    *,
    measure: SizeMeasure,
    effective_on: date,
    source: str,
    values: Mapping[Force, Decimal],
    by: User | None,
    seen: Mapping[int, int] | None = None,
    reason: str = "",
) -> list[ForceSize]:
    """Put a measure's figures of one day on record, of as many forces as `values` has, as one change.

    `seen` is the latest release of each force (by its id) that the person saw. Raises what
    record_figures does.
    """
    return record_figures(
        measure=measure,
        figures=[Figure(force, effective_on, value, source) for force, value in values.items()],
        by=by,
        seen=None if seen is None else {(pk, effective_on): n for pk, n in seen.items()},
    )


@recorded(Change.Kind.SIZE, of="measure")
def record_size(
    *,
    force: Force,
    measure: SizeMeasure,
    effective_on: date,
    value: Decimal,
    source: str,
    by: User | None,
) -> ForceSize:
    """Put one force's size on record, as a release of its own. Raises what record_release does."""
    (size,) = record_release(
        measure=measure, effective_on=effective_on, source=source, values={force: value}, by=by
    )
    return size


@recorded(Change.Kind.SIZE, of="measure")
@transaction.atomic
def withdraw_sizes(
    *, measure: SizeMeasure, sizes: Sequence[ForceSize], reason: str, by: User | None
) -> list[ForceSize]:
    """Withdraw figures that were entered by mistake; the release before each is in force again.

    They stay on record, with who, when and why. Raises AlreadyWithdrawn, NothingToShareBy, or
    ValidationError for a reason that is missing.
    """
    ids = [size.pk for size in sizes]
    found = list(
        ForceSize.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids, measure=measure)
        .select_related("force", "withdrawn_by")
        .order_by("pk")
    )
    check_in_force(found)
    for size in found:
        size.withdrawn_at, size.withdrawn_by = timezone.now(), by
        size.withdrawn_because = reason.strip()
        size.full_clean()
        size.save()
    _check_something_is_left(measure, found)
    _announce(measure, found, "was withdrawn", by)
    return found


def _not_as_seen(
    before: ForceSize | None, releases: QuerySet[ForceSize]
) -> RestatedMeanwhile | AlreadyWithdrawn:
    """Somebody restated the figure that was seen, or withdrew it."""
    if before is not None:
        return RestatedMeanwhile(before)
    withdrawn = releases.exclude(withdrawn_at=None).select_related("force", "withdrawn_by")
    return AlreadyWithdrawn(withdrawn.latest("release"))


def _latest(sizes: QuerySet[ForceSize]) -> dict[OfDay, ForceSize]:
    """The latest release of each force and day. One query."""
    found = sizes.select_related("recorded_by", "force").order_by("release")
    return {(size.force_id, size.effective_on): size for size in found}


def check_in_force(sizes: Iterable[ForceSize]) -> None:
    """Raise AlreadyWithdrawn for the first that was."""
    for size in sizes:
        if size.withdrawn_at:
            raise AlreadyWithdrawn(size)


def check_something_to_share_by(
    measure: SizeMeasure,
    sizes: Iterable[tuple[str, date, Decimal]],
    *,
    forces: int,
    since: date,
) -> None:
    """Raise NothingToShareBy if every one of so many forces would be nought on a day from `since` on.

    `sizes` are force, day and figure in force, by day and within it by release. No query.
    """
    for day in rules.days_without_size(sizes, forces):
        if day >= since:
            raise NothingToShareBy(measure, day)


def _check_something_is_left(measure: SizeMeasure, changed: Sequence[ForceSize]) -> None:
    """As check_something_to_share_by, of what is stored now. Two queries."""
    sizes = (
        ForceSize.objects.in_force()
        .filter(measure=measure)
        .order_by("effective_on", "release")
        .values_list("force__code", "effective_on", "value")
    )
    check_something_to_share_by(
        measure,
        sizes,
        forces=measure.alliance.forces.count(),
        since=min(size.effective_on for size in changed),
    )


def _announce(
    measure: SizeMeasure, sizes: Sequence[ForceSize], became: str, by: User | None
) -> None:
    days = {size.effective_on for size in sizes}
    first = min(days)
    forces = {size.force_id for size in sizes}
    whose = sizes[0].force.name if len(forces) == 1 else f"{len(forces)} forces"
    when = (
        f"on {words.day(first)}"
        if len(days) == 1
        else f"of {len(days)} dates since {words.day(first)}"
    )
    shares_inputs_changed.send(
        sender=ForceSize,
        alliance=measure.alliance,
        since=_first_month_from(first),
        cause=f"{measure.name} of {whose} {when} {became}",
        by=by,
    )


def _first_month_from(day: date) -> date:
    """The first day on or after `day` on which a period, and so a reading of the sizes, can fall."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=31)).replace(day=1)
