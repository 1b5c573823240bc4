"""What follows from a loaded workbook beside its rows: forecasts, and the areas that it speaks of.

Which shares are to be worked out again is where the books before and after it differ.
"""

from collections.abc import Mapping
from typing import Any

from alliance_portal.workbook.comparing import SheetChanges
from business_areas.models import BusinessArea
from programmes.models import Alliance, User
from savings import services
from savings.models import Item

CAUSE = "A workbook was loaded"

Changes = Mapping[str, SheetChanges]

_OF_AREAS = ("area_members", "staffing", "design", "milestones", "sharing_rules", "items", "raid")


def areas_spoken_of(alliance: Alliance, changes: Changes) -> set[int]:
    """The areas of which the changes say anything; two queries at most. Rows that stay say nothing."""
    areas = dict(BusinessArea.objects.filter(alliance=alliance).values_list("code", "pk"))
    codes = {row.code for row in _touched(changes["business_areas"])}
    codes |= {row.area for sheet in _OF_AREAS for row in _touched(changes[sheet])}
    return _areas_of(alliance, changes["amounts"]) | {areas[code] for code in codes if code}


def make_room_for_typed_forecasts(
    alliance: Alliance, items: SheetChanges, *, by: User | None
) -> None:
    """Take away what was derived for items that lose their ramp.

    It is done before amounts are written, as those of the same months may be typed in its place.
    """
    if any(old.ramp and not new.ramp for old, new in items.changed):
        derive_forecasts(alliance, by=by)


def derive_forecasts(alliance: Alliance, *, by: User | None) -> None:
    """Whatever follows from a date, a ramp, a stage or the last amount; only what differs is written."""
    services.derive_forecasts(alliance=alliance, cause=CAUSE, by=by)


def _areas_of(alliance: Alliance, amounts: SheetChanges) -> set[int]:
    if not amounts:
        return set()
    area_of = dict(Item.objects.filter(alliance=alliance).values_list("code", "area_id"))
    return {area_of[row.item] for row in _touched(amounts)}


def _touched(changes: SheetChanges) -> list[Any]:
    """Rows created, and changed ones as they were and as they are."""
    return [*changes.created, *(row for pair in changes.changed for row in pair)]
