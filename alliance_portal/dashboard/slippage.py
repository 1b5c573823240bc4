"""What go-live dates that differ from the approved ones do to a year's forecast savings."""

from collections.abc import Iterable
from datetime import date

from business_areas.models import Milestone
from savings.engine.periods import financial_year_of, last_day
from savings.forecasts import derived_amounts
from savings.selectors.outturn import Started


def horizon_of(years: Iterable[int], target_on: date | None) -> date:
    """The last day of derived forecasts, from the years that have money: see savings.forecasts."""
    target = [financial_year_of(target_on)] if target_on else []
    return last_day(max([*years, *target], default=1900))


def slipped(
    milestones: Iterable[Milestone], items: Iterable[Started], year: int, until: date
) -> int:
    """What dates that differ from the approved ones add to the year's forecast savings, in pence.

    `items` are the alliance's savings that start from milestones; `until` is the last day of derived
    forecasts. No query.
    """
    late = {each.pk: each for each in milestones}
    return sum(
        sign * pence
        for item in items
        if (milestone := late.get(item.milestone_id))
        for on, sign in ((milestone.approved_on, -1), (milestone.expected_on, 1))
        for month, pence in derived_amounts(item, on, until).items()
        if financial_year_of(month) == year
    )
