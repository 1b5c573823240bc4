"""Milestones as the rules of their order see them."""

from collections.abc import Iterable

from django.db.models import Q

from business_areas.models import Milestone
from business_areas.order import Step


def beside(milestone: Milestone) -> list[Milestone]:
    """Every milestone of its area, or of the programme's own, itself among them. One query."""
    of_area = Milestone.objects.filter(alliance=milestone.alliance_id, area=milestone.area_id)
    if milestone.area_id is None:
        of_area = Milestone.objects.filter(Q(area__isnull=True), alliance=milestone.alliance_id)
    return list(of_area.select_related("area").order_by("pk"))


def steps_of(milestones: Iterable[Milestone]) -> list[Step]:
    """A step for each; their areas must have been read."""
    return [
        Step(
            key=each.pk,
            of=each.area.name if each.area else "",
            name=each.name,
            kind=each.kind,
            on=each.expected_on,
            is_reached=each.actual_on is not None,
        )
        for each in milestones
    ]
