"""The forms of the money pages."""

from typing import Any

from django import forms

from programmes.form_fields import DateField, SizeField, TextField
from programmes.models import Force, ForceSize, SizeMeasure
from programmes.permissions import Action, Standing


class RecordSizeForm(forms.Form):
    """A force's size as it is typed: force, measure, date, figure and where it was published."""

    force = forms.ModelChoiceField(
        Force.objects.none(),
        label="Force",
        to_field_name="code",
        empty_label="Choose a force",
        error_messages={
            "required": "Choose a force",
            "invalid_choice": "Choose a force whose sizes your role lets you record",
        },
    )
    measure = forms.ModelChoiceField(
        SizeMeasure.objects.none(),
        label="Measure",
        empty_label="Choose a measure",
        error_messages={"required": "Choose a measure", "invalid_choice": "Choose a measure"},
    )
    effective_on = DateField(
        label="Date of the count",
        called="the date of the count",
        help_text="The day that the figure was counted on, for example 31 3 2018.",
    )
    value = SizeField(label="Size", help_text="For example 2,958.98")
    source = TextField(
        label="Source",
        longest=500,
        help_text="The publication and its release, for example Home Office, Police workforce, July 2018.",
        error_messages={"required": "Enter the source, so that others can check the figure"},
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance = alliance = standing.alliance
        force, measure = self.fields["force"], self.fields["measure"]
        assert isinstance(force, forms.ModelChoiceField)
        assert isinstance(measure, forms.ModelChoiceField)
        every = Force.objects.filter(alliance=alliance)
        own = [each.pk for each in every if standing.may(Action.RECORD_SIZES, of=each)]
        force.queryset = every.filter(pk__in=own).order_by("position")
        measure.queryset = SizeMeasure.objects.filter(alliance=alliance).order_by("name")

    def as_size(self) -> ForceSize:
        """The size that a valid form describes, not saved."""
        given = self.cleaned_data
        return ForceSize(
            alliance=self.alliance,
            force=given["force"],
            measure=given["measure"],
            effective_on=given["effective_on"],
            value=given["value"],
            source=given["source"].strip(),
        )


class ApportionedFilter(forms.Form):
    """Which figures the apportioned savings page shows; anything unknown falls back to the first choice."""

    version = forms.ChoiceField(
        label="Version",
        choices=[("forecast", "Forecast"), ("approved", "Approved"), ("actual", "Actual")],
    )
    kind = forms.ChoiceField(
        label="Show",
        choices=[
            ("saving", "Savings"),
            ("cost", "Costs, net of grants"),
            ("net", "Savings less costs"),
        ],
    )
    year = forms.CharField(label="Financial year", required=False)
