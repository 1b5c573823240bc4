"""What is typed on the pages that change several amounts of an area's year."""

from collections.abc import Iterable, Sequence
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
        field.choices = [
            (_heading(group), list(_choices(group, one_by_one=one_by_one))) for group in groups
        ]

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


def _heading(group: ItemsAmounts) -> str:
    """“Vans, forecast, borne by Dorset Police”."""
    first = group.first
    bearer = first.borne_by.name if first.borne_by else NOBODY.lower()
    return f"{first.item.name}, {first.get_version_display().lower()}, borne by {bearer}"


def _choices(group: ItemsAmounts, *, one_by_one: bool) -> Iterable[tuple[str, str]]:
    if len(group.amounts) > 1 or not one_by_one:
        several = f" ({len(group.amounts)} amounts)" if len(group.amounts) > 1 else ""
        yield (
            group.key,
            f"All of {year_label(group.first.year)}: {words.pounds(group.pence)}{several}",
        )
    if one_by_one:
        for amount in group.amounts:
            period = year_label(amount.year) if amount.whole_year else words.month(amount.starts_on)
            yield str(amount.pk), f"{period}: {words.pounds(amount.pence)}"
