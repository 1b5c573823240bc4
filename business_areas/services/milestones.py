"""Writes of milestones themselves: a further one for an area, and one entered by mistake taken away."""

from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from business_areas.models import BusinessArea, Milestone
from business_areas.services.areas import locked
from business_areas.services.codes import free_code
from business_areas.services.date_refusals import AreaWithdrawn
from business_areas.services.dates import (
    check_within,
    locked_milestone,
    save_milestone,
    was_updated,
)
from business_areas.services.reached import is_an_areas_go_live
from programmes.changes import recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit

DATES = ("baseline_on", "forecast_on")


class NoDate(ValidationError):
    """A milestone without any date is never due."""

    def __init__(self) -> None:
        super().__init__({"forecast_on": "Enter at least one of the two dates."})


class SameName(ValidationError):
    """The area has a milestone of that name."""

    def __init__(self, name: str, area: BusinessArea) -> None:
        super().__init__({"name": f"{area.name} has a milestone called {name} already."})


class GoLiveStays(ValidationError):
    """An area keeps its go-live."""

    def __init__(self, milestone: Milestone) -> None:
        super().__init__(
            f"{milestone.area} keeps its go-live milestone; change its date, or withdraw the area."
        )


class MoneyStartsHere(ValidationError):
    """Items hang on the milestone."""

    def __init__(self, milestone: Milestone, items: list[str]) -> None:
        few = ", ".join(items[:3]) + (f" and {len(items) - 3} more" if len(items) > 3 else "")
        super().__init__(
            f"{milestone.name} cannot be removed while money starts from it ({few}); "
            "let that start from another milestone first."
        )


class RemovalReasonNeeded(ValidationError):
    """What goes away leaves its reason."""

    def __init__(self) -> None:
        super().__init__({"reason": "Say why the milestone is removed."})


@recorded(Change.Kind.MILESTONE, of="area")
@transaction.atomic
def add_milestone(
    *,
    area: BusinessArea,
    name: str,
    kind: str,
    by: User | None,
    day: date,
    baseline_on: date | None = None,
    forecast_on: date | None = None,
    is_provisional: bool = False,
) -> Milestone:
    """A further milestone of the area; without a baseline, its forecast is that too.

    No date of it is approved yet: see `approvals`.
    Sent twice it is added once. Raises AreaWithdrawn, NoDate, SameName, BeforeTheAlliance or
    TooFarAhead at the date's name, or ValidationError.
    """
    current = locked(area)
    if current.stage == BusinessArea.Stage.WITHDRAWN:
        raise AreaWithdrawn(current)
    milestone = Milestone(
        alliance=current.alliance,
        area=current,
        name=name.strip(),
        kind=kind,
        baseline_on=baseline_on or forecast_on,
        forecast_on=forecast_on,
        is_provisional=is_provisional and forecast_on is not None,
    )
    if milestone.expected_on is None:
        raise NoDate
    for field, on in zip(DATES, (baseline_on, forecast_on), strict=True):
        if on is not None:
            _check_at(field, milestone, on)
    stored = list(current.milestones.all())
    same = next((one for one in stored if one.name.lower() == milestone.name.lower()), None)
    if same is not None:
        if all(getattr(same, what) == getattr(milestone, what) for what in ("kind", *DATES)):
            return same
        raise SameName(milestone.name, current)
    taken = Milestone.objects.filter(alliance=current.alliance).values_list("code", flat=True)
    whole = f"{current.code[:30]} {milestone.name}"
    milestone.code = free_code(whole, taken, longest=60, otherwise="milestone")
    save_milestone(milestone=milestone, reason="", by=by)
    was_updated(milestone, day)
    return milestone


@recorded(Change.Kind.MILESTONE, of="milestone")
@transaction.atomic
def remove_milestone(
    *,
    milestone: Milestone,
    reason: str,
    by: User | None,
    day: date,
    seen_revision: int | None = None,
) -> None:
    """Take away a milestone that was entered by mistake; the area's history keeps it, with the reason.

    Raises StaleEdit, AreaWithdrawn, GoLiveStays, RemovalReasonNeeded, or MoneyStartsHere.
    """
    current = locked_milestone(milestone)
    if seen_revision is not None and seen_revision != current.revision:
        raise StaleEdit(current)
    if is_an_areas_go_live(current):
        raise GoLiveStays(current)
    if current.area and current.area.stage == BusinessArea.Stage.WITHDRAWN:
        raise AreaWithdrawn(current.area)
    if not reason.strip():
        raise RemovalReasonNeeded
    was_updated(current, day)
    try:
        with pghistory.context(reason=reason.strip()), transaction.atomic():
            current.delete()
    except ProtectedError as problem:
        names = sorted(str(item) for item in problem.protected_objects)
        raise MoneyStartsHere(current, names) from None


def _check_at(field: str, milestone: Milestone, on: date) -> None:
    try:
        check_within(milestone, on)
    except ValidationError as problem:
        raise ValidationError({field: problem}) from None
