"""Slippage priced: the steps from plan to forecast, and what the title may claim."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.as_at.sentence import Sentence
from alliance_portal.charts.priced import finding, slippage_priced
from programmes.models import Alliance
from savings.selectors.outturn import Outturn
from savings.selectors.slippage import Slipped

HILLS = Alliance(code="hills", name="Hills")
MILLION = 10**8


def said(**changed: Any) -> Sentence:
    """A year £0.4 million below a plan of £6.5 million, three quarters of it slippage."""
    savings = {
        "year": 2017,
        "approved": 650 * MILLION // 100,
        "forecast": 610 * MILLION // 100,
        "outturn": changed.get("forecast", 610 * MILLION // 100),
        "made": None,
        "made_until": None,
        "parts": {},
    }
    of_savings = {name: value for name, value in changed.items() if name in savings}
    rest = {name: value for name, value in changed.items() if name not in savings}
    return Sentence(
        **{
            "live": 19,
            "areas": 32,
            "savings": Outturn(**{**savings, **of_savings}),
            "unapproved": 0,
            "slipped": Slipped(-20 * MILLION // 100, -10 * MILLION // 100),
            **rest,
        }
    )


def test_the_steps_lead_from_plan_to_forecast():
    chart = slippage_priced(alliance=HILLS, said=said())

    assert [(row.label, row.figures[0].value, row.is_total) for row in chart.rows] == [
        ("Planned", 650_000_000, True),
        ("Slipped since approved", -20_000_000, False),
        ("Re-baselined since the original", -10_000_000, False),
        ("Everything else", -10_000_000, False),
        ("Forecast", 610_000_000, True),
    ]
    assert chart.title == (
        "Savings for 2017 to 2018 are forecast £0.4 million below plan, "
        "£0.3 million of it from go-live dates later than first promised"
    )


@pytest.mark.parametrize(
    ("slippage", "other", "title"),
    [
        (0, 0, "Savings for 2017 to 2018 are forecast as planned"),
        (
            -MILLION,
            0,
            (
                "Savings for 2017 to 2018 are forecast £1 million below plan, all of it from go-live "
                "dates later than first promised"
            ),
        ),
        (
            0,
            -MILLION,
            (
                "Savings for 2017 to 2018 are forecast £1 million below plan; go-live dates have no "
                "part in it"
            ),
        ),
        (
            -MILLION,
            MILLION,
            (
                "Go-live dates later than first promised take £1 million off savings "
                "for 2017 to 2018, and everything else makes up for it"
            ),
        ),
        (
            -2 * MILLION,
            MILLION,
            (
                "Go-live dates later than first promised take £2 million off savings "
                "for 2017 to 2018; everything else adds £1 million"
            ),
        ),
        (
            -MILLION,
            3 * MILLION,
            (
                "Go-live dates later than first promised take £1 million off savings "
                "for 2017 to 2018; everything else adds £3 million"
            ),
        ),
        (
            MILLION,
            -3 * MILLION,
            (
                "Go-live dates earlier than first promised add £1 million to savings "
                "for 2017 to 2018; everything else takes £3 million"
            ),
        ),
        (
            MILLION,
            MILLION,
            (
                "Savings for 2017 to 2018 are forecast £2 million above plan, £1 million of it from "
                "go-live dates earlier than first promised"
            ),
        ),
    ],
)
def test_the_title_says_how_much_of_the_gap_is_dates(slippage, other, title):
    assert finding(year=2017, planned=10 * MILLION, slippage=slippage, other=other) == title


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"forecast": None, "approved": None}, "No savings are recorded for 2017 to 2018 yet."),
        ({"forecast": None}, "No savings are forecast for 2017 to 2018 yet"),
        ({"approved": None}, "No savings are approved for 2017 to 2018 yet"),
        ({"unapproved": 5 * MILLION}, "too little is approved for the two to be compared"),
    ],
)
def test_nothing_is_claimed_where_plan_and_forecast_do_not_compare(facts, sentence):
    chart = slippage_priced(alliance=HILLS, said=said(**facts))

    assert chart.rows == ()
    assert sentence in chart.empty
    assert chart.title == "From plan to forecast, 2017 to 2018"


@given(
    approved=st.integers(-(10**10), 10**12),
    forecast=st.integers(0, 10**12),
    dates=st.lists(st.integers(-(10**11), 10**11), min_size=3, max_size=3),
)
def test_the_steps_add_up(approved, forecast, dates):
    chart = slippage_priced(
        alliance=HILLS, said=said(approved=approved, forecast=forecast, slipped=Slipped(*dates))
    )

    *steps, reached = (row.figures[0].value or 0 for row in chart.rows)
    assert sum(steps) == reached == forecast
    assert [row.figures[0].value for row in chart.rows[1:3]] == dates[:2]


def test_once_savings_are_made_the_steps_lead_to_the_outturn():
    made = {"made": 400 * MILLION // 100, "made_until": date(2017, 12, 1)}

    chart = slippage_priced(alliance=HILLS, said=said(**made))

    assert chart.rows[-1].label == "Outturn"
    assert chart.rows[-1].figures[0].value == said(**made).outturn
    assert sum(row.figures[0].value for row in chart.rows[:-1]) == said(**made).outturn
