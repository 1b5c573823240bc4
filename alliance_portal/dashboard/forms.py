"""What a person says of a status."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from business_areas.models import Direction, Rating
from programmes.form_fields import DateField

_LONGEST = 1000


class OverrideForm(forms.Form):
    """A rating over the data's: which, why, and until when."""

    rating = forms.ChoiceField(
        label="Status",
        choices=Rating.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a status", "invalid_choice": "Choose a status"},
    )
    reason = forms.CharField(
        label="Why it differs from the data",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Say why the status differs from the data",
            "max_length": f"The reason must be {_LONGEST:,} characters or fewer",
        },
    )
    until_on = DateField(
        label="Until",
        called="last day on which it holds",
        help_text="After this day the data’s own status shows again. At most a year ahead.",
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean_until_on(self) -> date:
        """Today or later, and at most a year ahead."""
        until: date = self.cleaned_data["until_on"]
        if until < self.day:
            raise ValidationError("The end date must be today or later.")
        if (until - self.day).days > 366:
            raise ValidationError("The end date must be at most a year ahead.")
        return until


class OutlookForm(forms.Form):
    """Where the status is heading."""

    direction = forms.ChoiceField(
        label="Forward look",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where it is heading",
            "invalid_choice": "Choose where it is heading",
        },
    )
    note = forms.CharField(
        label="What makes you think so",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": f"The note must be {_LONGEST:,} characters or fewer"},
    )
