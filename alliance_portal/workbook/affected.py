"""Which shares a loaded workbook puts behind, and the requests to bring them up to date."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from alliance_portal.workbook.comparing import SheetChanges
from business_areas.models import BusinessArea
from programmes.models import Alliance, User
from savings import services
from savings.engine.periods import financial_year_of
from savings.inputs import Unit
from savings.models import Item
from savings.requests import request_units

CAUSE = "A workbook was loaded"

Changes = Mapping[str, SheetChanges]

WITHDRAWN = BusinessArea.Stage.WITHDRAWN
_EVERYTHING = (None, None)
_OF_AREAS = ("area_members", "staffing", "design", "milestones", "sharing_rules", "items", "raid")


def ask_for_shares(alliance: Alliance, changes: Changes, *, by: User | None) -> int:
    """Derive forecasts and request shares for what the changes touch; how many requests.

    A size counts from the year of its date on; a rule for its area from its date on; a member for
    its area in every year; an amount for its area and year.
    """
    areas = dict(BusinessArea.objects.filter(alliance=alliance).values_list("code", "pk"))
    asked = 0
    if _moves_forecasts(changes):
        asked += services.derive_forecasts(alliance=alliance, area_ids=None, cause=CAUSE, by=by)
    behind = _by_area(changes, areas)
    for area_ids, since_year in behind:
        asked += services.request_recompute(
            alliance=alliance, cause=CAUSE, area_ids=area_ids, since_year=since_year, by=by
        )
    units = set() if _EVERYTHING in behind else _units(alliance, changes["amounts"])
    return asked + request_units(alliance=alliance, units=units, cause=CAUSE, by=by)


def areas_spoken_of(alliance: Alliance, changes: Changes) -> set[int]:
    """The areas of which the changes say anything; two queries at most. Rows that stay say nothing."""
    areas = dict(BusinessArea.objects.filter(alliance=alliance).values_list("code", "pk"))
    codes = {row.code for row in _touched(changes["business_areas"])}
    codes |= {row.area for sheet in _OF_AREAS for row in _touched(changes[sheet])}
    of_amounts = {unit.area_id for unit in _units(alliance, changes["amounts"])}
    return of_amounts | {areas[code] for code in codes if code}


def make_room_for_typed_forecasts(
    alliance: Alliance, items: SheetChanges, *, by: User | None
) -> int:
    """Take away what was derived for items that lose their ramp; how many requests for shares.

    It is done before amounts are written, as those of the same months may be typed in its place.
    """
    if not any(old.ramp and not new.ramp for old, new in items.changed):
        return 0
    return services.derive_forecasts(alliance=alliance, area_ids=None, cause=CAUSE, by=by)


def _moves_forecasts(changes: Changes) -> bool:
    """Items, milestones and the target say what is derived; the last amount, until when.

    A withdrawn area has no forecast from dates; one that is brought back has it again.
    """
    if any(
        WITHDRAWN in (old.stage, new.stage) and old.stage != new.stage
        for old, new in changes["business_areas"].changed
    ):
        return True
    target = any(old.target_on != new.target_on for old, new in changes["alliance"].changed)
    return target or any(changes[sheet] for sheet in ("items", "milestones", "amounts"))


def _by_area(
    changes: Changes, areas: Mapping[str, int]
) -> list[tuple[set[int] | None, int | None]]:
    """Areas (None: all) with the year from which their shares are behind (None: every year)."""
    if changes["members"] or _order_or_names_changed(changes["forces"]):
        return [_EVERYTHING]
    behind: list[tuple[set[int] | None, int | None]] = []
    if sizes := changes["force_sizes"].created:
        behind.append((None, min(financial_year_of(row.effective_on) for row in sizes)))
    whole = {areas[code] for code in _whole_areas(changes)}
    if whole:
        behind.append((whole, None))
    for rule in _touched(changes["sharing_rules"]):
        scope = {areas[rule.area]} if rule.area else None
        behind.append((scope, financial_year_of(_start(rule))))
    return behind


def _whole_areas(changes: Changes) -> set[str]:
    """Areas whose members changed, or whose items changed kind or place."""
    codes = {row.area for row in _touched(changes["area_members"])}
    for old, new in changes["items"].changed:
        if (old.area, old.kind, old.code) != (new.area, new.kind, new.code):
            codes |= {old.area, new.area}
    return codes


def _units(alliance: Alliance, amounts: SheetChanges) -> set[Unit]:
    if not amounts:
        return set()
    area_of = dict(Item.objects.filter(alliance=alliance).values_list("code", "area_id"))
    return {Unit(area_of[row.item], row.period.year) for row in _touched(amounts)}


def _order_or_names_changed(forces: SheetChanges) -> bool:
    """The order settles ties; a name is part of the sentence that says why a share is withheld."""
    return any((old.position, old.name) != (new.position, new.name) for old, new in forces.changed)


def _touched(changes: SheetChanges) -> list[Any]:
    """Rows created, and changed ones as they were and as they are."""
    return [*changes.created, *(row for pair in changes.changed for row in pair)]


def _start(rule: Any) -> date:
    start: date = rule.effective_on
    return start
