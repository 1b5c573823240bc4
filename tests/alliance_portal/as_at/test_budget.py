"""Budgets rated against what is approved: what it costs to set up, to run, and what it saves."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.as_at.budget import Against, Plan, budget, read_plans_of, together
from business_areas.models import Rating
from savings.selectors.totals import read_totals
from tests import factories


@pytest.mark.parametrize("what", ["setting_up", "running"])
@pytest.mark.parametrize(
    ("cost", "rating"),
    [
        (0, "AMBER"),
        (89_99, "AMBER"),
        (90_00, "GREEN"),
        (105_00, "GREEN"),
        (105_01, "AMBER"),
        (109_99, "AMBER"),
        (110_00, "RED"),
    ],
)
def test_a_cost_is_amber_above_5_percent_red_from_10_and_amber_far_below(what, cost, rating):
    assert budget(Plan(**{what: Against(100_00, cost)})).rating == Rating[rating]


@pytest.mark.parametrize(
    ("saving", "rating"), [(200_00, "GREEN"), (95_00, "GREEN"), (94_99, "AMBER"), (90_00, "RED")]
)
def test_savings_are_amber_below_5_percent_and_red_from_10(saving, rating):
    assert budget(Plan(savings=Against(100_00, saving))).rating == Rating[rating]


def test_what_it_costs_to_set_up_is_not_hidden_behind_what_it_costs_to_run():
    judged = budget(
        Plan(setting_up=Against(100_000_00, 112_100_00), running=Against(10**10, 10**10 - 10**8))
    )

    assert judged.rating == Rating.RED
    assert judged.why == (
        "Forecast set-up cost 12.1% above approved, by £12,100;"
        " running cost 1.0% below approved, by £1 million."
    )


def test_the_worst_of_the_three_decides():
    judged = budget(Plan(running=Against(100, 99), savings=Against(1000, 880)))

    assert judged.rating == Rating.RED
    assert judged.why == (
        "Forecast running cost 1.0% below approved, by £0.01; savings 12.0% below approved, by £1."
    )


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        (100_000, "as approved"),
        (105_040, "5.04% above approved, by £50"),
        (105_000, "5.0% above approved, by £50"),
        (109_999, "9.999% above approved, by £100"),
        (100_001, "0.001% above approved, by £0.01"),
        (200_001, "more than double what is approved, by £1,000"),
    ],
)
def test_at_a_limit_as_many_digits_show_as_it_takes(forecast, words):
    assert budget(Plan(running=Against(100_000, forecast))).why == f"Forecast running cost {words}."


@given(approved=st.integers(1, 10**12), over=st.fractions(-1, 1))
def test_the_percentage_that_is_shown_is_rated_as_the_exact_one_is(approved, over):
    forecast = int(approved * (1 + over))
    judged = budget(Plan(running=Against(approved, forecast)))

    shown = re.search(r"([0-9.]+)% (above|below)", judged.why)
    if shown and abs(forecast - approved) * 10**4 > approved:  # or no digits would do
        part = Fraction(shown[1]) * (1 if shown[2] == "above" else -1)
        again = budget(Plan(running=Against(10**12, 10**12 + int(part * 10**10))))
        assert again.rating == judged.rating


def test_nothing_approved_is_not_rated():
    plan = Plan(running=Against(forecast=5))

    assert budget(plan, whose="2017/18").why == "Nothing is approved for 2017/18."


def test_a_cost_that_nobody_approved_counts_and_a_saving_that_nobody_planned_does_not():
    plan = together(
        [
            Plan(running=Against(10, 11), savings=Against(10, 5)),
            Plan(running=Against(None, 1000), savings=Against(None, 1000)),
        ]
    )

    assert plan == Plan(running=Against(10, 1011), savings=Against(10, 5))


@pytest.mark.django_db
def test_one_off_costs_are_to_set_up_and_recurring_ones_to_run_before_grants() -> None:
    area = factories.area()
    for kind, recurrence, approved, forecast in (
        ("COST", "ONE_OFF", 500, 700),
        ("GRANT", "ONE_OFF", 100, 50),
        ("COST", "RECURRING", 9000, 8000),
    ):
        item = factories.item(area=area, kind=kind, recurrence=recurrence)
        for version, pence in (("APPROVED", approved), ("FORECAST", forecast), ("ACTUAL", 1)):
            factories.amount(item=item, version=version, pence=pence, starts_on=date(2017, 4, 1))
        factories.amount(item=item, version="APPROVED", pence=77, starts_on=date(2018, 4, 1))

    totals = read_totals([area.alliance_id]).get(area.alliance_id, {})
    assert read_plans_of(area.alliance_id, totals, 2017) == {
        area.pk: Plan(setting_up=Against(500, 700), running=Against(9000, 8000))
    }
