"""The dates at which charts over time are read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.charts.timeline import MOST, is_year_end, month_end, reading_dates

DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_quarters_begin_before_the_first_date_and_end_with_the_last():
    dates = reading_dates([date(2016, 4, 1), date(2017, 2, 3)])

    assert dates == (
        date(2016, 3, 31),
        date(2016, 6, 30),
        date(2016, 9, 30),
        date(2016, 12, 31),
        date(2017, 3, 31),
    )


def test_a_date_of_its_own_stands_among_them():
    dates = reading_dates([date(2016, 4, 1)], also=[date(2016, 5, 20)])

    assert dates == (date(2016, 3, 31), date(2016, 5, 20), date(2016, 6, 30))


def test_a_date_of_its_own_may_be_the_first_one():
    dates = reading_dates([date(2017, 1, 1)], also=[date(2016, 3, 31)])

    assert dates[0] == date(2016, 3, 31)
    assert dates[-1] == date(2017, 3, 31)


def test_many_years_are_read_at_their_ends():
    dates = reading_dates([date(2010, 5, 1), date(2030, 5, 1)])

    assert all(map(is_year_end, dates))
    assert dates[0] == date(2010, 3, 31)
    assert dates[-1] == date(2031, 3, 31)


def test_without_a_date_there_is_nothing_to_read():
    assert reading_dates([]) == ()


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2016, 2, 3), date(2016, 2, 29)),
        (date(2016, 12, 31), date(2016, 12, 31)),
        (date(2016, 4, 1), date(2016, 4, 30)),
    ],
)
def test_a_month_ends_on_its_last_day(day, end):
    assert month_end(day) == end


@given(known=st.lists(DATES, min_size=1), also=st.lists(DATES, max_size=2))
def test_the_readings_hold_every_date_and_are_few(known, also):
    dates = reading_dates(known, also=also)

    assert list(dates) == sorted(set(dates))
    assert dates[0] < min(known)
    assert dates[-1] >= max([*known, *also])
    assert set(also) <= set(dates)
    assert len(dates) <= MOST + len(also)
    own = set(also)
    assert all((each + timedelta(1)).day == 1 for each in dates if each not in own)
