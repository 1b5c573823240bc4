"""What an area needs before it goes live, money included; for one area or for many, in one query."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from business_areas.models import BusinessArea, NotApplicable
from business_areas.readiness import (
    Mark,
    Need,
    Readiness,
    marks_of,
    needs_of,
    people_of,
    with_needs,
)
from programmes.models import Alliance
from savings.models import Amount, Item

_NAMED = 3  # items without an approved amount that the page names


def readiness_of_areas(
    alliance: Alliance, day: date, codes: Iterable[str] | None = None
) -> dict[int, Readiness]:
    """The readiness of the areas with these codes (None: of all), by the area's number.

    `day` is the alliance's today: who shares an area and who is in post is asked of that day. One
    query, however many areas.
    """
    areas = BusinessArea.objects.filter(alliance=alliance)
    if codes is not None:
        areas = areas.filter(code__in=list(codes))
    found = _with_money(with_needs(areas.select_related("lead_force", "owner"), day))
    return {area.pk: _readiness(area, alliance) for area in found}


def readiness_of(alliance: Alliance, day: date, code: str) -> Readiness | None:
    """The same of one area; None if the alliance has no such area. One query."""
    return next(iter(readiness_of_areas(alliance, day, [code]).values()), None)


def _with_money(areas: QuerySet[BusinessArea]) -> QuerySet[BusinessArea]:
    """Adds whether the area has approved money, and the items whose forecast nobody has approved."""
    mine = Amount.objects.filter(item=OuterRef("pk"))
    unapproved = Item.objects.filter(
        Exists(mine.filter(version=Amount.Version.FORECAST)),
        ~Exists(mine.filter(version=Amount.Version.APPROVED)),
        area=OuterRef("pk"),
    )
    approved = Amount.objects.filter(item__area=OuterRef("pk"), version=Amount.Version.APPROVED)
    return areas.annotate(
        need_has_approved=Exists(approved),
        need_unapproved=ArraySubquery(unapproved.order_by("code").values("name")),
    )


def _readiness(area: Any, alliance: Alliance) -> Readiness:
    area.alliance = alliance
    money = _money(area, marks_of(area).get(NotApplicable.Item.MONEY))
    return Readiness(area, (*needs_of(area), money), people_of(area))


def _money(area: Any, mark: Mark | None) -> Need:
    item = NotApplicable.Item.MONEY
    names: list[str] = area.need_unapproved
    if not area.need_has_approved:
        return Need(item, False, "no money is approved", mark)
    if names:
        named = [f"“{name}”" for name in names[:_NAMED]]
        rest = len(names) - len(named)
        if rest:
            named.append(f"{rest} more item{'s' if rest > 1 else ''}")
        listed = ", ".join(named[:-1]) + (" and " if named[1:] else "") + named[-1]
        return Need(item, False, f"no amount is approved for {listed}", mark)
    return Need(item, True, "every item has its approved amount", mark)
