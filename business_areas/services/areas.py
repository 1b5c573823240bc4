"""Writes of an area's own facts: its parts, holds, stages; and of areas that are new."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from business_areas import rules
from business_areas.models import BusinessArea, Milestone
from business_areas.services.area_refusals import (
    HeldAlready,
    HoldInFuture,
    HoldTooEarly,
    NotToHold,
)
from business_areas.services.codes import free_code
from programmes.changes import recorded
from programmes.models import Alliance, Change, Force, User
from programmes.permissions import Action, people_who_may
from programmes.seen import Seen, check_seen, raw
from programmes.signals import shares_inputs_changed

Stage = BusinessArea.Stage
BEFORE_LIVE = (
    Stage.PROPOSED,
    Stage.BUSINESS_CASE,
    Stage.DESIGN,
    Stage.CONSULTATION,
    Stage.IMPLEMENTATION,
)


class StageNotReached(ValidationError):
    """The stage is reached another way, or not from here."""


class NotToOwn(ValidationError):
    """An owner keeps the area up to date, which takes a role that may change it."""

    def __init__(self, owner: User) -> None:
        super().__init__({"owner": rules.owner_refusal(str(owner))})


class NameTaken(ValidationError):
    """The alliance has an area of that name."""

    def __init__(self, name: str) -> None:
        super().__init__({"name": f"There is already a business area called {name}."})


def facts_of(area: BusinessArea, names: Collection[str]) -> Seen:
    """What the area says of these fields; a link to a person or a force is its number."""
    return {name: raw(getattr(area, name)) for name in names}


def locked(area: BusinessArea) -> BusinessArea:
    """The area as it stands, held until the transaction ends."""
    return (
        BusinessArea.objects.select_for_update(of=("self",), no_key=True)
        .select_related("alliance")
        .get(pk=area.pk)
    )


def _kind(given: Mapping[str, Any]) -> str:
    """A new stage is a change of its own; other facts are the area's."""
    return Change.Kind.STAGE if "stage" in given["values"] else Change.Kind.AREA


@recorded(_kind, of="area")
@transaction.atomic
def change_area(
    *,
    area: BusinessArea,
    values: Mapping[str, Any],
    by: User | None,
    day: date,
    seen: Seen | None = None,
) -> BusinessArea:
    """Write some of an area's facts. Saved as it is already, it only counts as an update.

    Raises PartChanged if `seen`, what the page showed of these fields, is no longer what is there,
    StageNotReached, NameTaken, NotToOwn, or ValidationError by field.
    """
    current = locked(area)
    now = facts_of(current, values.keys())
    if now != {name: raw(value) for name, value in values.items()}:
        check_seen(current, now, seen)
    before = current.stage
    if "stage" in values and values["stage"] != before:
        refusal = stage_refusal(current, values["stage"])
        if refusal:
            raise StageNotReached({"stage": refusal})
    if "name" in values:
        _check_name(current.alliance, values["name"], current)
    if "owner" in values and values["owner"] != current.owner:
        check_owner(current.alliance, values["owner"])
    for name, value in values.items():
        setattr(current, name, value)
    save_area(current, day)
    if Stage.WITHDRAWN in (before, current.stage) and before != current.stage:
        _announce_stage(current, by)
    return current


def stage_refusal(area: BusinessArea, to: str) -> str:
    """Why the stage cannot be changed to `to` on a page or in bulk; empty if it can."""
    if area.stage == Stage.CLOSED and to != Stage.CLOSED:
        return (
            "" if to == Stage.LIVE else f"{area.name} is closed; it can only be reopened, as live."
        )
    if to == Stage.LIVE:
        return "An area goes live through its go-live page, which checks that it is ready."
    if to == Stage.WITHDRAWN:
        return "An area is withdrawn on its own page, which shows what becomes of its money."
    if area.stage == Stage.LIVE and to != Stage.CLOSED:
        return (
            f"{area.name} is live; it can only be closed. "
            "If it went live by mistake, correct its go-live."
        )
    if to == Stage.CLOSED and area.stage not in (Stage.LIVE, Stage.CLOSED):
        return f"{area.name} is not live, so there is nothing to close; withdraw it instead."
    return ""


@recorded(Change.Kind.HOLD, of="area")
@transaction.atomic
def hold_area(
    *, area: BusinessArea, since: date, reason: str, by: User | None, day: date
) -> BusinessArea:
    """Put an area on hold; its dates and forecasts stay until someone moves them.

    Sent twice it is done once. Raises HeldAlready, HoldInFuture, HoldTooEarly, NotToHold, or
    ValidationError without a reason.
    """
    current = locked(area)
    if current.on_hold_since:
        if (current.on_hold_since, current.hold_reason) != (since, reason.strip()):
            raise HeldAlready(current)
        return current
    if current.stage in (Stage.CLOSED, Stage.WITHDRAWN):
        raise NotToHold(current)
    if since > day:
        raise HoldInFuture
    began_on = current.alliance.began_on
    if began_on and since < began_on:
        raise HoldTooEarly(began_on)
    current.on_hold_since, current.hold_reason = since, reason.strip()
    save_area(current, day)
    return current


@recorded(Change.Kind.HOLD, of="area")
@transaction.atomic
def resume_area(*, area: BusinessArea, by: User | None, day: date) -> BusinessArea:
    """Take an area off hold; the hold stays in its history. Resumed twice is resumed."""
    current = locked(area)
    if current.on_hold_since is None:
        return current
    current.on_hold_since, current.hold_reason = None, ""
    save_area(current, day)
    return current


@recorded(Change.Kind.WITHDRAWAL, of="area", moves_all=True)
@transaction.atomic
def withdraw_area(*, area: BusinessArea, by: User | None, day: date) -> BusinessArea:
    """Take an area out of the programme: its forecast from dates stops; the rest stays on record.

    Withdrawn twice is withdrawn. Raises StageNotReached for an area that is live or closed.
    """
    current = locked(area)
    if current.stage == Stage.WITHDRAWN:
        return current
    refusal = rules.withdrawal_refusal(current.name, current.stage)
    if refusal:
        raise StageNotReached({"stage": refusal})
    current.stage = Stage.WITHDRAWN
    current.on_hold_since, current.hold_reason = None, ""
    save_area(current, day)
    _announce_stage(current, by)
    return current


@recorded(Change.Kind.NEW_AREA, of="alliance")
@transaction.atomic
def add_area(
    *,
    alliance: Alliance,
    name: str,
    category: str,
    stage: str,
    day: date,
    by: User | None,
    code: str = "",
    lead_force: Force | None = None,
    owner: User | None = None,
    summary: str = "",
    go_live_on: date | None = None,
) -> BusinessArea:
    """A new area with its go-live milestone; a date given for it is the original and provisional.

    The code for its address comes from the name unless given. Sent twice it is added once. Raises
    NameTaken, StageNotReached, NotToOwn, or ValidationError by field.
    """
    Alliance.objects.select_for_update(no_key=True).get(pk=alliance.pk)
    if stage not in BEFORE_LIVE:
        raise StageNotReached({"stage": "A new area starts before it is live."})
    given: dict[str, Any] = {
        "alliance": alliance,
        "name": name.strip(),
        "category": category,
        "stage": stage,
        "lead_force": lead_force,
        "owner": owner,
        "summary": summary,
    }
    same = BusinessArea.objects.filter(**given, revision=1).first()
    if same and same.milestones.filter(kind=Milestone.Kind.GO_LIVE, baseline_on=go_live_on):
        return same
    _check_name(alliance, name, None)
    check_owner(alliance, owner)
    area = BusinessArea(**given, code=code or _free_code(alliance, name))
    save_area(area, day)
    go_live = Milestone(
        alliance=alliance,
        area=area,
        code=f"{area.code[:50]}-go-live",
        name="Go live",
        kind=Milestone.Kind.GO_LIVE,
        baseline_on=go_live_on,
        forecast_on=go_live_on,
        is_provisional=go_live_on is not None,
    )
    go_live.full_clean()
    go_live.save()
    return area


def _free_code(alliance: Alliance, name: str) -> str:
    """The name as an address; with a number after it if another area has it."""
    taken = BusinessArea.objects.filter(alliance=alliance).values_list("code", flat=True)
    return free_code(name, taken, longest=60, otherwise="area")


def check_owner(alliance: Alliance, owner: User | None) -> None:
    """Raise NotToOwn unless the person may change the alliance's areas; nobody may always own one."""
    may = people_who_may(alliance, Action.MANAGE_AREAS)
    if owner is not None and not may.filter(pk=owner.pk).exists():
        raise NotToOwn(owner)


def _check_name(alliance: Alliance, name: str, area: BusinessArea | None) -> None:
    same = BusinessArea.objects.filter(alliance=alliance).annotate(low=Lower("name"))
    if area is not None:
        same = same.exclude(pk=area.pk)
    if same.filter(low=name.strip().lower()).exists():
        raise NameTaken(name.strip())


def spoken_of(area_ids: Iterable[int | None], day: date) -> None:
    """The areas have had a word from a person on that day; a later day stays. One query at most.

    None stands for the programme, which keeps no such day.
    """
    if areas := {area_id for area_id in area_ids if area_id is not None}:
        BusinessArea.objects.filter(
            Q(last_update_on__isnull=True) | Q(last_update_on__lt=day), pk__in=areas
        ).update(last_update_on=day)


def save_area(area: BusinessArea, day: date) -> None:
    """Check and write; the area has had a word from a person today. Later days stay."""
    area.last_update_on = max(day, area.last_update_on or day)
    area.full_clean()
    area.save()


def _announce_stage(area: BusinessArea, by: User | None) -> None:
    """A withdrawn area has no forecast from dates; one that is back has it again."""
    shares_inputs_changed.send(
        sender=BusinessArea,
        alliance=area.alliance,
        area_ids={area.pk},
        dates_changed=True,
        cause=f"{area.name} is {area.get_stage_display().lower()}",
        by=by,
    )
