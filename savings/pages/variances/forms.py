"""What is said of a variance."""

from typing import Any

from django import forms

from programmes.form_fields import DateField, TextField
from savings.pages.settlement.forms import OnADay

YES, NO = "yes", "no"


class NarrativeForm(OnADay):
    """Its cause, whether it comes again, and what is done about it, by whom, until when."""

    cause = TextField(
        label="What it comes from", lines=3, error_messages={"required": "Say what it comes from"}
    )
    is_recurrent = forms.ChoiceField(
        label="Will it come again?",
        choices=[(YES, "Yes, in later months too"), (NO, "No, it happened once")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it will come again"},
    )
    action = TextField(label="What is done about it", lines=2, required=False)
    owner = TextField(label="Who does it", longest=200, required=False)
    due_on = DateField(label="Until when", called="the date", required=False)

    def clean_is_recurrent(self) -> bool:
        """As it is stored."""
        return bool(self.cleaned_data["is_recurrent"] == YES)


def as_typed(found: Any) -> dict[str, Any]:
    """A narrative as the form shows it."""
    return {
        "cause": found.cause,
        "is_recurrent": YES if found.is_recurrent else NO,
        "action": found.action,
        "owner": found.owner,
        "due_on": found.due_on,
    }
