"""The adjustments of closed years beside an area's working: of its year, or posted in it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from business_areas.models import BusinessArea
from programmes.models import Force
from savings.models import TrueUp, TrueUpLine


@dataclass(frozen=True)
class Beside:
    """An adjustment's lines of one area and kind: what it adds to each force's share, in pence."""

    true_up: TrueUp
    kind: str
    shares: tuple[tuple[Force, int], ...]


def beside(area: BusinessArea, year: int, kinds: Collection[str]) -> list[Beside]:
    """The area's adjustments of the year and those posted in it, the first first. One query."""
    lines = TrueUpLine.objects.filter(
        Q(true_up__year=year) | Q(true_up__posted_in_year=year), area=area, kind__in=kinds
    )
    found: dict[tuple[TrueUp, str], list[tuple[Force, int]]] = {}
    for line in lines.select_related("true_up", "force").order_by(
        "true_up", "kind", "force__position"
    ):
        kind = line.get_kind_display().lower()
        found.setdefault((line.true_up, kind), []).append((line.force, line.pence))
    return [Beside(true_up, kind, tuple(shares)) for (true_up, kind), shares in found.items()]
