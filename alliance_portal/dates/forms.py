"""The forms of the date pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from business_areas import services
from business_areas.models import Milestone
from business_areas.reasons import reasons_for
from programmes import words
from programmes.form_fields import DateField, TextField

PROVISIONAL = (("yes", "Provisional: it may still move"), ("no", "Confirmed"))
MOST_DETAILS = 2000
OTHER_DAY, NOT_YET = "day", "not"


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
    details = TextField(
        label="What happened",
        help_text="A sentence or two for the board. Kept with the old and the new date.",
        longest=MOST_DETAILS,
        lines=4,
        error_messages={"required": "Enter what happened, in a sentence or two"},
    )

    def __init__(self, *args: Any, milestone: Milestone, to: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = _same(reasons_for(milestone.expected_on, to))


class ApprovedDateForm(forms.Form):
    """The approved date that is asked for, and why."""

    to = DateField(
        label="New approved date", called="new approved date", help_text="For example 1 4 2018."
    )
    details = TextField(
        label="Why",
        help_text="What whoever decides has to know, in a sentence or two. Kept with the dates.",
        longest=MOST_DETAILS,
        lines=4,
        error_messages={"required": "Enter why the approved date changes"},
    )


class RefusalForm(forms.Form):
    """Why an approved date that was asked for is refused."""

    answer = TextField(
        label="Why it is refused",
        help_text="Kept in the history; only needed to refuse.",
        longest=MOST_DETAILS,
        lines=3,
        error_messages={"required": "Enter why the date is refused"},
    )


class ReachedForm(forms.Form):
    """The day on which a milestone was reached."""

    to = DateField(label="Actual date", called="actual date")
    details = TextField(
        label="What there is to say of it",
        required=False,
        help_text="Kept with the date.",
        longest=MOST_DETAILS,
        lines=3,
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "to"
        ].help_text = f"{words.day(day)} or earlier. For example 18 12 {day.year - 1}."


class CorrectReachedForm(forms.Form):
    """What is wrong with an actual date, and why."""

    what = forms.ChoiceField(
        label="What is wrong?",
        choices=(
            (OTHER_DAY, "It was reached on another day"),
            (NOT_YET, "It has not been reached"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong"},
    )
    to = DateField(
        label="The right date",
        called="right actual date",
        required=False,
        help_text="Leave empty if it has not been reached.",
    )
    details = TextField(
        label="Why is it corrected?",
        called="the reason",
        help_text="Kept with the old date and the new one.",
        longest=MOST_DETAILS,
        lines=3,
        error_messages={"required": "Enter why the date is corrected"},
    )

    def clean(self) -> dict[str, Any]:
        """A date where one is needed."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == NOT_YET:
            given["to"] = None
        elif given.get("what") == OTHER_DAY and "to" in given and given["to"] is None:
            self.add_error("to", "Enter the right actual date")
        return given


class AddMilestoneForm(forms.Form):
    """A further milestone of an area."""

    name = TextField(
        label="Name",
        called="the name",
        longest=200,
        error_messages={"required": "Enter the name of the milestone"},
    )
    kind = forms.ChoiceField(
        label="Kind",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={"required": "Choose the kind"},
    )
    baseline_on = DateField(
        label="Original baseline",
        called="original baseline",
        required=False,
        help_text="The date first promised; it never changes. Left empty, the forecast becomes "
        "it. A date is approved once somebody else agrees to it: ask for that on the milestone’s page.",
    )
    forecast_on = DateField(
        label="Forecast",
        called="forecast date",
        required=False,
        help_text="When it is expected today.",
    )
    provisional = forms.ChoiceField(
        label="How sure is the forecast?",
        choices=PROVISIONAL,
        initial="yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the forecast is provisional or confirmed"},
    )

    def __init__(self, *args: Any, has_go_live: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            (value, label)
            for value, label in Milestone.Kind.choices
            if not (has_go_live and value == Milestone.Kind.GO_LIVE)
        ]


class RemoveMilestoneForm(forms.Form):
    """Why a milestone is taken away."""

    reason = TextField(
        label="Why is it removed?",
        called="the reason",
        help_text="Kept in the history of the area.",
        longest=MOST_DETAILS,
        lines=3,
        error_messages={"required": "Say why the milestone is removed"},
    )


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
