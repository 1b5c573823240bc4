"""What is typed to close a year or not to, and to post what came to light of it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programmes.form_fields import TextField
from savings.engine.periods import year_label
from savings.pages.settlement.forms import OnADay


class AskForm(OnADay):
    """What the other forces read with it."""

    note = TextField(
        label="Note to the other forces",
        lines=3,
        required=False,
        help_text="Where something is left open, say why the year is closed all the same.",
    )


class ConfirmForm(OnADay):
    """Nothing is typed: the page shows what is confirmed."""


class ReasonForm(OnADay):
    """Why a year is not closed."""

    reason = TextField(
        label="Why it is not closed",
        lines=3,
        error_messages={"required": "Say why the year is not closed"},
    )


class PostForm(OnADay):
    """In which open year it is posted, and why."""

    into = forms.ChoiceField(
        label="Post it in",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the year to post it in",
            "invalid_choice": "Choose an open year after the closed one",
        },
    )
    reason = TextField(
        label="Why it is posted",
        lines=2,
        help_text="Everyone who sees the settlement of that year reads this.",
        error_messages={"required": "Say why it is posted"},
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(year), year_label(year)) for year in years]
        if years:
            self.initial["into"] = str(years[-1])
