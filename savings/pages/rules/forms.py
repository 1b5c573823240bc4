"""What is typed of a sharing rule."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms

from business_areas.models import BusinessArea
from programmes.checked import CheckForm
from programmes.form_fields import DateField, NumberField, PercentField, TextField
from programmes.models import Alliance, Force, SizeMeasure
from savings.models import SharingRule, SharingTerm

Method = SharingRule.Method
EXACT = "exact"
_DECIMALS = [
    *(
        (str(places), f"To {places} decimal place{'' if places == 1 else 's'}")
        for places in range(5)
    ),
    (EXACT, "Exact: the sizes themselves divide each amount"),
]


class ReasonForm(CheckForm):
    """Why. On which day and by whom a rule was agreed is part of the rule."""

    agreed_on = None  # type: ignore[assignment]
    agreed_by = None  # type: ignore[assignment]

    @property
    def details(self) -> str:
        """Nothing more."""
        return ""


class BeginsForm(forms.Form):
    """For what a rule is, from when, and where it was agreed."""

    effective_on = DateField(
        label="In force from",
        called="first day of the rule",
        help_text="It shares every amount whose period begins on this day or later.",
    )
    agreed_on = DateField(label="Agreed on", called="day it was agreed", required=False)
    source = TextField(
        label="Agreed by, or where it is written",
        called="who agreed it, or where it is written",
        longest=500,
        help_text="For example the joint committee’s minute 14, or section 22 of the agreement.",
        error_messages={"required": "Enter who agreed it, or where it is written"},
    )

    def __init__(self, *args: Any, alliance: Alliance, rule: SharingRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance, self.rule = alliance, rule

    def as_rule(self) -> tuple[SharingRule, list[SharingTerm]]:
        """The rule with its terms as they were typed, not saved, anew each time."""
        rule = SharingRule(alliance=self.alliance, area=self.area, method=Method.ALLIANCE)
        self._fill(rule)
        return rule, []

    @property
    def area(self) -> BusinessArea | None:
        """The area that it is for; None for the whole alliance."""
        return self.rule.area

    def _fill(self, rule: SharingRule) -> None:
        rule.effective_on = self.cleaned_data["effective_on"]
        rule.agreed_on = self.cleaned_data["agreed_on"]
        rule.source = self.cleaned_data["source"].strip()


class RuleForm(BeginsForm):
    """A rule: by size with measures and weights, equal shares, or stated percentages."""

    method = forms.ChoiceField(
        label="How it shares",
        choices=[(each.value, each.label) for each in (Method.SIZE, Method.EQUAL, Method.FIXED)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it shares"},
    )
    sizes_as_at = forms.ChoiceField(
        label="By size: sizes on",
        choices=SharingRule.SizesAsAt.choices,
        initial=SharingRule.SizesAsAt.YEAR,
        widget=forms.RadioSelect,
    )
    decimals = forms.ChoiceField(label="Percentages", choices=_DECIMALS, initial="4")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measures = list(SizeMeasure.objects.filter(alliance=self.alliance).order_by("name"))
        self.forces = list(Force.objects.filter(alliance=self.alliance).order_by("position"))
        for measure in self.measures:
            self.fields[f"weight_{measure.pk}"] = NumberField(
                label=f"By size: weight of {measure.name}",
                called=f"weight of {measure.name}",
                required=False,
                least=0,
                most=Decimal(99_999),
            )
        for force in self.forces:
            self.fields[f"percent_{force.pk}"] = PercentField(
                label=f"Stated percentage of {force.name}",
                called=f"percentage of {force.name}",
                required=False,
                places=6,
            )
            self.fields[f"percent_{force.pk}"].widget.attrs["data-app-percentage"] = ""
        self.order_fields(
            [
                *("effective_on", "method"),
                *(f"weight_{measure.pk}" for measure in self.measures),
                "sizes_as_at",
                *(f"percent_{force.pk}" for force in self.forces),
                *("decimals", "agreed_on", "source"),
            ]
        )
        if self.measures:
            first = self.fields[f"weight_{self.measures[0].pk}"]
            first.help_text = (
                "A rule by one measure gives it the weight 1; a blend gives each measure its weight. "
                "Leave the others empty."
            )

    def clean(self) -> dict[str, Any]:
        """What is typed belongs to the method that is chosen; percentages add up to exactly 100."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for sentence in self._misfits(given):
            self.add_error("method", sentence)
        percents = self._percents(given)
        if given.get("method") == Method.FIXED and not self._broken("percent_") and percents:
            total = sum(percents.values(), Decimal(0))
            if total != 100:
                first = f"percent_{self.forces[0].pk}"
                self.add_error(
                    first,
                    f"The percentages add up to {total.normalize():f}; they must add up to 100",
                )
        return given

    def _misfits(self, given: dict[str, Any]) -> Iterator[str]:
        method = given.get("method")
        weights, percents = self._weights(given), self._percents(given)
        if method == Method.SIZE and not weights and not self._broken("weight_"):
            yield (
                "Enter a weight above 0 for at least one measure"
                if self.measures
                else "No measure is on record yet: record a force’s size first"
            )
        if method == Method.FIXED and not percents and not self._broken("percent_"):
            yield "Enter each force’s percentage"
        if method and method != Method.SIZE and weights:
            yield "Weights are typed, and only a rule by size has them: clear them, or choose By size"
        if method and method != Method.FIXED and percents:
            yield (
                "Percentages are typed, and only a rule of stated percentages has them: clear them, "
                "or choose Stated percentages"
            )

    def _broken(self, prefix: str) -> bool:
        return any(name.startswith(prefix) for name in self.errors)

    def _weights(self, given: dict[str, Any]) -> dict[int, Decimal]:
        found = ((each.pk, given.get(f"weight_{each.pk}")) for each in self.measures)
        return {pk: weight for pk, weight in found if weight}

    def _percents(self, given: dict[str, Any]) -> dict[int, Decimal]:
        found = ((each.pk, given.get(f"percent_{each.pk}")) for each in self.forces)
        return {pk: percent for pk, percent in found if percent is not None}

    def as_rule(self) -> tuple[SharingRule, list[SharingTerm]]:
        """The rule with its terms as they were typed, not saved, anew each time."""
        given, area = self.cleaned_data, self.area
        rule = SharingRule(alliance=self.alliance, area=area)
        if self.rule.pk is not None:
            rule = SharingRule.objects.select_related("alliance", "area").get(pk=self.rule.pk)
        self._fill(rule)
        rule.method, rule.sizes_as_at = given["method"], given["sizes_as_at"]
        rule.decimals = None if given["decimals"] == EXACT else int(given["decimals"])
        terms = [
            SharingTerm(measure_id=pk, weight=weight) for pk, weight in self._weights(given).items()
        ]
        terms += [
            SharingTerm(force_id=pk, percent=percent)
            for pk, percent in self._percents(given).items()
        ]
        return rule, terms


class TakeAwayForm(forms.Form):
    """Nothing is typed: which rule, the address says."""


def as_typed(rule: SharingRule, terms: Iterable[SharingTerm]) -> dict[str, Any]:
    """What a rule says, by the field of the form."""
    found: dict[str, Any] = {
        "effective_on": rule.effective_on,
        "method": rule.method,
        "sizes_as_at": rule.sizes_as_at,
        "decimals": EXACT if rule.decimals is None else str(rule.decimals),
        "agreed_on": rule.agreed_on,
        "source": rule.source,
    }
    for term in terms:
        if term.measure_id:
            found[f"weight_{term.measure_id}"] = _plain(term.weight)
        else:
            found[f"percent_{term.force_id}"] = _plain(term.percent)
    return found


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
