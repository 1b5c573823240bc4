from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.engine.periods import add_months
from savings.engine.ramp import (
    NotARamp,
    first_whole_month,
    monthly_forecast,
    parse_ramp,
    year_value,
)

pence = st.integers(-(10**11), 10**11)
ramps = st.lists(st.integers(0, 999), min_size=1, max_size=6)
days = st.dates(date(2010, 1, 1), date(2030, 12, 31))


def test_a_ramp_is_read_first_year_first():
    assert parse_ramp(" 50; 75 ;100 ") == [50, 75, 100]
    assert parse_ramp("100%") == [100]
    assert parse_ramp("0;100;") == [0, 100]


@pytest.mark.parametrize("text", ["", ";", "  "])
def test_a_ramp_needs_a_percentage(text):
    with pytest.raises(NotARamp, match="at least one percentage"):
        parse_ramp(text)


@pytest.mark.parametrize("text", ["50,75", "50;;100", "fifty", "-5", "50.5", "1000"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(NotARamp, match=r"\.$"):
        parse_ramp(text)


def test_a_start_within_a_month_waits_for_the_next_whole_one():
    assert first_whole_month(date(2016, 4, 1)) == date(2016, 4, 1)
    assert first_whole_month(date(2016, 4, 2)) == date(2016, 5, 1)
    assert first_whole_month(date(2016, 12, 31)) == date(2017, 1, 1)


@pytest.mark.parametrize(
    ("full", "percent", "value"),
    [(100, 50, 50), (1, 50, 1), (-1, 50, -1), (3, 50, 2), (1, 49, 0), (12345, 999, 123327)],
)
def test_a_years_value_is_its_percentage_with_half_a_penny_away_from_zero(full, percent, value):
    assert year_value(full, percent) == value


def forecast(full, ramp, starts_on, years, **kwargs):
    until = add_months(first_whole_month(starts_on), 12 * years - 1)
    return monthly_forecast(
        full_year_pence=full, ramp=ramp, starts_on=starts_on, until=until, **kwargs
    )


@given(pence, ramps, days)
def test_twelve_months_add_up_to_each_years_value_and_the_last_percentage_holds(full, ramp, day):
    months = forecast(full, ramp, day, len(ramp) + 2)
    assert len(months) == 12 * (len(ramp) + 2)
    for year, percent in enumerate([*ramp, ramp[-1], ramp[-1]]):
        own = [value for _, value in months[12 * year : 12 * year + 12]]
        assert sum(own) == year_value(full, percent)
        assert max(own) - min(own) <= 1


@given(pence, ramps, days)
def test_months_follow_one_another_from_the_first_whole_one(full, ramp, day):
    months = [month for month, _ in forecast(full, ramp, day, 3)]
    assert months[0] >= day and (months[0] - day).days < 31
    assert months == [add_months(months[0], number) for number in range(36)]


@given(pence, ramps, days)
def test_turning_the_sign_of_the_value_turns_every_months_round(full, ramp, day):
    there, back = forecast(full, ramp, day, 3), forecast(-full, ramp, day, 3)
    assert back == [(month, -value) for month, value in there]


def test_months_after_the_end_are_dropped_not_squeezed_in():
    whole = forecast(120001, [50, 100], date(2016, 4, 1), 2)
    part = monthly_forecast(
        full_year_pence=120001,
        ramp=[50, 100],
        starts_on=date(2016, 4, 1),
        until=date(2016, 9, 30),
    )
    assert part == whole[:6]


def test_a_one_off_ends_when_its_ramp_does():
    months = forecast(1200, [100], date(2016, 6, 15), 3, one_off=True)
    assert len(months) == 12 and sum(value for _, value in months) == 1200


def test_nothing_is_forecast_if_the_end_comes_first():
    assert (
        monthly_forecast(
            full_year_pence=1, ramp=[100], starts_on=date(2020, 1, 2), until=date(2020, 1, 31)
        )
        == []
    )


def test_an_empty_ramp_is_refused():
    with pytest.raises(NotARamp):
        monthly_forecast(
            full_year_pence=1, ramp=[], starts_on=date(2020, 1, 1), until=date(2020, 1, 31)
        )
