"""What is typed of an item."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from business_areas.models import BusinessArea, Milestone
from business_areas.services.codes import free_code
from programmes.form_fields import MoneyField, NumberField, TextField
from programmes.models import Alliance
from programmes.written.limits import MOST_OFFSET
from savings.engine.ramp import NotARamp, parse_ramp
from savings.models import Item

_NO_MILESTONE = "Nothing: its months are entered"


class ItemForm(forms.Form):
    """An item of an area. With a full-year value and a ramp its forecast follows its milestone."""

    name = TextField(
        label="Name", called="name", longest=200, error_messages={"required": "Enter its name"}
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=Item.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is a cost, a saving or a grant"},
    )
    recurrence = forms.ChoiceField(
        label="Recurrence",
        choices=Item.Recurrence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it recurs"},
    )
    cashable = forms.ChoiceField(
        label="Cashable",
        choices=[("", "Not said"), *Item.Cashable.choices],
        required=False,
        help_text="Of a saving: whether money comes out of a budget.",
    )
    owner = TextField(label="Owner", longest=200, required=False)
    milestone = forms.ModelChoiceField(
        Milestone.objects.none(),
        label="Starts with",
        required=False,
        empty_label=_NO_MILESTONE,
        help_text="The milestone whose date its forecast follows.",
        error_messages={"invalid_choice": "Choose a milestone of the area or of the programme"},
    )
    offset_months = NumberField(
        label="Months after it",
        called="months after the milestone",
        places=0,
        least=-MOST_OFFSET,
        most=MOST_OFFSET,
        required=False,
        help_text="Nought: in its month. Below nought: before it.",
    )
    full_year_pence = MoneyField(
        label="Value of a full year", called="value of a full year", required=False
    )
    ramp = TextField(
        label="Percentages of it, year by year",
        called="percentages",
        longest=200,
        required=False,
        help_text="For example 50;75;100: half of it in the first year, all from the third. "
        "The portal then works the forecast out; leave it empty where its months are entered.",
    )

    def __init__(self, *args: Any, alliance: Alliance, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance, self.item = alliance, item
        field = self.fields["milestone"]
        assert isinstance(field, forms.ModelChoiceField)
        own = Q(area_id=item.area_id) | Q(area=None)
        field.queryset = Milestone.objects.filter(own, alliance=alliance).order_by("area", "name")

    def clean_ramp(self) -> list[int]:
        """Whole percentages; none where nothing is typed."""
        try:
            return parse_ramp(self.cleaned_data["ramp"]) if self.cleaned_data["ramp"] else []
        except NotARamp as problem:
            raise ValidationError(str(problem)) from problem

    def as_item(self) -> Item:
        """The item as it was typed, not saved, anew each time."""
        given = self.cleaned_data
        if self.item.pk:
            item = Item.objects.select_related("alliance", "area").get(pk=self.item.pk)
        else:
            item = Item(alliance=self.alliance, area=self.item.area, code=self._free_code())
        for name in ("name", "kind", "recurrence", "cashable", "owner", "milestone", "ramp"):
            setattr(item, name, given[name])
        item.offset_months = int(given["offset_months"] or 0)
        item.full_year_pence = given["full_year_pence"]
        return item

    def _free_code(self) -> str:
        area: BusinessArea = self.item.area
        taken = Item.objects.filter(alliance=self.alliance).values_list("code", flat=True)
        name = f"{area.code} {self.cleaned_data['name']}"
        return free_code(name, taken, longest=80, otherwise=area.code)


class TakeAwayForm(forms.Form):
    """Nothing is typed: which item, the address says."""


def as_typed(item: Item) -> dict[str, Any]:
    """What an item says, by the field of the form."""
    own = ("name", "kind", "recurrence", "cashable", "owner", "offset_months", "full_year_pence")
    return {
        **{name: getattr(item, name) for name in own},
        "milestone": item.milestone_id,
        "ramp": ";".join(str(step) for step in item.ramp),
    }
