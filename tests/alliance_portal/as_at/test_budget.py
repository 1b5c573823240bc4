"""Budgets rated against what is approved."""

import pytest

from alliance_portal.as_at.budget import Plan, budget, together
from business_areas.models import Rating


@pytest.mark.parametrize(
    ("cost", "rating"),
    [(0, "GREEN"), (105_00, "GREEN"), (105_01, "AMBER"), (109_99, "AMBER"), (110_00, "RED")],
)
def test_costs_are_amber_above_5_percent_and_red_from_10(cost, rating):
    assert budget(Plan(cost_approved=100_00, cost_forecast=cost)).rating == Rating[rating]


@pytest.mark.parametrize(
    ("saving", "rating"), [(200_00, "GREEN"), (95_00, "GREEN"), (94_99, "AMBER"), (90_00, "RED")]
)
def test_savings_are_amber_below_5_percent_and_red_from_10(saving, rating):
    assert budget(Plan(saving_approved=100_00, saving_forecast=saving)).rating == Rating[rating]


def test_the_worse_of_costs_and_savings_decides():
    judged = budget(
        Plan(cost_approved=100, cost_forecast=99, saving_approved=1000, saving_forecast=880)
    )

    assert judged.rating == Rating.RED
    assert judged.why == "Costs 1.0% below approved; savings 12.0% below approved."


def test_nothing_approved_is_not_rated():
    assert budget(Plan(cost_forecast=5), whose="2017/18").why == "Nothing is approved for 2017/18."


def test_areas_without_an_approved_amount_do_not_count_in_the_total():
    plan = together([Plan(cost_approved=10, cost_forecast=11), Plan(cost_forecast=1000)])

    assert plan == Plan(cost_approved=10, cost_forecast=11)
