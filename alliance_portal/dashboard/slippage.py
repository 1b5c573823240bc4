"""What go-live dates that differ from the approved ones do to a year's forecast savings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from business_areas.models import Milestone
from savings.engine.periods import financial_year_of, last_day
from savings.forecasts import derived_amounts
from savings.models import Item


def horizon_of(years: Iterable[int], target_on: date | None) -> date:
    """The last day of derived forecasts, from the years that have money: see savings.forecasts."""
    target = [financial_year_of(target_on)] if target_on else []
    return last_day(max([*years, *target], default=1900))


def slipped(milestones: Iterable[Milestone], year: int, until: date) -> int:
    """What dates that differ from the approved ones add to the year's forecast savings, in pence.

    One query, none for no milestone. `until` is the last day of derived forecasts.
    """
    late = {each.pk: each for each in milestones}
    if not late:
        return 0
    items: dict[int, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(milestone__in=late, kind=Item.Kind.SAVING).exclude(ramp=[]):
        if item.milestone_id is not None:
            items[item.milestone_id].append(item)
    return sum(
        sign * pence
        for pk, milestone in late.items()
        for item in items[pk]
        for on, sign in ((milestone.approved_on, -1), (milestone.expected_on, 1))
        for month, pence in derived_amounts(item, on, until).items()
        if financial_year_of(month) == year
    )
