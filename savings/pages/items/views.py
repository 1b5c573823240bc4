"""The pages of an alliance's items that are read."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from business_areas.models import BusinessArea
from programmes.pages import InAlliance
from programmes.paging import part_of
from programmes.permissions import Action
from savings.engine.periods import financial_year_of
from savings.pages.items.filters import ItemFilter
from savings.pages.items.sorting import heads, in_order
from savings.selectors.item_months import history_of, item_months
from savings.selectors.items import item_rows, item_years, items_to_list, starts_on, totals


class Items(InAlliance, TemplateView):
    """Every item with its year: plan, actual to date, forecast to go, outturn, and what differs."""

    template_name = "savings/items/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items that the address asks for, a page of them, and what all of them come to."""
        alliance, day = self.standing.alliance, self.standing.today
        years, may = item_years(alliance), self.standing.may(Action.CHANGE_AMOUNTS)
        filters = ItemFilter(
            self.request.GET, alliance=alliance, years=years, this_year=financial_year_of(day)
        )
        rows = in_order(item_rows(list(filters.qs), filters.year, day), filters.order)
        part = part_of(rows, self.request.GET.get("page", ""))
        areas = BusinessArea.objects.filter(alliance=alliance).exclude(stage="WITHDRAWN")
        return super().get_context_data(
            filters=filters,
            part=part,
            heads=heads(filters.asked, filters.order),
            totals=totals(rows),
            of_page=totals(part.rows) if part.page.has_other_pages() else (),
            areas=areas.order_by("name") if may else (),
            may_change=may,
            **kwargs,
        )


class ItemPage(InAlliance, TemplateView):
    """One item: its facts, its months by version and bearer, and what became of it."""

    template_name = "savings/items/item.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The item, or 404."""
        items = items_to_list(self.standing.alliance)
        item = get_object_or_404(items, code=self.kwargs["item_code"])
        return super().get_context_data(
            item=item,
            starts_on=starts_on(item),
            years=item_months(item),
            history=history_of(item),
            may_change=self.standing.may(Action.CHANGE_AMOUNTS),
            this_year=financial_year_of(self.standing.today),
            **kwargs,
        )
