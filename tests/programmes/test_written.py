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
from programmes.written.refusal import Unreadable

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
