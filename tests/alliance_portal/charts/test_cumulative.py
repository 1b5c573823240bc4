"""Cumulative savings: what is added up, where lines begin, and what the title may claim."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.charts.cumulative import cumulative_savings, is_comparable
from programmes.models import Alliance
from savings.engine.periods import financial_year_of
from savings.selectors.outturn import Saved, by_month, outturn_of

DAY = date(2017, 12, 31)
HILLS = Alliance(code="hills", name="Hills", held_on=DAY)
MILLION = 10**8


def monthly(version: str, first: date, *pence: int) -> list[Saved]:
    """So many pence in each month from the first one on."""
    months = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(len(pence))
    ]
    return [Saved(version, month, False, each) for month, each in zip(months, pence, strict=True)]


def yearly(version: str, year: int, pence: int) -> Saved:
    return Saved(version, date(year, 4, 1), True, pence)


def totals_of(saved: list[Saved]) -> dict[tuple[int, int, str, str], int]:
    """As one area's pools would have them."""
    found: dict[tuple[int, int, str, str], int] = {}
    for each in saved:
        place = (1, financial_year_of(each.starts_on), "SAVING", each.version)
        found[place] = found.get(place, 0) + each.pence
    return found


def chart(saved: list[Saved], day: date = DAY):
    return cumulative_savings(
        alliance=HILLS, day=day, months=by_month(saved, day), totals=totals_of(saved)
    )


def column(drawn, name: str) -> list[int | None]:
    at = [each.name for each in drawn.series].index(name)
    return [row.figures[at].value for row in drawn.rows]


PLAN = [yearly("APPROVED", 2017, 12 * MILLION), yearly("APPROVED", 2018, 12 * MILLION)]


def test_a_whole_years_amount_is_spread_over_its_months_to_the_penny():
    months = by_month([yearly("APPROVED", 2017, 100)], DAY)["APPROVED"]

    assert len(months) == 12
    assert sum(months.values()) == 100
    assert set(months.values()) == {8, 9}


def test_what_was_saved_this_year_is_spread_over_its_months_so_far():
    months = by_month([yearly("ACTUAL", 2017, 90)], DAY)["ACTUAL"]

    assert max(months) == date(2017, 12, 1)
    assert sum(months.values()) == 90


def test_each_line_begins_at_nought():
    drawn = chart(PLAN)

    assert column(drawn, "Planned")[0] == 0
    assert drawn.rows[0].on == date(2017, 3, 31)


def test_actual_ends_with_its_last_month_and_the_forecast_is_drawn_from_there():
    saved = [
        *PLAN,
        *monthly("ACTUAL", date(2017, 4, 1), *[MILLION] * 8),
        yearly("FORECAST", 2017, 12 * MILLION),
    ]

    drawn = chart(saved)

    actual = [(row.on, row.figures[1].value) for row in drawn.rows if row.figures[1].value]
    assert actual[-1] == (date(2017, 11, 30), 8 * MILLION)
    forecast = [row.on for row in drawn.rows if row.figures[2].is_drawn]
    assert forecast[0] == date(2017, 11, 30)
    assert column(drawn, "Outturn")[2] == 6 * MILLION  # in the table from the beginning


def test_a_version_without_amounts_has_no_column():
    assert [each.name for each in chart(PLAN).series] == ["Planned"]


def test_nothing_saved_and_nothing_planned_is_said_calmly():
    drawn = chart([])

    assert drawn.rows == ()
    assert drawn.empty.startswith("No savings are recorded yet.")


@pytest.mark.parametrize(
    ("saved", "title"),
    [
        (PLAN, "Savings of £24 million are planned by March 2019; none is forecast yet"),
        (
            [yearly("FORECAST", 2017, MILLION)],
            "Savings are forecast to reach £1 million by March 2018; none is approved yet",
        ),
        (
            [*PLAN, *(yearly("FORECAST", year, 12 * MILLION) for year in (2017, 2018))],
            "Savings are forecast to reach £24 million by March 2019, as planned",
        ),
        (
            [*PLAN, yearly("FORECAST", 2017, 11 * MILLION), yearly("FORECAST", 2018, 12 * MILLION)],
            "Savings are forecast to reach £23 million by March 2019, £1 million below plan",
        ),
        (
            [*PLAN, yearly("FORECAST", 2017, MILLION), yearly("FORECAST", 2019, 90 * MILLION)],
            "Savings are forecast to reach £91 million by March 2020; £24 million is approved so far",
        ),
        (
            [*PLAN, *monthly("ACTUAL", date(2017, 4, 1), *[MILLION] * 9)],
            "Savings by December 2017 are as planned",
        ),
        (
            [*PLAN, *monthly("ACTUAL", date(2017, 4, 1), *[MILLION] * 8, 2 * MILLION)],
            "Savings by December 2017 are £1 million above plan",
        ),
        (
            monthly("ACTUAL", date(2017, 4, 1), 52_286_00),
            "Savings by April 2017 are £52,286",
        ),
        (
            [
                *monthly("ACTUAL", date(2017, 4, 1), 52_286_00),
                yearly("FORECAST", 2017, 2 * MILLION),
            ],
            "Savings by April 2017 are £52,286, and are forecast to reach £1.9 million by March 2018",
        ),
        (
            [
                *PLAN,
                *monthly("ACTUAL", date(2017, 4, 1), *[MILLION // 2] * 9),
                yearly("FORECAST", 2017, 6 * MILLION),
                yearly("FORECAST", 2018, 16 * MILLION),
            ],
            (
                "Savings by December 2017 are £4.5 million below plan, and are forecast to be "
                "£2 million below it by March 2019"
            ),
        ),
        (
            [
                *PLAN,
                *monthly("ACTUAL", date(2017, 4, 1), *[MILLION // 2] * 9),
                yearly("FORECAST", 2017, 9 * MILLION),
                *monthly("FORECAST", date(2018, 4, 1), *[3 * MILLION] * 3, *[MILLION] * 9),
            ],
            (
                "Savings by December 2017 are £4.5 million below plan, and are forecast to "
                "catch up by June 2018"
            ),
        ),
        (
            [
                *PLAN,
                *monthly("ACTUAL", date(2017, 4, 1), *[MILLION] * 9),
                yearly("FORECAST", 2017, 12 * MILLION),
                yearly("FORECAST", 2018, 12 * MILLION),
            ],
            (
                "Savings by December 2017 are as planned, and are forecast to be as planned by "
                "March 2019"
            ),
        ),
    ],
)
def test_the_title_says_what_the_data_show_and_no_more(saved, title):
    assert chart(saved).title == title


def test_what_is_not_entered_is_not_compared_and_not_drawn():
    drawn = chart([*PLAN, yearly("FORECAST", 2017, 12 * MILLION)])

    assert drawn.title == "Savings are forecast to reach £12 million by March 2018, as planned"
    assert column(drawn, "Outturn")[-1] is None
    assert column(drawn, "Planned")[-1] == 24 * MILLION
    assert "forecast up to March 2018; beyond that none are entered." in " ".join(drawn.notes)


def test_what_was_caught_up_before_is_no_promise():
    saved = [
        *PLAN,
        *monthly("ACTUAL", date(2017, 4, 1), *[MILLION // 2] * 9),
        *monthly(
            "FORECAST", date(2017, 4, 1), 0, 0, 3 * MILLION, *[MILLION] * 20, 55 * MILLION // 10
        ),
    ]

    assert chart(saved).title.endswith("and are forecast to catch up by March 2019")


def test_all_noughts_claim_nothing_odd():
    saved = [yearly(version, 2017, 0) for version in ("APPROVED", "FORECAST", "ACTUAL")]

    assert chart(saved).title == (
        "Savings by December 2017 are £0, and are forecast to reach £0 by March 2018"
    )


def test_savings_below_nought_keep_their_sign():
    assert "−£2 million" in chart([yearly("FORECAST", 2017, -2 * MILLION)]).title


def test_a_forecast_mostly_without_a_plan_is_not_compared():
    totals = {(1, 2017, "SAVING", "FORECAST"): 90, (1, 2017, "SAVING", "APPROVED"): 50}

    assert is_comparable(totals, "FORECAST")
    assert is_comparable({**totals, (2, 2017, "SAVING", "FORECAST"): 10}, "FORECAST")
    assert not is_comparable({**totals, (2, 2017, "SAVING", "FORECAST"): 11}, "FORECAST")


def any_savings():
    months = st.dates(date(2014, 1, 1), date(2024, 12, 1)).map(lambda day: day.replace(day=1))
    pence = st.integers(-(10**10), 10**11)
    version = st.sampled_from(["APPROVED", "FORECAST", "ACTUAL"])
    month = st.builds(Saved, version, months, st.just(False), pence)
    return st.lists(month | st.builds(yearly, version, st.integers(2014, 2024), pence), min_size=1)


@given(saved=any_savings(), day=st.dates(date(2015, 1, 1), date(2024, 1, 1)))
def test_every_line_ends_at_the_total(saved, day):
    drawn = chart(saved, day)

    for version, name in (("APPROVED", "Planned"), ("ACTUAL", "Actual")):
        given_pence = [each.pence for each in saved if each.version == version]
        if given_pence:
            known = [pence for pence in column(drawn, name) if pence is not None]
            assert known[0] == 0
            assert known[-1] == sum(given_pence)
        else:
            assert name not in [each.name for each in drawn.series]
    assert drawn.title
    assert "None" not in drawn.title


@given(saved=any_savings(), day=st.dates(date(2015, 1, 1), date(2024, 1, 1)))
def test_the_outturn_is_what_the_years_come_to(saved, day):
    drawn = chart(saved, day)

    years = {financial_year_of(each.starts_on) for each in saved if each.version != "APPROVED"}
    if any(each.version == "FORECAST" for each in saved):
        last = [pence for pence in column(drawn, "Outturn") if pence is not None][-1]
        until = max((month for month in by_month(saved, day)["FORECAST"]), default=date(1900, 1, 1))
        outturn = by_month(saved, day)["OUTTURN"]
        assert last == sum(pence for month, pence in outturn.items()) or max(outturn) > until
        assert sum(outturn.values()) == sum(
            outturn_of(saved, year, day).outturn or 0 for year in years
        )
