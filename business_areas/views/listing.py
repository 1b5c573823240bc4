"""Lists of areas under a name, and the filter that every page of the list reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from business_areas.filters import AreaFilter
from business_areas.forms import SaveViewForm
from programmes.pages import InAlliance
from programmes.permissions import Standing
from programmes.saved_views import NameTaken, forget_view, save_view

PAGE = "areas"

# What the heads of the columns say, and the order that each asks for.
HEADS = (
    ("Area", "name"),
    ("Stage", "stage"),
    ("Lead force", "lead"),
    ("Owner", "owner"),
    ("Status", "status"),
    ("Next date", "next"),
    ("Go-live", "golive"),
    ("Last update", "updated"),
)


def area_filter(standing: Standing, asked: QueryDict) -> AreaFilter:
    """What the address asks of the alliance's areas as at its day."""
    alliance = standing.alliance
    day = standing.today
    return AreaFilter(asked, user=standing.user, alliance=alliance, day=day)


class SaveView(InAlliance, FormView[SaveViewForm]):
    """Give the list that the address asks for a name."""

    template_name = "business_areas/save_view.html"
    form_class = SaveViewForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the view will hold, in words."""
        filters = area_filter(self.standing, self.request.GET)
        return super().get_context_data(filters=filters, words=_in_words(filters), **kwargs)

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
            label = next((head for head, order in HEADS if order == value.removeprefix("-")), "")
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
