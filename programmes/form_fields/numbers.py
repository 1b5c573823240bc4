"""Numbers typed as people write them: sizes, percentages, pounds."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from programmes.form_fields.naming import NamedField, named_in_errors
from programmes.written.limits import MOST_PENCE, MOST_SIZE
from programmes.written.numbers import fits, number_in, without_noise


class NumberInput(forms.TextInput):
    """A text box for a number, so that what was typed survives; may show a unit before or after."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        prefix: str = "",
        suffix: str = "",
        width: int = 10,
    ) -> None:
        given = {"inputmode": "decimal", "spellcheck": "false", "autocomplete": "off"}
        super().__init__({**given, "class": f"govuk-input--width-{width}", **(attrs or {})})
        self.prefix = prefix
        self.suffix = suffix


class NumberField(NamedField):
    """A Decimal typed as people write numbers: commas, a pound sign, brackets or a minus.

    `called` is what error sentences call it, if that is not its label; `places` is the most
    decimals it may have, `least` and `most` its bounds, both included.
    """

    widget: Any = NumberInput
    default_error_messages: ClassVar = {
        "required": "Enter the %(called)s",
        "invalid": "%(Called)s must be a number, for example 1,265.96",
        "places": "%(Called)s can have at most %(places)s decimal places",
        "whole": "%(Called)s must be a whole number",
        "least": "%(Called)s must be %(least)s or more",
        "most": "%(Called)s must be %(most)s or less",
    }

    def __init__(
        self,
        *,
        places: int = 4,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.places, self.least, self.most = places, least, most

    def _error(self, code: str) -> ValidationError:
        params = {
            **named_in_errors(self, self.called),
            "places": self.places,
            "least": "" if self.least is None else f"{self.least:,}",
            "most": "" if self.most is None else f"{self.most:,}",
        }
        return ValidationError(self.error_messages[code], code, params)

    def validate(self, value: Any) -> None:
        """Required means a number."""
        if value is None and self.required:
            raise self._error("required")

    def to_python(self, value: Any) -> Any:
        """The number typed, or None if nothing was."""
        if value is None or isinstance(value, Decimal | int):
            return value
        written = str(value).strip()
        if not written:
            return None
        number = number_in(written)
        if number is None:
            raise self._error("invalid")
        number = without_noise(number, self.places)
        if not fits(number, self.places):
            raise self._error("whole" if self.places == 0 else "places")
        if self.least is not None and number < self.least:
            raise self._error("least")
        if self.most is not None and number > self.most:
            raise self._error("most")
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the box says another number; what is no number has changed."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class SizeField(NumberField):
    """A force's size: nought or more, up to four decimals and 16 digits before them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"places": 4, "least": 0, "most": MOST_SIZE, **options})


class PercentField(NumberField):
    """A percentage from 0 to 100, up to four decimals; a typed % sign is accepted."""

    def __init__(self, **options: Any) -> None:
        widget = NumberInput(suffix="%", width=5)
        super().__init__(**{"places": 4, "least": 0, "most": 100, "widget": widget, **options})

    def to_python(self, value: Any) -> Any:
        """The percentage, as a Decimal of per cents."""
        return super().to_python(
            value.strip().removesuffix("%") if isinstance(value, str) else value
        )


class MoneyField(NumberField):
    """Pounds typed, whole pence (int) returned: "£1,234.50" is 123450, "(500)" is -50000."""

    default_error_messages: ClassVar = {
        "invalid": "%(Called)s must be an amount in pounds, for example 1,234.50",
        "places": "%(Called)s can have pounds and pence, but no part of a penny",
        "most": "%(Called)s must be £10 trillion or less: check the number of noughts",
        "least": "%(Called)s must be £%(least)s or more",
    }

    def __init__(self, **options: Any) -> None:
        widget = NumberInput(prefix="£")
        most = Decimal(MOST_PENCE) / 100
        super().__init__(**{"places": 2, "most": most, "widget": widget, **options})

    def to_python(self, value: Any) -> int | None:
        """Whole pence; an int is pence already."""
        if value is None or isinstance(value, int):
            return value
        number = super().to_python(value)
        if number is None:
            return None
        if number < -Decimal(MOST_PENCE) / 100:
            raise self._error("most")
        return int(number * 100)

    def prepare_value(self, value: Any) -> Any:
        """Stored pence as pounds for the box; what was typed as it was typed."""
        if isinstance(value, int):
            sign = "-" if value < 0 else ""
            return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02}"
        return value
