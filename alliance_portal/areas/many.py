"""Changing many areas, with what new go-live dates do to each force shown before they are saved."""

from collections.abc import Sequence
from typing import Any

from business_areas.services.many import PlannedChange
from business_areas.views.many import ChangeMany
from savings.selectors.date_price import price_dates


class ChangeManyPriced(ChangeMany):
    """The check page of new dates prices them, all together, by force and financial year."""

    def also_shown(self, planned: Sequence[PlannedChange], value: Any) -> dict[str, Any]:
        """The price of what is to move; nothing for a stage or an owner."""
        moving = [each.milestone for each in planned if each.is_change and each.milestone]
        if not moving:
            return {}
        price, forces = price_dates(moving, value)
        return {"price": price, "forces": forces}
