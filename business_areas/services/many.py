"""One change for many areas at once: planned first, old beside new, then saved all together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from business_areas.models import BusinessArea, Milestone
from business_areas.reasons import EARLIER, FIRST, LATER
from business_areas.services.areas import change_area, stage_refusal
from business_areas.services.dates import check_new_date, reschedule
from programmes import words
from programmes.changes import recorded
from programmes.models import Alliance, Change, User
from programmes.recorded import StaleEdit

# Which way a go-live moves, and so which reasons fit.
WAYS: dict[str, tuple[str, ...]] = {"later": LATER, "earlier": EARLIER, "first": FIRST}
_SAID = {"later": "moved later", "earlier": "moved earlier", "first": "dated for the first time"}


class MovedMeanwhile(StaleEdit):
    """Someone else changed some of the areas after the check page was shown; nothing is saved."""

    def __init__(self, areas: Sequence[BusinessArea]) -> None:
        super().__init__(areas[0])
        self.areas = tuple(areas)


@dataclass(frozen=True)
class PlannedChange:
    """What would become of one area; `refusal` says why nothing can, `way` how a date moves.

    `seen` is the revision that the check page shows: of the area, or of its go-live.
    """

    area: BusinessArea
    old: str
    new: str
    seen: int
    refusal: str = ""
    way: str = ""
    milestone: Milestone | None = None

    @property
    def is_change(self) -> bool:
        """Whether saving would change anything."""
        return not self.refusal and self.old != self.new


def plan_stage(areas: Sequence[BusinessArea], to: str) -> list[PlannedChange]:
    """Each area's stage, old and new."""
    new = str(BusinessArea.Stage(to).label)
    return [
        PlannedChange(
            area=area,
            old=area.get_stage_display(),
            new=new,
            seen=area.revision,
            refusal="" if area.stage == to else _withdrawn(area) or _alone(area, to),
        )
        for area in areas
    ]


def plan_owner(areas: Sequence[BusinessArea], to: User | None) -> list[PlannedChange]:
    """Each area's owner, old and new."""
    return [
        PlannedChange(
            area=area,
            old=str(area.owner or "Nobody yet"),
            new=str(to or "Nobody yet"),
            seen=area.revision,
            refusal=_withdrawn(area),
        )
        for area in areas
    ]


def plan_month(
    areas: Sequence[BusinessArea], go_lives: Mapping[int, Milestone], to: date
) -> list[PlannedChange]:
    """Each area's go-live forecast, old and new: the first day of the month. No query."""
    return [_plan_date(area, go_lives.get(area.pk), to) for area in areas]


def go_lives_of(alliance: Alliance, codes: Sequence[str]) -> dict[int, Milestone]:
    """The go-lives of the areas with these codes, by the area's number, with the area. One query."""
    found = Milestone.objects.filter(
        alliance=alliance, area__code__in=codes, kind=Milestone.Kind.GO_LIVE
    ).select_related("alliance", "area__lead_force", "area__owner")
    return {milestone.area.pk: milestone for milestone in found if milestone.area}


def _plan_date(area: BusinessArea, go_live: Milestone | None, to: date) -> PlannedChange:
    new = words.day(to)
    if go_live is None:
        return PlannedChange(area, "No go-live", new, 0, "It has no go-live milestone.")
    refusal = ""
    if go_live.forecast_on != to:
        try:
            check_new_date(milestone=go_live, to=to)
        except ValidationError as problem:
            refusal = " ".join(problem.messages)
    before = go_live.expected_on
    way = "later" if before and to > before else "earlier" if before and to < before else "first"
    old = words.day(go_live.forecast_on, "No forecast")
    return PlannedChange(area, old, new, go_live.revision, refusal, way, go_live)


def _alone(area: BusinessArea, to: str) -> str:
    """Why the area's stage cannot be changed together with others'."""
    if BusinessArea.Stage.CLOSED in (area.stage, to):
        return "It is closed or reopened on its own page, which asks what becomes of it."
    return stage_refusal(area, to)


def _withdrawn(area: BusinessArea) -> str:
    return "It is withdrawn." if area.stage == BusinessArea.Stage.WITHDRAWN else ""


@recorded(Change.Kind.MANY, of="alliance")
@transaction.atomic
def change_many(
    *,
    alliance: Alliance,
    planned: Sequence[PlannedChange],
    seen: Mapping[str, int],
    values: Mapping[str, Any],
    by: User,
    day: date,
) -> int:
    """Write `values` to every area that is to change; how many. All of them, or none.

    `seen` has the revisions that the check page showed, by the area's code. Raises MovedMeanwhile,
    or ValidationError.
    """
    changes = _as_seen(alliance, planned, seen)
    for change in changes:
        change_area(area=change.area, values=values, by=by, day=day)
    return len(changes)


def _why_moved(given: Mapping[str, Any]) -> tuple[str, str]:
    """The reason and its details; of dates that moved several ways, each with its way."""
    moved = {change.way for change in given["planned"] if change.is_change}
    ways = [way for way in WAYS if way in moved and way in given["reasons"]]
    told = {way: given["reasons"][way] for way in ways}
    if len(set(told.values())) <= 1:
        return next(iter(told.values()), ("", ""))
    return (
        "; ".join(f"{reason} ({_SAID[way]})" for way, (reason, _) in told.items()),
        "\n".join(f"{details} ({_SAID[way]})" for way, (_, details) in told.items()),
    )


@recorded(Change.Kind.MANY, of="alliance", why=_why_moved)
@transaction.atomic
def move_many(
    *,
    alliance: Alliance,
    planned: Sequence[PlannedChange],
    seen: Mapping[str, int],
    to: date,
    reasons: Mapping[str, tuple[str, str]],
    by: User,
    day: date,
) -> int:
    """Move every go-live that is to move, each through `reschedule`; how many. All, or none.

    `reasons` has a reason and its details by the way a date moves. Raises MovedMeanwhile, or what
    `reschedule` raises.
    """
    changes = _as_seen(alliance, planned, seen)
    for change in changes:
        assert change.milestone is not None
        reason, details = reasons[change.way]
        try:
            reschedule(
                milestone=change.milestone,
                to=to,
                reason=reason,
                details=details,
                by=by,
                day=day,
                seen_revision=change.seen,
            )
        except StaleEdit as problem:
            raise MovedMeanwhile([change.area]) from problem
    return len(changes)


def _as_seen(
    alliance: Alliance, planned: Sequence[PlannedChange], seen: Mapping[str, int]
) -> list[PlannedChange]:
    """The changes to make, their areas held. Raises MovedMeanwhile if any is not as it was shown."""
    held = BusinessArea.objects.select_for_update(of=("self",), no_key=True).filter(
        alliance=alliance, pk__in=[change.area.pk for change in planned]
    )
    now = {area.pk: area.revision for area in held.order_by("pk")}
    moved = [
        change.area
        for change in planned
        if seen.get(change.area.code) != change.seen
        or (change.milestone is None and now.get(change.area.pk) != change.area.revision)
    ]
    if moved:
        raise MovedMeanwhile(moved)
    return [change for change in planned if change.is_change]
