"""What is typed on the pages that change several amounts of an area's year."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms

from programmes import words
from programmes.models import Alliance, Force
from savings.engine.periods import year_label
from savings.models import Amount
from savings.selectors.amounts_of_year import ItemsAmounts

NOBODY = "Nobody on record"


class AmountsForm(forms.Form):
    """Which amounts of the year: an item's one by one, or all of them."""

    amounts = forms.MultipleChoiceField(
        label="Amounts",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one",
            "invalid_choice": "Choose from the list",
        },
    )

    def __init__(
        self, *args: Any, groups: Sequence[ItemsAmounts], one_by_one: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {group.key: list(group.amounts) for group in groups}
        if one_by_one:
            self._by_key |= {str(one.pk): [one] for group in groups for one in group.amounts}
        field = self.fields["amounts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(_one_by_one(groups) if one_by_one else _together(groups))

    @property
    def chosen(self) -> list[Amount]:
        """The amounts of a valid form, each once."""
        found = {
            amount.pk: amount
            for key in self.cleaned_data["amounts"]
            for amount in self._by_key[key]
        }
        return list(found.values())


class BearerForm(AmountsForm):
    """Which amounts, and which force bore them."""

    force = forms.ModelChoiceField(
        Force.objects.none(),
        label="Borne by",
        to_field_name="code",
        required=False,
        empty_label=NOBODY,
        error_messages={"invalid_choice": "Choose a force"},
    )

    mark_optional = False

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["force"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Force.objects.filter(alliance=alliance).order_by("position")


Choices = Iterable[tuple[str, list[tuple[str, str]]]]


def _together(groups: Sequence[ItemsAmounts]) -> Choices:
    """An item's name, and what can be chosen of it: “Forecast, borne by Dorset Police: £12.00”."""
    for name, of_item in groupby(groups, key=lambda group: group.first.item.name):
        yield name, [(group.key, f"{_whose(group)}: {_much(group)}") for group in of_item]


def _one_by_one(groups: Sequence[ItemsAmounts]) -> Choices:
    """As _together, with each amount below all of them."""
    for group in groups:
        every = [(group.key, f"All of {year_label(group.first.year)}: {_much(group)}")]
        each = [
            (str(one.pk), f"{_period(one)}: {words.pounds(one.pence)}") for one in group.amounts
        ]
        yield f"{group.first.item.name}: {_whose(group)}", [*(every if each[1:] else ()), *each]


def _whose(group: ItemsAmounts) -> str:
    bearer = group.first.borne_by.name if group.first.borne_by else NOBODY.lower()
    return f"{group.first.get_version_display()}, borne by {bearer}"


def _much(group: ItemsAmounts) -> str:
    several = f" ({len(group.amounts)} amounts)" if group.amounts[1:] else ""
    return f"{words.pounds(group.pence)}{several}"


def _period(amount: Amount) -> str:
    return year_label(amount.year) if amount.whole_year else words.month(amount.starts_on)
