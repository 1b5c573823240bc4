"""Why something is changed, asked on the page that shows what it does."""

from datetime import date
from typing import Any

from django import forms

from programmes import words
from programmes.form_fields import DateField, TextField


def why_field(label: str, required: str, help_text: str = "") -> TextField:
    """A text that has to be given."""
    return TextField(
        label=label,
        lines=2,
        help_text=help_text,
        error_messages={"required": required},
    )


class WhyForm(forms.Form):
    """What a check page asks before it saves; its reason and `details` go on record.

    Its fields begin with `check-`, so that they stand beside those of what was typed.
    """

    prefix = "check"

    reason = why_field("Why", "Say why this changes", "Everyone who sees the history reads this.")

    @property
    def details(self) -> str:
        """What else is kept with it."""
        return ""


class CheckForm(WhyForm):
    """Why; and where somebody agreed it, on which day and who."""

    agreed_on = DateField(
        label="Agreed on, if it was agreed", called="day it was agreed", required=False
    )
    agreed_by = TextField(
        label="Agreed by",
        longest=200,
        required=False,
        help_text="For example the joint committee, or both chief finance officers.",
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean_agreed_on(self) -> date | None:
        """Nothing was agreed tomorrow."""
        on: date | None = self.cleaned_data["agreed_on"]
        if on and on > self.day:
            raise forms.ValidationError(
                f"The day it was agreed must be today, {words.day(self.day)}, or earlier",
                params={"parts": ("day", "month", "year")},
            )
        return on

    @property
    def details(self) -> str:
        """What was agreed and by whom, in a sentence; blank if nothing was."""
        on, by = self.cleaned_data.get("agreed_on"), self.cleaned_data.get("agreed_by", "").strip()
        if not on and not by:
            return ""
        return f"Agreed{f' on {words.day(on)}' if on else ''}{f' by {by}' if by else ''}."
