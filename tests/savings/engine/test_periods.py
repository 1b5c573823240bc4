from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.engine.periods import (
    NotAPeriod,
    Period,
    add_months,
    financial_year_of,
    first_day,
    last_day,
    months_of,
    parse_period,
    parse_year,
    year_label,
    year_slug,
)

days = st.dates(date(1950, 1, 1), date(2200, 12, 31))
years = st.integers(1900, 2998)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2016, 3, 31), 2015),
        (date(2016, 4, 1), 2016),
        (date(2017, 3, 31), 2016),
        (date(2016, 12, 31), 2016),
        (date(2017, 1, 1), 2016),
    ],
)
def test_a_financial_year_runs_from_1_april_to_31_march(day, year):
    assert financial_year_of(day) == year


@given(days)
def test_a_day_lies_between_its_years_first_and_last_day(day):
    year = financial_year_of(day)
    assert first_day(year) <= day <= last_day(year)
    assert financial_year_of(last_day(year)) == year


@given(years)
def test_a_year_is_read_back_from_its_label_and_from_its_slug(year):
    assert parse_year(year_label(year)) == parse_year(year_slug(year)) == year


def test_years_are_written_with_a_stroke_in_tables_and_a_hyphen_in_addresses():
    assert (year_label(2016), year_slug(2016)) == ("2016/17", "2016-17")
    assert (year_label(1999), year_label(2008)) == ("1999/00", "2008/09")


@pytest.mark.parametrize(
    "text", ["2016/18", "2016", "16/17", "2016/2017", "", "2016–17", "٢٠١٦/17", "1066/67"]
)
def test_a_year_whose_two_parts_do_not_follow_on_is_refused(text):
    with pytest.raises(NotAPeriod, match=r"write it as 2016/17\.$"):
        parse_year(text)


def test_a_years_months_are_twelve_from_april_to_march():
    months = months_of(2016)
    assert months[0] == date(2016, 4, 1) and months[-1] == date(2017, 3, 1)
    assert len(set(months)) == 12
    assert {financial_year_of(month) for month in months} == {2016}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 2, 29), -48, date(2012, 2, 29)),
        (date(2016, 3, 31), -1, date(2016, 2, 29)),
        (date(2016, 11, 15), 2, date(2017, 1, 15)),
        (date(2016, 12, 1), 0, date(2016, 12, 1)),
    ],
)
def test_adding_months_stays_inside_the_month_it_reaches(day, months, expected):
    assert add_months(day, months) == expected


@given(days, st.integers(-600, 600))
def test_adding_months_moves_exactly_that_many_months(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


@given(days, st.booleans())
def test_a_period_is_read_back_from_its_label(day, whole_year):
    starts_on = first_day(financial_year_of(day)) if whole_year else day.replace(day=1)
    period = Period(starts_on, whole_year)
    assert parse_period(period.label) == period
    assert period.year == financial_year_of(day)


def test_a_hyphen_means_a_month_and_a_stroke_a_financial_year():
    assert parse_period("2009-10") == Period(date(2009, 10, 1))
    assert parse_period("2009/10") == Period(date(2009, 4, 1), whole_year=True)
    assert parse_period(" 2016-04 ").label == "2016-04"


@pytest.mark.parametrize(
    "text", ["2016-17", "2016/18", "April 2016", "", "2016-4", "2016-00", "2016-04-01", "0000-01"]
)
def test_a_text_that_is_no_period_is_refused_with_what_to_write(text):
    with pytest.raises(NotAPeriod) as refusal:
        parse_period(text)
    assert str(refusal.value) == (
        f"“{text}” is not a period: write a month as 2016-04 or a financial year as 2016/17."
    )


def test_a_long_text_is_cut_short_in_the_message():
    with pytest.raises(NotAPeriod) as refusal:
        parse_period("x" * 10_000)
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("day", "whole_year"), [(date(2016, 4, 2), False), (date(2016, 5, 1), True)]
)
def test_a_period_cannot_start_in_the_middle(day, whole_year):
    with pytest.raises(NotAPeriod):
        Period(day, whole_year)
