"""What a person says of a status, beside what was there when they opened its page."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from business_areas.models import BusinessArea, Direction, Rating, Strand
from business_areas.services import statuses
from programmes.checked import SeenForm
from programmes.form_fields import DateField, TextField
from programmes.models import Alliance
from programmes.seen import Seen

_LONGEST = 1000


class StatusForm(SeenForm):
    """A form on the page of one status."""

    def __init__(
        self,
        *args: Any,
        alliance: Alliance,
        area: BusinessArea | None,
        strand: Strand,
        day: date,
        **kwargs: Any,
    ) -> None:
        self.alliance, self.area, self.strand, self.day = alliance, area, strand, day
        super().__init__(*args, **kwargs)


class OverrideForm(StatusForm):
    """A rating over the data's: which, why, and until when."""

    prefix = "override"

    rating = forms.ChoiceField(
        label="Status",
        choices=Rating.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a status", "invalid_choice": "Choose a status"},
    )
    reason = TextField(
        label="Why it differs from the data",
        called="the reason",
        longest=_LONGEST,
        shortest=statuses.SHORTEST_REASON,
        lines=3,
        help_text="At least 20 characters. It shows beside the status, with your name.",
        error_messages={"required": "Say why the status differs from the data"},
    )
    until_on = DateField(
        label="Until",
        called="last day on which it holds",
        help_text="After this day the data’s own status shows again. At most a year ahead.",
    )

    def stored(self) -> Seen:
        """The status that was set last."""
        return statuses.override_of(self.alliance, self.area, self.strand)

    def clean_until_on(self) -> date:
        """Today or later, and at most a year ahead."""
        until: date = self.cleaned_data["until_on"]
        if until < self.day:
            raise ValidationError("The end date must be today or later.")
        if (until - self.day).days > 366:
            raise ValidationError("The end date must be at most a year ahead.")
        return until


class OutlookForm(StatusForm):
    """Where the status is heading."""

    prefix = "outlook"

    direction = forms.ChoiceField(
        label="Forward look",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where it is heading",
            "invalid_choice": "Choose where it is heading",
        },
    )
    note = TextField(
        label="What makes you think so",
        called="the note",
        required=False,
        longest=_LONGEST,
        lines=2,
    )

    def stored(self) -> Seen:
        """The latest forward look."""
        return statuses.outlook_of(self.alliance, self.area, self.strand)
