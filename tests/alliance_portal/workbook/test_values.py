"""One cell to one value: what is tolerated, what is refused, and that nothing is lost."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.workbook.figures import (
    DecimalPlaces,
    Money,
    Number,
    Ramp,
    Whole,
    figure,
)
from alliance_portal.workbook.periods import MonthOrYear
from alliance_portal.workbook.values import Choice, Code, Date, Kind, Text, WebAddress, YesNo
from programmes.written.limits import MOST_PENCE
from programmes.written.refusal import Unreadable
from savings.engine.periods import Period


@pytest.mark.parametrize(
    "cell, pence",
    [
        ("1234.5", 123450),
        ("£1,234.50", 123450),
        ("\u00c2\u00a31,234.50", 123450),
        (" £ 1,234.50 ", 123450),
        ("(500)", -50000),
        ("(£1,500.00)", -150000),
        ("-500", -50000),
        ("-£500", -50000),
        ("£-500", -50000),
        ("\u2212500", -50000),
        ("\u00a01\u00a0".strip(), 100),
        (".5", 50),
        ("7.", 700),
        ("-", 0),
        ("£ -   ", 0),
        ("\u2013", 0),
        (Decimal("0.07"), 7),
        (Decimal("1E+3"), 100000),
        ("-0", 0),
        ("1 000", 100000),
        ("1\u00a0234\u202f567.50", 123456750),
        ("500-", -50000),
        ("£1,234.50-", -123450),
        ("+5", 500),
        ("1859.1799999999998", 185918),
        ("99.99999999999999", 10000),
    ],
)
def test_money_is_read_as_people_write_it(cell: str | Decimal, pence: int) -> None:
    assert Money().read(cell) == pence


@pytest.mark.parametrize(
    "cell, says",
    [
        ("12.345", "more than two decimals"),
        ("1,23", "not an amount"),
        ("12,34,567", "not an amount"),
        ("£1.2m", "not an amount"),
        ("1 00", "not an amount"),
        ("(5-)", "not an amount"),
        ("-5-", "not an amount"),
        ("50%", "is a percentage"),
        ("1859.17999", "more than two decimals"),
        ("(-5)", "not an amount"),
        ("££5", "not an amount"),
        ("nan", "not an amount"),
        ("1e5", "not an amount"),
        ("\u0661\u0662", "not an amount"),
        ("12£34", "not an amount"),
        ("$5", "not an amount"),
        (date(2016, 4, 1), "not an amount"),
        (True, "not an amount"),
        (Decimal("NaN"), "not an amount"),
        ("99999999999999", "more than £10 trillion"),
        ("9" * 5000, "not an amount"),
    ],
)
def test_money_that_is_not_is_refused_in_a_sentence(cell: object, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as refusal:
        Money().read(cell)  # type: ignore[arg-type]
    assert refusal.value.what.endswith(".")
    assert refusal.value.mend.endswith(".")


@pytest.mark.parametrize("kind", [Money(), Number(), Whole(), DecimalPlaces()])
@pytest.mark.parametrize("cell", ["12%", " 0.5 % ", "1,200%"])
def test_a_percentage_where_none_is_wanted_says_so(kind: Kind[object], cell: str) -> None:
    with pytest.raises(Unreadable, match=r"is a percentage, and this column takes none\."):
        kind.read(cell)


@given(st.integers(-MOST_PENCE, MOST_PENCE))
def test_money_written_and_read_is_the_same_to_the_penny(pence: int) -> None:
    pounds = Money().write(pence)
    assert isinstance(pounds, Decimal)
    assert Money().read(pounds) == pence
    assert Money().read(f"{pounds:f}") == pence
    assert Money().read(f"£{pounds:,.2f}".replace("£-", "-£")) == pence
    if pence < 0:
        assert Money().read(f"({-pounds:,.2f})") == pence


@given(st.integers(-MOST_PENCE, MOST_PENCE))
def test_a_float_of_excel_gives_the_same_pence(pence: int) -> None:
    """Excel keeps 15 digits; that is how `unpacking` writes its floats down."""
    assert Money().read(Decimal(f"{pence / 100:.15g}")) == pence


@given(st.text(max_size=30))
def test_any_text_is_money_or_a_refusal(text: str) -> None:
    with suppress(Unreadable):
        assert isinstance(Money().read(text), int)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_written_and_read_is_the_same(day: date) -> None:
    assert Date().read(day) == day
    assert Date().read(day.isoformat()) == day
    assert Date().read(f"{day.isoformat()} 00:00:00") == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    with suppress(Unreadable):
        assert isinstance(Date().read(text), date)


@pytest.mark.parametrize(
    "cell, says",
    [
        ("01/04/2016", "can be 1 April 2016 or 4 January 2016.*as in 2016-04-01"),
        ("1 Apr 35", "does not say in which century"),
        ("31/02/2016", "not a day in the calendar"),
        ("next week", "not a date this portal can read.*as in 2016-04-01"),
        ("2016-02-30", "not a day in the calendar"),
        ("2016-4-1", "not a date this portal can read"),
        ("2016-04-01 13:30:00", "not a date this portal can read"),
        (Decimal(42461), "not a date this portal can read"),
        (True, "not a date this portal can read"),
        ("1899-12-31", "outside the years 1900 to 2100"),
        (date(2101, 1, 1), "outside the years 1900 to 2100"),
    ],
)
def test_a_date_that_is_not_is_refused_in_a_sentence(cell: object, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        Date().read(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell, day",
    [
        ("1-Apr-16", date(2016, 4, 1)),
        ("01-Apr-2016", date(2016, 4, 1)),
        ("1 April 2016", date(2016, 4, 1)),
        ("Friday, 1 April 2016", date(2016, 4, 1)),
        ("April 1, 2016", date(2016, 4, 1)),
        ("31/03/2016", date(2016, 3, 31)),
        ("03/31/2016", date(2016, 3, 31)),
        ("04/04/2016", date(2016, 4, 4)),
        ("31/03/2016 00:00", date(2016, 3, 31)),
        ("2016-04-01\u200b", date(2016, 4, 1)),
    ],
)
def test_a_date_as_an_english_spreadsheet_saves_it_is_read(cell: str, day: date) -> None:
    assert Date().read(cell) == day


@pytest.mark.parametrize(
    "cell, period",
    [
        ("Apr-16", Period(date(2016, 4, 1))),
        ("April 2016", Period(date(2016, 4, 1))),
        ("01-Apr-16", Period(date(2016, 4, 1))),
        ("01/04/2016", Period(date(2016, 4, 1))),
        ("2016-04", Period(date(2016, 4, 1))),
        ("2016/17", Period(date(2016, 4, 1), whole_year=True)),
        ("1999/00", Period(date(1999, 4, 1), whole_year=True)),
        (date(2016, 4, 1), Period(date(2016, 4, 1))),
    ],
)
def test_a_period_is_a_month_or_a_financial_year(cell: str | date, period: Period) -> None:
    assert MonthOrYear().read(cell) == period
    assert MonthOrYear().read(MonthOrYear().write(period)) == period


@pytest.mark.parametrize(
    "cell", ["2016-13", "2016/18", "2016-17", "Apr-35", "02/03/2016", "2016", date(2016, 4, 2)]
)
def test_a_period_that_is_not_is_refused(cell: str | date) -> None:
    with pytest.raises(Unreadable, match="Write a month as in 2016-04"):
        MonthOrYear().read(cell)


def test_codes_are_lower_case_slugs_and_the_refusal_offers_one() -> None:
    assert Code().read("roads-policing") == "roads-policing"
    assert Code().read(Decimal(101)) == "101"
    with pytest.raises(Unreadable, match="for example devon-and-cornwall"):
        Code().read("Devon & Cornwall")


@pytest.mark.parametrize(
    "cell, says",
    [
        (date(2026, 12, 1), "turned this into a date, 2026-12-01"),
        ("2026-12-01", "turned this into a date, 2026-12-01"),
        ("01-Dec", "turned this into a date, 01-Dec"),
        ("Dec-01", "turned this into a date, Dec-01"),
        ("1/12/2026", "turned this into a date"),
        ("2E+05", "turned this code into a number"),
        (True, "turned this code into a truth value"),
        ("hill\u200b", "nobody can see after “hill”: zero width space"),
        ("\u00adhill", "nobody can see: soft hyphen"),
    ],
)
def test_a_code_that_a_spreadsheet_made_into_something_else_is_refused(
    cell: object, says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        Code().read(cell)  # type: ignore[arg-type]


def test_names_that_look_the_same_are_the_same() -> None:
    names = ["Siôn\u200b", "Sio\u0302n", "\ufeffSiôn", "Siôn\u2060 ", "\u00a0Siôn"]
    assert {Text().read(name) for name in names} == {"Siôn"}
    assert Text().read("Officers\u00a0 (FTE)") == "Officers (FTE)"
    with pytest.raises(Unreadable, match="turned this into a date"):
        Text().read(date(2016, 3, 1))


def test_a_name_that_swallowed_a_row_is_refused_and_two_lines_are_one() -> None:
    assert Text().read("Home Office\nstatistics") == "Home Office statistics"
    with pytest.raises(Unreadable, match="as if it had swallowed a row"):
        Text().read("Home Office\ndale,Officers,2017-03-31,1400,Home Office")


def test_choices_are_read_however_they_are_cased_or_joined() -> None:
    kind = Choice("go-live", "business case")
    assert [kind.read(word) for word in ("go-live", "Go live", "GO_LIVE")] == ["GO_LIVE"] * 3
    assert kind.write("BUSINESS_CASE") == "business case"
    with pytest.raises(Unreadable, match="Write one of: go-live, business case"):
        kind.read("launch")


def test_yes_and_no() -> None:
    assert [YesNo().read(cell) for cell in ("Yes", "no", True, False)] == [True, False, True, False]
    with pytest.raises(Unreadable, match="Write yes or no"):
        YesNo().read("maybe")


def test_percentages_may_carry_their_sign() -> None:
    assert Number(percent=True).read("69.7%") == Decimal("69.7")
    with pytest.raises(Unreadable, match="too large"):
        Number(percent=True, maximum=Decimal(100)).read("100.1")


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"-1 is negative\. Write zero or more\."):
        Number().read("-1")


def test_decimal_places_are_0_to_4_or_exact_and_blank_is_4() -> None:
    assert DecimalPlaces().blank == 4
    assert [DecimalPlaces().read(cell) for cell in ("0", "exact", Decimal(4))] == [0, None, 4]
    with pytest.raises(Unreadable, match="0, 1, 2, 3, 4 or exact"):
        DecimalPlaces().read("5")


def test_a_ramp_is_whole_percentages() -> None:
    assert Ramp().read("50; 75%;100") == (50, 75, 100)
    assert Ramp().read(Decimal(100)) == (100,)
    with pytest.raises(Unreadable, match="not a ramp"):
        Ramp().read("50;1001")


def test_whole_numbers_know_their_range() -> None:
    assert Whole(minimum=1, maximum=5).read(Decimal("3.0")) == 3
    with pytest.raises(Unreadable, match="from 1 to 5"):
        Whole(minimum=1, maximum=5).read("6")


def test_text_loses_its_outer_spaces_and_nothing_else() -> None:
    assert Text(lines=True).read("  a\r\nb \u00a0") == "a\nb"
    with pytest.raises(Unreadable, match="control character"):
        Text().read("a\x00b")
    with pytest.raises(Unreadable, match="at most 200"):
        Text().read("x" * 201)


def test_a_web_address_is_http() -> None:
    assert WebAddress().read("https://www.dorset.police.uk/") == "https://www.dorset.police.uk/"
    with pytest.raises(Unreadable, match="not a web address"):
        WebAddress().read("javascript:alert(1)")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**12, min_value=0))
def test_a_size_written_and_read_is_the_same(size: Decimal) -> None:
    assert Number().read(Number().write(size)) == size
    assert figure(f"{size:,f}") == size
