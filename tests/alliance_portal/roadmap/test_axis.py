"""The time axis: where days lie, and which unit it picks."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.roadmap.axis import GUTTER, WIDTH, Axis, axis_round

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(st.lists(days, min_size=1, max_size=9))
def test_every_day_it_is_made_for_lies_on_it_in_order(given_days: list[date]) -> None:
    axis = axis_round(given_days)

    places = [axis.at(day) for day in sorted(given_days)]

    assert all(axis.holds(day) for day in given_days)
    assert places == sorted(places)
    assert all(GUTTER <= place <= 100 - GUTTER for place in places)


@given(st.lists(days, min_size=1, max_size=9))
def test_names_never_touch_each_other(given_days: list[date]) -> None:
    axis = axis_round(given_days)

    for ticks, pixels in ((axis.ticks, 24), (axis.years, 54)):
        named = [tick.x for tick in ticks if tick.label]
        assert all((b - a) * WIDTH / 100 >= pixels for a, b in pairwise(named))


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        (date(2017, 4, 1), date(2018, 3, 31), 1),
        (date(2015, 5, 1), date(2020, 7, 1), 3),
        (date(2010, 1, 1), date(2020, 1, 1), 12),
        (date(1990, 6, 1), date(2099, 6, 1), 120),
        (date(1900, 1, 1), date(2100, 12, 31), 240),
    ],
)
def test_the_unit_follows_the_span(first: date, last: date, step: int) -> None:
    assert axis_round([first, last]).step == step


def test_financial_years_begin_on_the_first_of_april() -> None:
    axis = axis_round([date(2016, 1, 5), date(2018, 2, 1)])

    assert [tick.label for tick in axis.years] == ["2015/16", "2016/17", "2017/18"]
    assert [tick.label for tick in axis.ticks][:5] == ["Jan", "Apr", "Jul", "Oct", "Jan"]
    assert axis.years[1].x == axis.at(date(2016, 4, 1))


def test_one_day_gets_a_year() -> None:
    axis = axis_round([date(2017, 12, 31)])

    assert (axis.first, axis.end) == (date(2017, 10, 1), date(2018, 10, 1))


def test_ends_that_are_asked_for_are_its_ends() -> None:
    known = [date(2016, 5, 1), date(2018, 5, 1)]

    assert axis_round(known, first=date(2017, 4, 1), end=date(2018, 4, 1)) == Axis(
        date(2017, 4, 1), date(2018, 4, 1)
    )
    assert axis_round(known, first=date(2030, 1, 1)).end == date(2031, 1, 1)
    assert axis_round(known, end=date(2001, 1, 1)).first == date(2000, 1, 1)


def test_a_date_beyond_all_reason_does_not_break_it() -> None:
    axis = axis_round([date(1, 1, 1), date.max])

    assert not axis.holds(date.max)
    assert axis.ticks
