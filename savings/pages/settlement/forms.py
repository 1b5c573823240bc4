"""What is typed to propose a settlement, to answer it, and to record what was paid."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from programmes import words
from programmes.form_fields import DateField, MoneyField, TextField
from programmes.models import Force
from savings.models import SettlementAnswer

# No force’s code can be it.
DIRECTLY = "(directly)"


class OnADay(forms.Form):
    """A form that knows what day it is."""

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def not_before_today(self, name: str, called: str) -> date | None:
        """The day that was typed. Raises ValidationError for one that is past."""
        on: date | None = self.cleaned_data[name]
        if on and on < self.day:
            raise forms.ValidationError(
                f"{called} must be today, {words.day(self.day)}, or later",
                params={"parts": ("day", "month", "year")},
            )
        return on


class ProposeForm(OnADay):
    """When payments are due, and what to say with it."""

    due_on = DateField(
        label="Payments due on, if a day is agreed", called="the due date", required=False
    )
    note = TextField(
        label="Note to the other forces",
        lines=2,
        required=False,
        help_text="For example what was corrected since the last version.",
    )

    def clean_due_on(self) -> date | None:
        """Nothing falls due before it is proposed."""
        return self.not_before_today("due_on", "The due date")


class ForForceForm(OnADay):
    """Which force is spoken for: one of those that the person's role speaks for."""

    force = forms.ChoiceField(
        label="For which force",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the force that you speak for",
            "invalid_choice": "Choose a force that your role speaks for",
        },
    )

    def __init__(self, *args: Any, forces: Sequence[Force], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["force"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(force.code, force.name) for force in forces]
        if len(forces) == 1:
            self.initial["force"] = forces[0].code


class DisputeForm(ForForceForm):
    """What is wrong with a line, and who sees to it until when."""

    about = forms.ChoiceField(
        label="What is in dispute",
        choices=SettlementAnswer.About.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is in dispute"},
    )
    note = TextField(
        label="What is wrong",
        lines=3,
        error_messages={"required": "Say what is wrong, so that it can be mended"},
    )
    owner = TextField(label="Who sees to it", longest=200, required=False)
    by_on = DateField(label="To be resolved by", called="the day to resolve it by", required=False)

    def clean_by_on(self) -> date | None:
        """Nothing is resolved yesterday."""
        return self.not_before_today("by_on", "The day to resolve it by")


class LetGoForm(OnADay):
    """Why a dispute is let go."""

    note = TextField(
        label="Why it is no longer disputed",
        lines=2,
        error_messages={"required": "Say why it is no longer disputed"},
    )


class PaidForm(OnADay):
    """When it was paid, and by which reference it is found."""

    paid_on = DateField(label="Paid on", called="the day it was paid")
    reference = TextField(
        label="Reference",
        longest=200,
        help_text="As both finance systems have it, for example the BACS reference.",
        error_messages={"required": "Enter the payment’s reference"},
    )

    def clean_paid_on(self) -> date:
        """Nothing was paid tomorrow."""
        on: date = self.cleaned_data["paid_on"]
        if on > self.day:
            raise forms.ValidationError(
                f"The day it was paid must be today, {words.day(self.day)}, or earlier",
                params={"parts": ("day", "month", "year")},
            )
        return on


class TakeOffForm(OnADay):
    """Why a payment is taken off the record."""

    reason = TextField(
        label="Why it is taken off the record",
        lines=2,
        error_messages={"required": "Say why it is taken off the record"},
    )


class WayForm(OnADay):
    """Whether settlements are paid directly or through which force, and what is left alone."""

    through = forms.ChoiceField(
        label="How settlements are paid",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how settlements are paid",
            "invalid_choice": "Choose one of the ways shown",
        },
    )
    tolerance = MoneyField(
        label="Leave a difference of a closed year alone up to",
        called="what is left alone",
        least=0,
        required=False,
        help_text="For each force. Later evidence that moves no more than this is shown, and need not be "
        "posted. Empty is nothing.",
    )

    def __init__(self, *args: Any, forces: Sequence[Force], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["through"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (DIRECTLY, "Directly between the forces, in as few payments as can be"),
            *((force.code, f"Through {force.name}, which hosts them") for force in forces),
        ]
