"""Why a change that moves money or ends something is made, asked on the page that shows what it does."""

from datetime import date
from typing import Any

from django import forms

from programmes import words
from programmes.form_fields import DateField, TextField


def _why(label: str, required: str, help_text: str = "") -> TextField:
    return TextField(
        label=label,
        lines=2,
        help_text=help_text,
        error_messages={"required": required},
    )


class CheckForm(forms.Form):
    """Why; and where somebody agreed it, on which day and who. Its fields begin with `check-`."""

    prefix = "check"

    reason = _why("Why", "Say why this changes", "Everyone who sees the history reads this.")
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


class CloseForm(CheckForm):
    """What becomes of what the area has, too."""

    people = _why("What becomes of the people", "Say what becomes of the people")
    savings = _why("What becomes of the savings", "Say what becomes of the savings")
    shares = _why("What becomes of the shares", "Say what becomes of the shares")

    @property
    def details(self) -> str:
        """The three answers, with what was agreed."""
        given = self.cleaned_data
        said = [
            f"{name.capitalize()}: {given[name].strip()}"
            for name in ("people", "savings", "shares")
        ]
        return "\n".join([*said, *([super().details] if super().details else [])])
