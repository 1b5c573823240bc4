"""A date typed in three boxes."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from programmes.form_fields.naming import NamedField, named_in_errors
from programmes.written.dates import EARLIEST, LATEST, month_number
from programmes.written.texts import without_invisible

PARTS = ("day", "month", "year")
_DIGITS = re.compile(r"[0-9]{1,4}")


def _listed(words: Sequence[str]) -> str:
    return " and ".join(f"a {word}" for word in words)


class DateInput(forms.MultiWidget):
    """Three boxes, named `<field>_day`, `<field>_month` and `<field>_year`."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "text" if part == "month" else "numeric"})
            for part in PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str]:
        """What to put into each box for a stored date; nothing for None."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, with a label for each box and ids that end in its part's name."""
        context = super().get_context(name, value, attrs)
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            box["part"], box["label"] = part, part.capitalize()
            if "id" in box["attrs"]:
                box["attrs"]["id"] = f"{context['widget']['attrs']['id']}_{part}"
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Nothing: the legend labels the group, and each box has a label of its own."""
        return ""


class HiddenDateInput(DateInput):
    """The three boxes out of sight, so that a page between typing and saving keeps what was typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets = [forms.HiddenInput() for _ in PARTS]


class DateField(NamedField):
    """A date typed as day, month and year; a month may be a name.

    `called` is what error sentences call the date, if that is not its label.
    An error's params name the parts that are wrong: `{"parts": ("month",)}`.
    """

    widget = DateInput
    hidden_widget = HiddenDateInput
    default_error_messages: ClassVar = {
        "required": "Enter the %(called)s",
        "missing": "%(Called)s must include %(missing)s",
        "unreal": "%(Called)s must be a real date, for example 31 3 2018",
        "short_year": "%(Called)s must have a year of four digits, for example 2018",
        "far_year": "%(Called)s must be between 1900 and 2100: check the year",
    }

    def _error(self, code: str, parts: Sequence[str], missing: str = "") -> ValidationError:
        params = {
            **named_in_errors(self, self.called),
            "missing": missing,
            "parts": tuple(parts),
        }
        return ValidationError(self.error_messages[code], code, params)

    def validate(self, value: Any) -> None:
        """Required means a date: the sentence names the field and marks the first box."""
        if value is None and self.required:
            raise self._error("required", PARTS)

    def to_python(self, value: Any) -> date | None:
        """The date that the boxes say, or None if all are empty."""
        if value is None or isinstance(value, date):
            return value
        boxes = [without_invisible(str(part or "")).strip() for part in value]
        if not any(boxes):
            return None
        missing = [part for part, box in zip(PARTS, boxes, strict=True) if not box]
        if missing:
            raise self._error("missing", missing, _listed(missing))
        return self._real_date(*boxes)

    def _real_date(self, day: str, month: str, year: str) -> date:
        number = month_number(month)
        wrong = [
            part
            for part, right in (
                ("day", _DIGITS.fullmatch(day) and 1 <= int(day) <= 31),
                ("month", number is not None),
                ("year", _DIGITS.fullmatch(year)),
            )
            if not right
        ]
        if wrong or number is None:
            raise self._error("unreal", wrong)
        if len(year) < 4:
            raise self._error("short_year", ["year"])
        if not EARLIEST.year <= int(year) <= LATEST.year:
            raise self._error("far_year", ["year"])
        try:
            return date(int(year), number, int(day))
        except ValueError:
            raise self._error("unreal", ["day"]) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes say another date; what is no date has changed."""
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True
