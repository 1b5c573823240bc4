"""The list of business areas, the same list as a file, and lists under a name."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from business_areas.downloads import COLUMNS, table_of
from business_areas.filters import AreaFilter
from business_areas.forms import SaveViewForm
from business_areas.selectors import area_counts, area_rows, with_deadlines
from business_areas.selectors.listing import AreaRow
from programmes.pages import InAlliance
from programmes.permissions import Action, Standing
from programmes.saved_views import NameTaken, forget_view, save_view, views_of
from programmes.tables import csv_file, xlsx_file

PAGE = "areas"

# What the heads of the columns say, and the order that each asks for.
_HEADS = (
    ("Area", "name"),
    ("Stage", "stage"),
    ("Lead force", "lead"),
    ("Owner", "owner"),
    ("Next date", "next"),
    ("Go-live", "golive"),
    ("Last update", "updated"),
)


def area_filter(standing: Standing, asked: QueryDict) -> AreaFilter:
    """The filter of the alliance's areas as at its day."""
    day = standing.alliance.today(timezone.localdate())
    return AreaFilter(
        asked,
        user=standing.user,
        alliance=standing.alliance,
        queryset=with_deadlines(standing.alliance, day),
    )


def rows_of(standing: Standing, found: AreaFilter) -> tuple[AreaRow, ...]:
    """The rows that the filter leaves, in its order."""
    day = standing.alliance.today(timezone.localdate())
    return area_rows(found.qs, standing.alliance, day, found.order)


class BusinessAreas(InAlliance, TemplateView):
    """The areas that the address asks for, to work from."""

    template_name = "business_areas/businessarea_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, the counts, the views, and how each head sorts."""
        alliance = self.standing.alliance
        filters = area_filter(self.standing, self.request.GET)
        asked = filters.asked
        return super().get_context_data(
            filters=filters,
            rows=rows_of(self.standing, filters),
            counts=area_counts(filters.queryset, self.standing.user),
            heads=[_head(asked, label, order) for label, order in _HEADS],
            views=views_of(alliance=alliance, user=self.standing.user, page=PAGE),
            may_manage=self.standing.may(Action.MANAGE_AREAS),
            all_ticked=self.request.GET.get("tick") == "all",
            **kwargs,
        )


def _head(asked: dict[str, str], label: str, order: str) -> dict[str, str]:
    """A column's head: the address that sorts by it (or the other way round), and how it sorts now."""
    now = asked.get("sort", "")
    query = QueryDict(mutable=True)
    query.update({**asked, "sort": f"-{order}" if now == order else order})
    sorts = {order: "ascending", f"-{order}": "descending"}.get(now, "")
    return {"label": label, "query": query.urlencode(), "sorts": sorts}


class AreasFile(InAlliance):
    """The list as a file: what the page with the same query shows."""

    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows, from one moment of the database."""
        rows = rows_of(self.standing, area_filter(self.standing, request.GET))
        name = f"{self.standing.alliance.code}-areas.{self.ending}"
        if self.ending == "xlsx":
            return xlsx_file(name, "areas", COLUMNS, table_of(rows))
        return csv_file(name, COLUMNS, table_of(rows))


class SaveView(InAlliance, FormView[SaveViewForm]):
    """Give the list that the address asks for a name."""

    template_name = "business_areas/save_view.html"
    form_class = SaveViewForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the view will hold, in words."""
        filters = area_filter(self.standing, self.request.GET)
        return super().get_context_data(
            filters=filters, count=filters.qs.count(), words=_in_words(filters), **kwargs
        )

    def form_valid(self, form: SaveViewForm) -> HttpResponse:
        """Keep it and show the list."""
        query = area_filter(self.standing, self.request.GET).query
        try:
            view = save_view(
                alliance=self.standing.alliance,
                user=self.standing.user,
                page=PAGE,
                query=query,
                **form.cleaned_data,
            )
        except NameTaken as problem:
            form.add_error("name", problem.message_dict["name"][0])
            return self.form_invalid(form)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"The view “{view.name}” is saved.")
        return redirect(f"{reverse('areas', args=[self.standing.alliance.code])}?{query}")


def _in_words(filters: AreaFilter) -> list[tuple[str, str]]:
    """Each thing that the list asks for: its label and the choice."""
    said = []
    for name, value in filters.asked.items():
        if name == "sort":
            label = next((head for head, order in _HEADS if order == value.removeprefix("-")), "")
            said.append(
                ("In order of", label.lower() + (", last first" if value[0] == "-" else ""))
            )
        else:
            field = filters.form.fields[name]
            choices = dict(getattr(field, "choices", ()) or ())
            said.append((str(field.label), str(choices.get(value, value))))
    return said


class ForgetView(InAlliance):
    """Take one of the reader's own views away."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list."""
        alliance = self.standing.alliance
        name = forget_view(user=self.standing.user, alliance=alliance, pk=self.kwargs["pk"])
        if name:
            messages.success(request, f"The view “{name}” is taken away.")
        return redirect("areas", code=alliance.code)
