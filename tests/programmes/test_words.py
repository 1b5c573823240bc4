"""How money, days, years and percentages are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from programmes import words


@pytest.mark.parametrize(
    ("pence", "written"),
    [
        (123_456_789, "£1,234,567.89"),
        (-1200, "−£12.00"),
        (0, "£0.00"),
        (5, "£0.05"),
        (-5, "−£0.05"),
        (None, "not yet shared"),
    ],
)
def test_pounds_are_written_as_in_a_ledger(pence: int | None, written: str) -> None:
    assert words.pounds(pence) == written


def test_missing_pounds_are_written_in_the_words_given() -> None:
    assert words.pounds(None, "no plan yet") == "no plan yet"


@pytest.mark.parametrize(
    ("pence", "written"),
    [(1200, "+£12.00"), (-1200, "−£12.00"), (0, "£0.00"), (None, "not yet shared")],
)
def test_a_change_in_pounds_shows_its_sign(pence: int | None, written: str) -> None:
    assert words.signed_pounds(pence) == written


@pytest.mark.parametrize(
    ("pence", "written"),
    [
        (14_500_000_000, "£145,000,000"),
        (150, "£2"),
        (-150, "−£2"),
        (49, "£0.49"),
        (-49, "−£0.49"),
        (0, "£0"),
        (None, "not yet shared"),
    ],
)
def test_whole_pounds_round_halves_away_from_zero_and_never_hide_an_amount(
    pence: int | None, written: str
) -> None:
    assert words.whole_pounds(pence) == written


@pytest.mark.parametrize(
    ("pence", "written"),
    [
        (610_000_000, "£6.1 million"),
        (14_500_000_000, "£145 million"),
        (39_600_000_049, "£396 million"),
        (5_228_600, "£52,286"),
        (-120_000_000_000, "−£1.2 billion"),
        (95_000_000, "£950,000"),
        (99_995_000, "£999,950"),
        (99_994_999_999, "£999.9 million"),
        (99_999_999_999, "£1 billion"),
        (None, "not yet shared"),
    ],
)
def test_pounds_in_prose_are_short(pence: int | None, written: str) -> None:
    assert words.pounds_short(pence) == written


@pytest.mark.parametrize(
    ("pence", "written"), [(123_450, "1234.50"), (-5, "-0.05"), (None, ""), (0, "0.00")]
)
def test_plain_pence_are_what_a_machine_reads(pence: int | None, written: str) -> None:
    assert words.pence_plain(pence) == written


def test_a_day_has_no_leading_nought() -> None:
    assert words.day(date(2016, 4, 1)) == "1 April 2016"
    assert words.day(None) == "not known"


def test_a_moment_is_told_in_london_time() -> None:
    late_on_midsummer = datetime(2017, 6, 24, 23, 30, tzinfo=UTC)

    assert words.moment(late_on_midsummer) == "00:30 on 25 June 2017"
    assert words.day(late_on_midsummer) == "25 June 2017"


def test_a_financial_year_is_written_for_prose() -> None:
    assert words.year_prose(2016) == "2016 to 2017"
    assert words.year_prose(None) == ""


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (2400, "2,400 days")]
)
def test_a_count_takes_the_noun_that_goes_with_it(count: int, written: str) -> None:
    assert words.counted(count, "day") == written


def test_a_noun_without_an_s_is_given() -> None:
    assert words.counted(3, "area is", "areas are") == "3 areas are"


def test_days_apart_say_which_way() -> None:
    assert words.days_apart(date(2017, 4, 1), date(2017, 7, 1)) == "91 days later"
    assert words.days_apart(date(2017, 4, 2), date(2017, 4, 1)) == "1 day earlier"


@pytest.mark.parametrize(("number", "written"), [(91, "+91"), (-1030, "−1,030"), (0, "0")])
def test_a_difference_has_its_sign(number: int, written: str) -> None:
    assert words.signed(number) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("30.2849"), 4, "30.2849%"),
        (36.616, 1, "36.6%"),
        (Decimal(100), 4, "100.0000%"),
        (Decimal("-2.5"), 1, "−2.5%"),
        (None, 1, "not known"),
    ],
)
def test_a_percentage_has_the_decimals_asked_for(
    value: Decimal | float | None, places: int, written: str
) -> None:
    assert words.percent(value, places) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("2914.2100"), "2,914.21"),
        (Decimal("1000.0000"), "1,000"),
        (Decimal(1000), "1,000"),
        (None, "not known"),
    ],
)
def test_a_size_has_no_trailing_noughts(value: Decimal | None, written: str) -> None:
    assert words.size(value) == written
