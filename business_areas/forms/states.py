"""The forms of adding an area and of putting one on hold."""

from datetime import date
from typing import Any

from django import forms

from business_areas.models import BusinessArea
from business_areas.services.areas import BEFORE_LIVE
from programmes import words
from programmes.form_fields import DateField, TextField
from programmes.models import Alliance, Force, User
from programmes.permissions import Action, people_who_may


class AddAreaForm(forms.Form):
    """A new area."""

    name = TextField(
        label="Name",
        called="the name",
        longest=200,
        error_messages={"required": "Enter the name of the area"},
    )
    category = forms.ChoiceField(
        label="Category",
        choices=BusinessArea.Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the category"},
    )
    stage = forms.ChoiceField(
        label="Stage",
        choices=[(stage.value, stage.label) for stage in BEFORE_LIVE],
        initial=BEFORE_LIVE[0].value,
    )
    lead_force = forms.ModelChoiceField(
        Force.objects.none(), label="Lead force", required=False, empty_label="Not yet named"
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Owner in the programme",
        required=False,
        empty_label="Nobody yet",
        help_text="Who keeps its dates and facts up to date here.",
    )
    summary = TextField(
        label="Summary",
        required=False,
        lines=3,
        help_text="What the team will do, in a sentence or two.",
    )
    go_live_on = DateField(
        label="Go-live date, if there is one yet",
        called="go-live date",
        required=False,
        help_text="It becomes the original baseline, which is never changed, and a provisional forecast.",
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance = alliance
        lead, owner = self.fields["lead_force"], self.fields["owner"]
        assert isinstance(lead, forms.ModelChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        lead.queryset = Force.objects.filter(alliance=alliance).order_by("position")
        owner.queryset = people_who_may(alliance, Action.MANAGE_AREAS)

    def clean_go_live_on(self) -> date | None:
        """Not before the alliance began."""
        on: date | None = self.cleaned_data["go_live_on"]
        began = self.alliance.began_on
        if on and began and on < began:
            raise forms.ValidationError(
                f"The go-live date must be on or after {words.day(began)}, when the alliance began",
                params={"parts": ("day", "month", "year")},
            )
        return on


class HoldForm(forms.Form):
    """Since when, and why."""

    on_hold_since = DateField(label="On hold since", called="day since when it is on hold")
    hold_reason = TextField(
        label="Why",
        lines=3,
        help_text="Everyone who sees the area reads this.",
        error_messages={"required": "Say why the area is on hold"},
    )
