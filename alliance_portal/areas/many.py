"""Changing many areas, with what new go-live dates do to each force shown before they are saved."""

from collections.abc import Sequence
from typing import Any

from alliance_portal.dates.order import order_of_many
from business_areas.models import Milestone
from business_areas.services.many import PlannedChange
from business_areas.views.many import ChangeMany
from savings.selectors.date_price import price_dates


class ChangeManyPriced(ChangeMany):
    """The check page of new dates prices them, all together, by force and financial year."""

    def priced(self, changes: Sequence[PlannedChange], value: Any) -> dict[str, Any]:
        """What is to move, priced, and what that puts in the wrong order; only for dates."""
        moving = [each.milestone for each in changes if each.milestone]
        if not moving:
            return {}
        areas = {each.area_id for each in moving}
        beside = Milestone.objects.filter(area__in=areas).select_related("area").order_by("pk")
        return {
            "effect": price_dates(moving, value).effect,
            "warnings": order_of_many(beside, {each.pk: value for each in moving}),
        }
