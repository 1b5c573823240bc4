"""The outturn: what is in, and the forecast of the rest, item by item and month by month."""

from datetime import date

from alliance_portal.as_at.sentence import Sentence, Target
from savings.selectors.outturn import Saved, outturn_of
from savings.selectors.slippage import Slipped

DAY = date(2017, 12, 31)
MILLION = 10**8


def month(number: int) -> date:
    return date(2017 if number >= 4 else 2018, number, 1)


def test_a_month_s_actual_amount_takes_the_place_of_its_forecast() -> None:
    found = outturn_of(
        [
            *(Saved("FORECAST", month(n), False, 10) for n in (4, 5, 6)),
            Saved("ACTUAL", month(4), False, 7),
            Saved("ACTUAL", month(5), False, 0),
            Saved("APPROVED", date(2017, 4, 1), True, 120),
            Saved("FORECAST", date(2018, 4, 1), False, 1000),
        ],
        2017,
        DAY,
    )

    assert (found.approved, found.forecast, found.made, found.outturn) == (120, 30, 7, 17)
    assert found.to_come == 10
    assert found.made_until == month(5)


def test_what_one_item_has_made_does_not_stand_for_another() -> None:
    found = outturn_of(
        [
            Saved("ACTUAL", month(4), False, 7, item=1),
            Saved("FORECAST", month(4), False, 10, item=1),
            Saved("FORECAST", month(4), False, 5, item=2, cashable="NON_CASHABLE"),
        ],
        2017,
        DAY,
    )

    assert found.outturn == 12
    assert found.part(cashable="CASHABLE") == 7
    assert found.part(cashable="NON_CASHABLE") == found.to_come == 5


def test_a_whole_year_s_forecast_gives_way_month_by_month() -> None:
    found = outturn_of(
        [
            Saved("FORECAST", date(2017, 4, 1), True, 1200),
            *(Saved("ACTUAL", month(n), False, 90) for n in range(4, 13)),
        ],
        2017,
        DAY,
    )

    assert found.outturn == 9 * 90 + 3 * 100


def test_without_amounts_nothing_is_known() -> None:
    found = outturn_of([], 2017, DAY)

    assert (found.approved, found.forecast, found.made, found.outturn) == (None,) * 4
    assert found.part() == 0


def test_the_breakdown_says_what_is_made_cashable_recurring_and_meant_to_be_reached() -> None:
    savings = outturn_of(
        [
            Saved("ACTUAL", month(4), False, 4 * MILLION, item=1),
            Saved("FORECAST", month(4), False, 5 * MILLION, item=1),
            Saved("FORECAST", month(5), False, MILLION, item=2, cashable="NON_CASHABLE"),
            Saved("FORECAST", month(6), False, MILLION, item=3, recurrence="ONE_OFF"),
        ],
        2017,
        DAY,
    )
    said = Sentence(
        live=1,
        areas=2,
        savings=savings,
        unapproved=0,
        slipped=Slipped(),
        target=Target(2022, 12 * MILLION, None),
    )

    assert said.outturn == 6 * MILLION
    assert said.breakdown == (
        "£4 million is made up to April 2017 and £2 million is forecast for the rest of the year; "
        "the forecast for the whole year was £7 million. "
        "£5 million of the £6 million is cashable and £1 million is not; "
        "£5 million recurs and £1 million is one-off. "
        "For the target year, 2022 to 2023, £12 million is planned and nothing forecast."
    )
