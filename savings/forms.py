"""The filter of the apportioned savings."""

from django import forms

# What is stored of every amount; the outturn is chosen from actual and forecast.
STORED = [("forecast", "Forecast"), ("approved", "Approved"), ("actual", "Actual")]


class ApportionedFilter(forms.Form):
    """Which figures the apportioned savings page shows; anything unknown falls back to the first choice."""

    version = forms.ChoiceField(
        label="Version",
        choices=[("outturn", "Outturn"), *STORED],
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
