"""Which items the list shows: all of it in the address."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from business_areas.models import BusinessArea
from programmes.models import Alliance
from programmes.plain_text import Plain
from savings.engine.periods import year_label, year_slug
from savings.models import Item
from savings.pages.items.sorting import known_order
from savings.selectors.items import items_to_list

# A line break stands in no word that is looked for.
_GAP = Value("\n", TextField())


class ItemFilter(FilterSet):  # type: ignore[misc]
    """What an address asks of the list; a value that is not on offer counts as not asked.

    `years` are the financial years that have amounts. Four queries for what is on offer and found.
    """

    search = CharFilter(method="named", label="Search", max_length=1000)
    year = ChoiceFilter(method="of_year", label="Financial year", empty_label=None)
    area = ChoiceFilter(field_name="area__code", label="Business area", empty_label="All")
    kind = ChoiceFilter(choices=Item.Kind.choices, label="Kind", empty_label="All")
    recurrence = ChoiceFilter(
        choices=Item.Recurrence.choices, label="Recurrence", empty_label="All"
    )
    cashable = ChoiceFilter(choices=Item.Cashable.choices, label="Cashable", empty_label="All")
    owner = ChoiceFilter(label="Owner", empty_label="Anyone")

    def __init__(
        self, data: QueryDict, *, alliance: Alliance, years: list[int], this_year: int
    ) -> None:
        self.this_year = this_year
        offered = sorted({*years, this_year})
        slugs = {year_slug(year): year for year in offered}
        self.year = slugs.get(str(data.get("year", "")), this_year)
        asked = data.copy()
        asked["year"] = year_slug(self.year)
        super().__init__(asked, queryset=items_to_list(alliance))
        areas = BusinessArea.objects.filter(alliance=alliance, items__isnull=False).distinct()
        owners = Item.objects.filter(alliance=alliance).exclude(owner="").order_by("owner")
        self.filters["year"].extra["choices"] = [
            (year_slug(year), year_label(year)) for year in offered
        ]
        self.filters["area"].extra["choices"] = list(
            areas.order_by("name").values_list("code", "name")
        )
        self.filters["owner"].extra["choices"] = [
            (owner, owner) for owner in owners.values_list("owner", flat=True).distinct()
        ]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for and can be; this year is nothing that has to be."""
        self.form.is_valid()
        given = {name: self.form.cleaned_data.get(name) or "" for name in self.filters}
        given["sort"] = self.order
        if given["year"] == year_slug(self.this_year):
            del given["year"]
        return {name: value for name, value in given.items() if value}

    @property
    def query(self) -> str:
        """The address's query that shows this list again, without what means nothing."""
        return urlencode(self.asked)

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer items were asked for; a year asks for other figures of the same ones."""
        return bool(self.asked.keys() - {"year", "sort"})

    @property
    def order(self) -> str:
        """How the list is sorted."""
        return known_order(str(self.data.get("sort", "")))

    def named(self, queryset: Any, name: str, value: str) -> Any:
        """Items with every word in their name, code, owner or area, however either is typed."""
        said = Concat(
            "name", _GAP, "code", _GAP, "owner", _GAP, "area__name", output_field=TextField()
        )
        queryset = queryset.alias(plain=Plain(said))
        for word in value.split():
            queryset = queryset.filter(plain__contains=Plain(Value(word, TextField())))
        return queryset

    def of_year(self, queryset: Any, name: str, value: str) -> Any:
        """All of them: an item without amounts in the year is on the list as well."""
        return queryset
