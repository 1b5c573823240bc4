"""Go-live burn-up: what is counted when, and what the title may claim."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.as_at.facts import AreaFacts, Facts
from alliance_portal.charts.burn_up import burn_up
from business_areas.models import BusinessArea, Milestone
from programmes.models import Alliance

DAY = date(2017, 12, 31)
SOON, LATER = date(2018, 4, 1), date(2018, 10, 1)
BEFORE, LONG_BEFORE = date(2017, 6, 1), date(2016, 4, 1)


def area(stage: str = "DESIGN", **dates: date | None) -> AreaFacts:
    """An area with a go-live that has these dates; none at all without dates."""
    named = {f"{name}_on": on for name, on in dates.items()}
    go_live = (Milestone(kind="GO_LIVE", **named),) if named else ()
    return AreaFacts(BusinessArea(name="Fleet", stage=stage), go_live, (), None)


def facts(*areas: AreaFacts, day: date = DAY) -> Facts:
    return Facts(Alliance(code="hills", name="Hills", held_on=day), day, areas, (), ())


def at(chart, name: str, on: date) -> int | None:
    column = [each.name for each in chart.series].index(name)
    return next(row for row in chart.rows if row.on == on).figures[column].value


LIVE = area("LIVE", baseline=LONG_BEFORE, approved=LONG_BEFORE, actual=BEFORE)
TO_COME = area(baseline=BEFORE, approved=SOON, forecast=LATER)


def test_actual_ends_at_the_areas_live_and_the_forecast_goes_on_from_there():
    chart = burn_up(facts(LIVE, LIVE, TO_COME))

    assert at(chart, "Actual", date(2017, 3, 31)) == 0
    assert at(chart, "Actual", DAY) == 2
    assert at(chart, "Forecast", DAY) == 2
    assert at(chart, "Forecast", date(2018, 9, 30)) == 2
    assert at(chart, "Forecast", date(2018, 12, 31)) == 3
    assert at(chart, "Actual", date(2018, 12, 31)) is None
    assert at(chart, "Forecast", date(2017, 3, 31)) is None


def test_the_original_baseline_stays_beside_the_approved_dates():
    chart = burn_up(facts(LIVE, TO_COME))

    assert at(chart, "Original baseline", DAY) == 2
    assert at(chart, "Approved", DAY) == 1


def test_withdrawn_and_closed_areas_are_left_out_and_the_closed_ones_named():
    chart = burn_up(facts(LIVE, area("WITHDRAWN", baseline=SOON), area("CLOSED", actual=BEFORE)))

    assert at(chart, "Original baseline", DAY) == 1
    assert "1 area is closed and left out." in chart.notes


def test_overdue_areas_are_not_promised_for_a_day_that_has_passed():
    chart = burn_up(facts(LIVE, area(approved=BEFORE), TO_COME))

    assert at(chart, "Forecast", chart.rows[-1].on) == 2
    assert "1 area is overdue and not in the forecast." in chart.notes


def test_a_live_area_without_a_date_counts_from_the_start():
    chart = burn_up(facts(area("LIVE"), TO_COME))

    assert chart.rows[0].figures[2].value == 1
    assert "1 area is live without a date on record, and counted from the start." in chart.notes
    assert chart.title.startswith("1 of 2 areas is live; ")


def test_areas_without_any_date_are_said_calmly():
    chart = burn_up(facts(area(), area()))

    assert chart.rows == ()
    assert chart.empty.startswith("No go-live has a date yet.")


@pytest.mark.parametrize(
    ("areas", "title"),
    [
        (
            [LIVE, TO_COME],
            "1 of 2 areas is live, as many as were due; the last one is forecast by October 2018",
        ),
        (
            [LIVE, area(baseline=BEFORE, forecast=SOON), TO_COME],
            "1 of 3 areas is live, as many as were due; the other 2 are forecast by October 2018",
        ),
        (
            [LIVE, area("LIVE", approved=SOON, actual=BEFORE)],
            "2 of 2 areas are live, 1 more than was due",
        ),
        ([TO_COME], "None of 1 area is live, and none was due yet; it is by October 2018"),
        (
            [TO_COME, TO_COME],
            "None of 2 areas is live, and none was due yet; all are forecast by October 2018",
        ),
        (
            [LIVE, area(forecast=SOON), area()],
            "1 of 3 areas is live, as many as were due; 1 more is forecast by April 2018",
        ),
        (
            [area("LIVE", actual=BEFORE), area()],
            "1 of 2 areas is live; no date to come is on record for the rest",
        ),
        (
            [area(approved=BEFORE)] * 40,
            (
                "None of 40 areas is live, 40 fewer than were due; no date to come is on record for "
                "the rest"
            ),
        ),
        (
            [area(forecast=SOON)] * 2,
            "None of 2 areas is live; all are forecast by April 2018",
        ),
    ],
)
def test_the_title_says_what_the_dates_show_and_no_more(areas, title):
    assert burn_up(facts(*areas)).title == title


DATES = st.none() | st.dates(date(2014, 1, 1), date(2022, 1, 1))


@given(
    areas=st.lists(
        st.builds(
            area,
            st.sampled_from(["LIVE", "DESIGN", "CLOSED", "WITHDRAWN"]),
            baseline=DATES,
            approved=DATES,
            forecast=DATES,
            actual=DATES,
        ),
        max_size=12,
    )
)
def test_every_line_ends_at_the_number_of_areas_with_a_date(areas):
    whole = facts(*areas)
    chart = burn_up(whole)
    counted = [*whole.live, *whole.to_come]
    if not chart.rows:
        assert not whole.live
        return

    for name, which in (("Original baseline", "baseline_on"), ("Approved", "approved_on")):
        dated = sum(getattr(each.go_live, which) is not None for each in counted)
        if dated:
            assert at(chart, name, chart.rows[-1].on) == dated
    coming = [each.go_live.expected_on for each in whole.to_come if each.go_live]
    last = len(whole.live) + sum(on is not None and on > DAY for on in coming)
    assert at(chart, "Actual", DAY) == len(whole.live)
    assert at(chart, "Forecast", chart.rows[-1].on) == last
    for column in range(len(chart.series)):
        known = [row.figures[column].value for row in chart.rows]
        values = [value for value in known if value is not None]
        assert values == sorted(values)
