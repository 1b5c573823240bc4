"""An area's three statuses on its own page, as the dashboard and the list have them."""

from datetime import date

from alliance_portal.as_at.assess import assess
from alliance_portal.as_at.budget import read_plans_of
from alliance_portal.as_at.facts import Head, facts_of_area
from business_areas.models import BusinessArea
from business_areas.selectors import AreaDetail
from business_areas.statuses import Status
from savings.selectors.totals import Totals, year_of


def statuses_of(
    area: BusinessArea, detail: AreaDetail, totals: Totals, day: date
) -> tuple[Status, ...]:
    """The statuses in the order of Strand; none for a withdrawn area, which is not rated. One query."""
    names = {force.pk: force.name for force in detail.every_force}
    heads = [
        Head(row.force_id, names[row.force_id], row.as_at, row.baseline_fte, row.shared_fte)
        for row in detail.staffing
    ]
    facts = facts_of_area(area, [milestone for milestone, _ in detail.milestones], heads, day)
    year = year_of(totals, day)
    rated = assess(
        facts,
        read_plans_of(area.alliance_id, totals, year),
        year,
    ).areas
    return rated[0].statuses if rated else ()
