"""What the form fields accept, and the sentences with which they refuse the rest."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from programmes.form_fields import DateField, MoneyField, NumberField, PercentField, SizeField


def refusal(field: forms.Field, value: Any) -> str:
    """The sentence with which the field refuses the value."""
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    (sentence,) = caught.value.messages
    return sentence


def complaints(field: forms.Field, value: Any) -> list[str]:
    """The sentences with which the field refuses the value; none if it takes it."""
    try:
        field.clean(value)
    except ValidationError as refused:
        return refused.messages
    return []


class Counted(forms.Form):
    counted_on = DateField(label="Date of the count")


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR.", " march "])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    assert DateField().clean(["31", month, "2018"]) == date(2018, 3, 31)


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        (["31", "2", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["29", "2", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["1", "13", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["1", "ma", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["0", "1", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["٣", "1", "2017"], "Date of the count must be a real date, for example 31 3 2018"),
        (["1", "1", "17"], "Date of the count must have a year of four digits, for example 2018"),
        (["1", "1", "1899"], "Date of the count must be between 1900 and 2100: check the year"),
        (["1", "1", "2101"], "Date of the count must be between 1900 and 2100: check the year"),
        (["1", "", "2017"], "Date of the count must include a month"),
        (["", "3", ""], "Date of the count must include a day and a year"),
        (["", "", ""], "Enter the date of the count"),
    ],
)
def test_what_is_no_date_is_refused_with_one_sentence(boxes: list[str], sentence: str) -> None:
    assert refusal(DateField(label="Date of the count"), boxes) == sentence


def test_an_error_names_the_boxes_that_are_wrong() -> None:
    with pytest.raises(ValidationError) as caught:
        DateField(label="Date").clean(["1", "13", "2017"])

    assert caught.value.params is not None
    assert caught.value.params["parts"] == ("month",)


def test_an_optional_date_may_be_left_empty() -> None:
    assert DateField(required=False).clean(["", "", ""]) is None


def test_a_date_may_be_called_otherwise_in_errors() -> None:
    field = DateField(label="When were they counted?", called="date of the count")

    assert refusal(field, ["", "", ""]) == "Enter the date of the count"


def test_a_date_comes_from_its_three_boxes() -> None:
    form = Counted({"counted_on_day": "31", "counted_on_month": "3", "counted_on_year": "2018"})

    assert form.is_valid()
    assert form.cleaned_data["counted_on"] == date(2018, 3, 31)


def test_a_date_without_its_boxes_is_missing_and_no_crash() -> None:
    assert not Counted({"counted_on": "2018-03-31"}).is_valid()


def test_an_unchanged_date_has_not_changed() -> None:
    field = DateField()

    assert not field.has_changed(date(2018, 3, 31), ["31", "03", "2018"])
    assert field.has_changed(date(2018, 3, 31), ["31", "2", "2018"])


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_any_typing_gives_a_date_or_one_sentence(boxes: list[str]) -> None:
    assert len(complaints(DateField(required=False), boxes)) <= 1


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("1234.5", 123_450),
        ("£1,234.50", 123_450),
        ("1 234.50", 123_450),
        ("(500)", -50_000),
        ("(£1,234.50)", -123_450),
        ("-£5", -500),
        ("£-5", -500),
        ("−5.00", -500),
        (".05", 5),
        ("5.", 500),
        ("5-", -500),
        ("5.5.", None),
        ("0", 0),
        ("5.000", 500),
        (" £ 7 ", 700),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, pence: int | None) -> None:
    field = MoneyField(label="Amount")

    if pence is None:
        assert refusal(field, typed).startswith("Amount must be an amount in pounds")
    else:
        assert field.clean(typed) == pence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the amount"),
        ("lots", "Amount must be an amount in pounds, for example 1,234.50"),
        ("1,23", "Amount must be an amount in pounds, for example 1,234.50"),
        ("1.234,50", "Amount must be an amount in pounds, for example 1,234.50"),
        ("12 3", "Amount must be an amount in pounds, for example 1,234.50"),
        ("1e9", "Amount must be an amount in pounds, for example 1,234.50"),
        ("NaN", "Amount must be an amount in pounds, for example 1,234.50"),
        ("Infinity", "Amount must be an amount in pounds, for example 1,234.50"),
        ("٣", "Amount must be an amount in pounds, for example 1,234.50"),
        ("1.005", "Amount can have pounds and pence, but no part of a penny"),
        ("9" * 20, "Amount must be £10 trillion or less: check the number of noughts"),
        ("-" + "9" * 20, "Amount must be £10 trillion or less: check the number of noughts"),
    ],
)
def test_what_is_no_money_is_refused_with_one_sentence(typed: str, sentence: str) -> None:
    assert refusal(MoneyField(label="Amount"), typed) == sentence


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_money_shown_and_sent_back_is_the_same_money(pence: int) -> None:
    field = MoneyField()

    assert field.clean(field.prepare_value(pence)) == pence


@given(st.text(max_size=40))
def test_any_typing_gives_money_or_one_sentence(typed: str) -> None:
    assert len(complaints(MoneyField(required=False), typed)) <= 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "Size must be 0 or more"),
        ("1.23456", "Size can have at most 4 decimal places"),
        ("many", "Size must be a number, for example 1,265.96"),
        ("9" * 17, "Size must be 1,000,000,000,000,000 or less"),
    ],
)
def test_what_is_no_size_is_refused_with_one_sentence(typed: str, sentence: str) -> None:
    assert refusal(SizeField(label="Size"), typed) == sentence


def test_a_size_keeps_its_decimals() -> None:
    assert SizeField().clean("1,265.96") == Decimal("1265.96")


def test_a_percentage_may_carry_its_sign() -> None:
    assert PercentField().clean("69.7151 %") == Decimal("69.7151")
    assert refusal(PercentField(label="Share"), "100.0001%") == "Share must be 100 or less"


def test_a_number_without_decimals_must_be_whole() -> None:
    assert refusal(NumberField(label="Months", places=0), "1.5") == "Months must be a whole number"
