"""The forms of the date pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from business_areas import services
from business_areas.models import Milestone
from business_areas.reasons import reasons_for
from programmes.form_fields import DateField

PROVISIONAL = (("yes", "Provisional: it may still move"), ("no", "Confirmed"))
MOST_DETAILS = 2000


class NewDateForm(forms.Form):
    """The new forecast, and how sure it is."""

    to = DateField(
        label="New forecast date",
        called="new forecast date",
        help_text="For example 1 4 2018.",
    )
    provisional = forms.ChoiceField(
        label="How sure is the new date?",
        choices=PROVISIONAL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the new date is provisional or confirmed"},
    )

    def __init__(self, *args: Any, milestone: Milestone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestone = milestone

    def clean_to(self) -> date:
        """A date that the milestone's forecast can move to."""
        to: date = self.cleaned_data["to"]
        services.check_new_date(milestone=self.milestone, to=to)
        return to


class ReasonForm(forms.Form):
    """Why the date moves; the reasons on offer fit an earlier or a later date."""

    reason = forms.ChoiceField(
        label="Reason",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={
            "required": "Choose the reason that fits best",
            "invalid_choice": "Choose a reason that fits the new date",
        },
    )
    details = forms.CharField(
        label="What happened",
        help_text="A sentence or two for the board. Kept with the old and the new date.",
        max_length=MOST_DETAILS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter what happened, in a sentence or two",
            "max_length": f"What happened must be {MOST_DETAILS:,} characters or fewer",
        },
    )

    def __init__(self, *args: Any, milestone: Milestone, to: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = _same(reasons_for(milestone.expected_on, to))


class ApprovedDateForm(forms.Form):
    """A newly approved date, with who approved it and when."""

    to = DateField(
        label="New approved date", called="new approved date", help_text="For example 1 4 2018."
    )
    approved_by = forms.CharField(
        label="Who approved it",
        help_text="The board or the office, for example Programme board.",
        max_length=45,
        error_messages={
            "required": "Enter who approved the new date",
            "max_length": "Who approved it must be 45 characters or fewer",
        },
    )
    decided_on = DateField(
        label="Day of the approval",
        called="day of the approval",
        help_text="For example 31 3 2018.",
    )
    details = forms.CharField(
        label="Why",
        help_text="What the board was told, in a sentence or two.",
        max_length=MOST_DETAILS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter why the approved date changes",
            "max_length": f"Why must be {MOST_DETAILS:,} characters or fewer",
        },
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean_decided_on(self) -> date:
        """A day that has come."""
        decided_on: date = self.cleaned_data["decided_on"]
        if decided_on > self.day:
            raise services.DecidedInFuture
        return decided_on


class MonthsForm(forms.Form):
    """A range of months, kept in the address; a month is written 2018-03."""

    first = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="From",
        error_messages={"invalid": "Write the first month as 2018-03"},
    )
    last = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="To",
        error_messages={"invalid": "Write the last month as 2018-03"},
    )

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        for name in ("first", "last"):
            if given.get(name) and not 1900 <= int(given[name][:4]) <= 2100:
                self.add_error(name, "The year must be between 1900 and 2100")
        if first and last and last < first:
            self.add_error("last", ValidationError("The last month must not be before the first"))
        return given


def direction(before: date | None, to: date) -> str:
    """“earlier” or “later”; empty where there is nothing to compare with."""
    if before is None or before == to:
        return ""
    return "later" if to > before else "earlier"


def _same(words: Sequence[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]
