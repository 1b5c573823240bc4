"""The forms of the go-live pages."""

from datetime import date
from typing import Any

from django import forms

from alliance_portal.dates.forms import MOST_DETAILS
from business_areas import services
from business_areas.models import Milestone, NotApplicable
from business_areas.readiness import Need, Readiness
from programmes import words
from programmes.form_fields import DateField, TextField

OTHER_DATE, DID_NOT = "date", "not"


def _reason(label: str, needed: str, help_text: str) -> TextField:
    return TextField(
        label=label,
        help_text=help_text,
        called="the reason",
        longest=MOST_DETAILS,
        lines=3,
        error_messages={"required": needed},
    )


class GoLiveForm(forms.Form):
    """The day that the area went live."""

    on = DateField(label="When did it go live?", called="go-live date")

    def __init__(
        self,
        *args: Any,
        readiness: Readiness,
        go_live: Milestone | None,
        day: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.readiness, self.go_live, self.day = readiness, go_live, day
        self.fields[
            "on"
        ].help_text = f"Today, {words.day(day)}, or earlier. For example 18 12 2017."

    def clean_on(self) -> date:
        """A day on which it can have gone live."""
        on: date = self.cleaned_data["on"]
        services.check_take_live(
            area=self.readiness.area,
            go_live=self.go_live,
            on=on,
            readiness=self.readiness,
            day=self.day,
        )
        return on


class NotApplicableForm(forms.Form):
    """Why one item of the readiness list does not apply; each item has a form of its own."""

    item = forms.ChoiceField(choices=NotApplicable.Item.choices, widget=forms.HiddenInput)
    reason = _reason("", "Enter why it does not apply", "Everyone who sees the area reads this.")

    def __init__(self, data: Any = None, *, need: Need) -> None:
        super().__init__(data, auto_id=f"id_{need.item}_%s", initial={"item": need.item})
        self.need = need
        self.fields["reason"].label = f"Why “{need.name}” does not apply"
        self.fields["reason"].error_messages["required"] = f"Enter why “{need.name}” does not apply"


class CorrectForm(forms.Form):
    """What is wrong with a go-live, and why."""

    what = forms.ChoiceField(
        label="What is wrong?",
        choices=(
            (OTHER_DATE, "It went live on another date"),
            (DID_NOT, "It did not go live"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong"},
    )
    on = DateField(
        label="The right date",
        called="right go-live date",
        help_text="Leave empty if it did not go live.",
    )
    reason = _reason(
        "Why is it corrected?",
        "Enter why the go-live is corrected",
        "Kept with the old date and the new one.",
    )

    def __init__(self, *args: Any, go_live: Milestone | None, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.go_live, self.day = go_live, day
        if self.is_bound and self.data.get("what") != OTHER_DATE:
            self.fields["on"].required = False

    def clean(self) -> dict[str, Any]:
        """A date on which it can have gone live; what was typed is not read if it did not."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == DID_NOT:
            self.errors.pop("on", None)
            given["on"] = None
        elif given.get("on") and self.go_live is not None and self.go_live.area is not None:
            try:
                services.check_correction(
                    area=self.go_live.area, go_live=self.go_live, to=given["on"], day=self.day
                )
            except forms.ValidationError as problem:
                self.add_error("on", problem)
        return given

    @property
    def to(self) -> date | None:
        """The right date; None if it did not go live."""
        on: date | None = self.cleaned_data["on"]
        return on if self.cleaned_data["what"] == OTHER_DATE else None
