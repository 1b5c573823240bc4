"""One reader of numbers, dates and months: what a form reads, a file reads, to the same value."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.workbook.figures import Money, Number
from alliance_portal.workbook.values import Date
from business_areas.forms.many import MonthField
from programmes.form_fields import DateField, MoneyField, PercentField, SizeField
from programmes.written.dates import MONTHS, month_number
from programmes.written.numbers import number_in
from programmes.written.refusal import Unreadable
from programmes.written.texts import check_code, tidy_line

PIECES = ["£", "-", "−", "–", "+", "(", ")", ",", ".", " ", "\u00a0", "\u202f", "\u2009", "%"]
NUMBERS = st.lists(
    st.sampled_from([*PIECES, "0", "1", "12", "123", "000", "500", "999", "1799999999998", "x"]),
    min_size=1,
    max_size=7,
).map("".join)
AS_WRITTEN = st.one_of(
    NUMBERS,
    st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=2).map(
        lambda number: f"{number:,}"
    ),
)


def by_form(field: Any, text: str) -> Any:
    try:
        return field.clean(text)
    except ValidationError:
        return None


def by_file(kind: Any, text: str) -> Any:
    try:
        return kind.read(text)
    except Unreadable:
        return None


@given(AS_WRITTEN)
def test_an_amount_is_read_alike_by_forms_and_files(text: str) -> None:
    if Money().nothing(text):  # a dash alone is an accountant's nothing, in files
        return
    assert by_form(MoneyField(required=False), text) == by_file(Money(), text)


@given(AS_WRITTEN)
def test_a_size_is_read_alike_by_forms_and_files(text: str) -> None:
    if not text.strip():
        return
    assert by_form(SizeField(required=False), text) == by_file(Number(), text)


@given(AS_WRITTEN)
def test_a_percentage_is_read_alike_by_forms_and_files(text: str) -> None:
    if not text.strip(" \u00a0\u202f\u2009%"):
        return
    kind = Number(places=4, maximum=Decimal(100), percent=True)
    assert by_form(PercentField(required=False), text) == by_file(kind, text)


@pytest.mark.parametrize("pence", [10**15, 10**15 + 1, -(10**15), -(10**15) - 1])
def test_money_has_one_limit(pence: int) -> None:
    text = f"{Decimal(pence).scaleb(-2):f}"
    read = by_form(MoneyField(), text)
    assert read == by_file(Money(), text)
    assert (read is None) == (abs(pence) > 10**15)


@given(st.dates(date(1850, 1, 1), date(2150, 12, 31)), st.integers(1, 3))
def test_a_day_is_read_alike_by_forms_and_files(day: date, way: int) -> None:
    month = MONTHS[day.month - 1]
    word = {1: month, 2: month[:3].capitalize(), 3: f"{day.month:02}"}[way]
    boxes = [str(day.day), word, str(day.year)]
    in_file = day.isoformat() if way == 3 else f"{day.day} {word} {day.year}"
    read = by_form(DateField(), boxes)
    assert read == by_file(Date(), in_file)
    assert (read is None) == (not 1900 <= day.year <= 2100)


@given(st.text(max_size=10) | st.sampled_from(MONTHS))
def test_a_month_is_read_alike_wherever_it_is_typed(written: str) -> None:
    number = month_number(written)
    assert number is None or 1 <= number <= 12
    if written in MONTHS:
        assert MonthField().to_python(f"{written} 2018") == date(2018, number or 0, 1)


@pytest.mark.parametrize("code", ["a", "van-1", "x" * 60, "007", "3d"])
def test_a_code_is_a_lower_case_slug(code: str) -> None:
    check_code(code, 60)


@pytest.mark.parametrize("code", ["", "-x", "x-", "-", "a--b", "Van", "a b", "van_1", "x" * 61])
def test_any_other_text_is_no_code(code: str) -> None:
    with pytest.raises(Unreadable, match="Use at most 60 lower-case letters"):
        check_code(code, 60)


def test_a_code_has_at_most_as_many_letters_as_its_column() -> None:
    check_code("x" * 80, 80)
    with pytest.raises(Unreadable, match="Use at most 80"):
        check_code("x" * 81, 80)


# Every space that a spreadsheet, a typesetter or a keyboard puts between thousands.
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2007", "\u2009", "\u202f"])
def test_thousands_stand_apart_by_any_space(space: str) -> None:
    assert number_in(f"1{space}234{space}567.5") == Decimal("1234567.5")
    assert by_form(MoneyField(), f"1{space}234") == by_file(Money(), f"1{space}234") == 123_400
    assert tidy_line(f"{space}Roads{space}{space}policing{space}") == "Roads policing"


@pytest.mark.parametrize("dash", list("-‐‑‒–−﹣－"))
def test_a_minus_is_any_dash(dash: str) -> None:
    assert number_in(f"{dash}5") == number_in(f"5{dash}") == Decimal(-5)


@pytest.mark.parametrize("dash", list("-‐‑‒–—−"))
def test_a_dash_alone_is_an_accountants_nothing_in_files(dash: str) -> None:
    assert Money().nothing(dash)
    assert Money().nothing(f"£{dash}")
    assert by_file(Money(), dash) == 0
    assert number_in(dash) is None
