"""The period over which the dashboard compares: the last month, the last quarter, or since a date."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from programmes.form_fields import DateField
from programmes.models import Alliance
from programmes.words import day as in_words
from savings.engine.periods import add_months

_MONTHS = {"month": 1, "quarter": 3}
LABELS = {"month": "Last month", "quarter": "Last quarter"}


@dataclass(frozen=True)
class Period:
    """From the day after `since` up to and including `day`."""

    key: str
    since: date
    day: date

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """What the page offers beside a date: key, label, whether it is chosen."""
        return [(key, label, key == self.key) for key, label in LABELS.items()]

    @property
    def query(self) -> str:
        """The choice as part of an address."""
        if self.key in _MONTHS:
            return f"period={self.key}"
        since = self.since
        return f"since_day={since.day}&since_month={since.month}&since_year={since.year}"

    def has(self, on: date | None) -> bool:
        """Whether a day lies in the period."""
        return on is not None and self.since < on <= self.day

    @classmethod
    def of(cls, key: str, day: date) -> "Period":
        """The last month or quarter up to `day`; a quarter for any other key."""
        key = key if key in _MONTHS else "quarter"
        return cls(key, add_months(day, -_MONTHS[key]), day)


class SinceForm(forms.Form):
    """The date that a reader compares with."""

    since = DateField(label="Since", called="date to compare with")

    def __init__(self, *args: Any, alliance: Alliance, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance, self.day = alliance, day

    def clean_since(self) -> date:
        """A date before the alliance's day, and not before it began."""
        since: date = self.cleaned_data["since"]
        if since >= self.day:
            raise ValidationError(f"The date must be before {in_words(self.day)}.")
        began = self.alliance.began_on
        if began and since < began:
            raise ValidationError(f"The date must not be before {in_words(began)}, when it began.")
        return since
