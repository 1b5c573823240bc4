"""What is typed of a supposed change: a form for each kind, which gives the change."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.text import capfirst

from business_areas.models import BusinessArea, Milestone
from programmes.form_fields import DateField, NumberField, NumberInput, SizeField, TextField
from programmes.models import Alliance, Force, SizeMeasure
from savings.engine.rules import Method, SizesAsAt
from savings.models import Item, SharingRule
from savings.pages.rules.forms import RuleForm
from savings.what_if.merging import ForcesMerge
from savings.what_if.supposed import (
    DateMoves,
    ForceJoins,
    ForceLeaves,
    MoneyMoves,
    RuleHolds,
    SizeMoves,
    Supposed,
)


class NameForm(forms.Form):
    """What a what-if is called."""

    name = TextField(
        label="Name",
        called="name of the what-if",
        longest=200,
        help_text="For example “Dorset leaves in 2020” or “Half by population”.",
    )


class SupposedForm(forms.Form):
    """A supposed change of an alliance; `title` says what it does."""

    title = ""
    on = DateField(label="From", called="day from which it holds")

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance = alliance
        self.forces = list(Force.objects.filter(alliance=alliance).order_by("position"))
        for name in ("force", "first", "second"):
            if name in self.fields:
                self._field(name).choices = self._choices_of_forces(name)

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def _choices_of_forces(self, name: str) -> list[tuple[str, str]]:
        none = [] if self.fields[name].required else [("", "Another, named below")]
        return [*none, *((force.code, force.name) for force in self.forces)]

    def as_change(self) -> Supposed:
        """The change of a valid form."""
        raise NotImplementedError


def _force(label: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        **{
            "error_messages": {
                "required": "Choose a force",
                "invalid_choice": "Choose from the list",
            }
        }
        | options,
    )


def _percent(label: str, **options: Any) -> NumberField:
    return NumberField(
        label=label,
        called="percentage",
        least=-100,
        most=Decimal(10_000),
        widget=NumberInput(suffix="%", width=5),
        help_text="5 for five per cent more, −5 for five per cent less.",
        **options,
    )


class SizeForm(SupposedForm):
    """A force's size."""

    title = "Suppose another size of a force"
    force = _force("Force")
    measure = forms.ChoiceField(label="Counted in")
    percent = _percent("Higher or lower by", required=False)
    value = SizeField(label="Or its size", called="size", required=False)
    field_order = ("force", "measure", "on", "percent", "value")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = SizeMeasure.objects.filter(alliance=self.alliance).order_by("name")
        self._field("measure").choices = [(each.name, each.name) for each in names]

    def clean(self) -> dict[str, Any]:
        """By how much, or how large: one of them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "percent" in self.errors or "value" in self.errors:
            return given
        typed = [given.get(name) is not None for name in ("percent", "value")]
        if typed.count(True) != 1:
            self.add_error("percent", "Enter a percentage or a size, and leave the other empty")
        return given

    def as_change(self) -> SizeMoves:
        """The size from a day on."""
        given = self.cleaned_data
        return SizeMoves(
            given["force"], given["measure"], given["on"], given["percent"], given["value"]
        )


class SupposedRuleForm(RuleForm):
    """A sharing rule, typed as a real one is, for an area or for all of them."""

    title = "Suppose another sharing rule"
    agreed_on = None  # type: ignore[assignment]
    source = None  # type: ignore[assignment]
    area_code = forms.ChoiceField(label="For", required=False)

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        rule = SharingRule(alliance=alliance)
        super().__init__(*args, alliance=alliance, rule=rule, **kwargs)
        areas = BusinessArea.objects.filter(alliance=alliance).exclude(stage="WITHDRAWN")
        choices = [(area.code, area.name) for area in areas.order_by("name")]
        field = self.fields["area_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "The whole alliance"), *choices]
        self.order_fields(["area_code", *(name for name in self.fields if name != "area_code")])

    def _fill(self, rule: SharingRule) -> None:
        rule.effective_on = self.cleaned_data["effective_on"]

    def as_change(self) -> RuleHolds:
        """The rule."""
        rule, terms = self.as_rule()
        measures = {each.pk: each.name for each in self.measures}
        codes = {each.pk: each.code for each in self.forces}
        return RuleHolds(
            on=rule.effective_on,
            method=cast("Method", rule.method),
            area=self.cleaned_data["area_code"],
            sizes_as_at=cast("SizesAsAt", rule.sizes_as_at),
            decimals=rule.decimals,
            weights={measures[t.measure_id]: t.weight for t in terms if t.measure_id and t.weight},
            percents={codes[t.force_id]: t.percent or Decimal(0) for t in terms if t.force_id},
        )


class DateForm(SupposedForm):
    """A milestone's date."""

    title = "Suppose another date"
    milestone = forms.ChoiceField(
        label="Milestone", error_messages={"required": "Choose a milestone"}
    )
    on = DateField(label="Then on", called="new date")
    field_order = ("milestone", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Milestone.objects.filter(alliance=self.alliance).select_related("area")
        named = [(f"{each.area.name}: " if each.area else "") + each.name for each in found]
        by_name = sorted(zip(named, (each.code for each in found), strict=True))
        self._field("milestone").choices = [(code, name) for name, code in by_name]

    def as_change(self) -> DateMoves:
        """The date."""
        return DateMoves(self.cleaned_data["milestone"], self.cleaned_data["on"])


class MoneyForm(SupposedForm):
    """An item's forecast."""

    title = "Suppose other amounts of an item"
    item = forms.ChoiceField(label="Item", error_messages={"required": "Choose an item"})
    percent = _percent("Higher or lower by")
    field_order = ("item", "on", "percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.filter(alliance=self.alliance).select_related("area")
        self._field("item").choices = [
            (each.code, f"{each.area.name}: {each.name}")
            for each in items.order_by("area__name", "name")
        ]

    def as_change(self) -> MoneyMoves:
        """By how much."""
        given = self.cleaned_data
        return MoneyMoves(given["item"], given["on"], given["percent"])


class LeavesForm(SupposedForm):
    """A force leaves."""

    title = "Suppose that a force leaves"
    force = _force("Force")
    field_order = ("force", "on")

    def as_change(self) -> ForceLeaves:
        """Which, and when."""
        return ForceLeaves(self.cleaned_data["force"], self.cleaned_data["on"])


class JoinsForm(SupposedForm):
    """A force joins: one on record, or one that is named here with its sizes."""

    title = "Suppose that a force joins"
    force = _force("Force", required=False)
    name = TextField(label="Name of another force", called="name", longest=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = SizeMeasure.objects.filter(alliance=self.alliance).order_by("name")
        self.measures = list(names)
        for each in self.measures:
            self.fields[f"size_{each.pk}"] = SizeField(
                label=f"Its size: {each.name}", called=f"size in {each.name}", required=False
            )
        self.order_fields(["force", "name", *(f"size_{m.pk}" for m in self.measures), "on"])

    def clean(self) -> dict[str, Any]:
        """One on record, or a name and a size."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(given.get("force")) == bool(given.get("name")):
            self.add_error(
                "force", "Choose a force on record, or name another and leave this empty"
            )
        elif given.get("name") and not self._sizes(given):
            self.add_error("name", "Enter the size of the force that you named")
        return given

    def _sizes(self, given: Mapping[str, Any]) -> dict[str, Decimal]:
        found = ((each.name, given.get(f"size_{each.pk}")) for each in self.measures)
        return {name: value for name, value in found if value is not None}

    def as_change(self) -> ForceJoins:
        """Which, and when."""
        given = self.cleaned_data
        sizes = self._sizes(given) if given["name"] else {}
        return ForceJoins(given["on"], given["force"], given["name"], sizes)


class MergeForm(SupposedForm):
    """Two forces become one."""

    title = "Suppose that two forces become one"
    first = _force("First force")
    second = _force("Second force")
    name = TextField(
        label="Name of the new force",
        called="name",
        longest=200,
        required=False,
        help_text="Left empty, both names together.",
    )
    field_order = ("first", "second", "name", "on")

    def clean(self) -> dict[str, Any]:
        """Two of them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("first") and given.get("first") == given.get("second"):
            self.add_error("second", "Choose two different forces")
        return given

    def as_change(self) -> ForcesMerge:
        """Which, and when."""
        given = self.cleaned_data
        return ForcesMerge(given["first"], given["second"], given["on"], given["name"])


FORMS: Mapping[str, Any] = {
    "size": SizeForm,
    "rule": SupposedRuleForm,
    "date": DateForm,
    "money": MoneyForm,
    "leaves": LeavesForm,
    "joins": JoinsForm,
    "merge": MergeForm,
}


def offered() -> list[tuple[str, str]]:
    """The kinds of changes that can be supposed, each with the words of its link."""
    return [(kind, capfirst(form.title.removeprefix("Suppose "))) for kind, form in FORMS.items()]
