"""What many areas are to change to, and why their dates move."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from business_areas.models import BusinessArea
from business_areas.services.many import WAYS
from programmes.checked import WhyForm
from programmes.form_fields import TextField
from programmes.models import Alliance, User
from programmes.permissions import Action, people_who_may
from programmes.written.dates import EARLIEST, LATEST, month_number

_MONTH = re.compile(r"(?P<month>[0-9]{1,2}|[a-zA-Z]{3,9})\.?[\s/.,-]+(?P<year>[0-9]+)")
_WHY = {
    "later": "why they move later",
    "earlier": "why they move earlier",
    "first": "where this is the first forecast, or only confirms the date",
}


class MonthField(forms.Field):
    """A month typed as "4 2018" or "April 2018"; its first day is returned."""

    def to_python(self, value: Any) -> Any:
        """The first day of the month; None if nothing was typed."""
        text = str(value or "").strip()
        if not text:
            return None
        match = _MONTH.fullmatch(text[:30])
        number = month_number(match["month"]) if match else None
        if match is None or number is None:
            raise forms.ValidationError("The month must be a real month, for example 4 2018")
        if len(match["year"]) != 4:
            raise forms.ValidationError(
                "The month must have a year of four digits, for example 2018"
            )
        year = int(match["year"])
        if not EARLIEST.year <= year <= LATEST.year:
            raise forms.ValidationError("The month must be between 1900 and 2100: check the year")
        return date(year, number, 1)


class ManyForm(forms.Form):
    """One choice for all the areas: `value` is what they get."""

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.build(alliance)

    def build(self, alliance: Alliance) -> None:
        """Fill in the choices."""


class ManyStageForm(ManyForm):
    """A stage; live and withdrawn are reached on pages of their own."""

    value = forms.ChoiceField(
        label="New stage",
        choices=[
            choice
            for choice in BusinessArea.Stage.choices
            if choice[0] not in (BusinessArea.Stage.LIVE, BusinessArea.Stage.WITHDRAWN)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the new stage"},
    )


class ManyOwnerForm(ManyForm):
    """A person of the alliance, or nobody."""

    value = forms.ModelChoiceField(
        User.objects.none(), label="New owner", required=False, empty_label="Nobody yet"
    )

    def build(self, alliance: Alliance) -> None:
        """The alliance's people."""
        field = self.fields["value"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people_who_may(alliance, Action.MANAGE_AREAS)


class ManyMonthForm(ManyForm):
    """The month of the go-lives."""

    value = MonthField(
        label="New forecast month of the go-lives",
        help_text="For example 4 2018. Each go-live is forecast for the first day of the month.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Enter the month"},
    )


class ReasonsForm(WhyForm):
    """A reason and details for each way in which the dates move."""

    reason = None  # type: ignore[assignment] # one for each way instead

    def __init__(self, *args: Any, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = [way for way in WAYS if way in set(ways)]
        for way in self.ways:
            self.fields[f"reason_{way}"] = forms.ChoiceField(
                label=f"Reason {_WHY[way]}",
                choices=[("", "Choose a reason"), *((reason, reason) for reason in WAYS[way])],
                error_messages={"required": f"Choose the reason {_WHY[way]}"},
            )
            self.fields[f"details_{way}"] = TextField(
                label="Details",
                lines=2,
                help_text="Kept on record with each area’s old and new date.",
                error_messages={
                    "required": "Enter the details: what happened, and what comes next"
                },
            )

    @property
    def reasons(self) -> dict[str, tuple[str, str]]:
        """What a valid form says, by the way the dates move."""
        given = self.cleaned_data
        return {way: (given[f"reason_{way}"], given[f"details_{way}"]) for way in self.ways}
