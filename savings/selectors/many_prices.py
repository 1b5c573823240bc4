"""Many milestones moved to one day, priced together by force and year before they are saved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from business_areas.models import BusinessArea, Milestone
from programmes.models import Force
from savings.apportioned import work_out
from savings.inputs import in_natural_order, lines_unsorted, read_sharing_inputs
from savings.models import Item
from savings.selectors.date_price import Price
from savings.selectors.forecast_lines import FORECAST, made_lines, read_stored, unshared
from savings.selectors.moves import moves


def price_dates(milestones: Sequence[Milestone], to: date) -> tuple[Price, tuple[Force, ...]]:
    """What milestones of one alliance on `to` would do to the forecast, against their dates today.

    With the price, the forces in the agreed order, as its years have them. Worked out as
    `price_date` does for one; closed years do not move. Nine queries, however many milestones.
    Nothing is saved. Raises IndexError without a milestone.
    """
    first = milestones[0]
    inputs = read_sharing_inputs(first.alliance_id)
    by_milestone: dict[int | None, list[Item]] = defaultdict(list)
    for item in (
        Item.objects.filter(milestone__in=milestones)
        .exclude(area__stage=BusinessArea.Stage.WITHDRAWN)  # has no forecast to move
        .select_related("alliance")
    ):
        if item.derives_forecast:
            by_milestone[item.milestone_id].append(item)
    items = [item for found in by_milestone.values() for item in found]
    if not items:
        return Price(to, (), len(inputs.forces)), inputs.forces
    stored = read_stored(first, items)
    lines = lines_unsorted(stored.units)
    lines = lines[lines["version"] == FORECAST]
    others = lines[~np.isin(lines["amount"], stored.derived)]
    before: list[npt.NDArray[np.void]] = []
    number = -1
    for milestone in milestones:
        found = by_milestone[milestone.pk]
        before.append(made_lines(others.dtype, found, milestone.expected_on, stored, number))
        number -= len(before[-1])
    now_made = np.concatenate(before)
    then_made = made_lines(others.dtype, items, to, stored, number)
    every = in_natural_order(np.concatenate([others, now_made, then_made]), stored.by_code)
    stays = every["amount"] >= 0
    now, then = (
        work_out(inputs, every[stays | np.isin(every["amount"], made["amount"])])
        for made in (now_made, then_made)
    )
    apart = unshared(then) - unshared(now)
    price = Price(to, moves(inputs.order, now, then), len(inputs.forces), apart)
    return price, inputs.forces
