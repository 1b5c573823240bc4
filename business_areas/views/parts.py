"""One part of an area on a short page of its own; two people at once lose nothing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from business_areas.forms import PART_FORMS, PartForm
from business_areas.models import BusinessArea
from business_areas.selectors import changes_of_area
from business_areas.services.areas import PartChanged
from programmes.pages import InAlliance
from programmes.permissions import Action, Standing


def area_or_404(standing: Standing, code: str) -> BusinessArea:
    """The alliance's area with that code. Raises Http404. One query."""
    areas = BusinessArea.objects.select_related("lead_force", "owner")
    area = get_object_or_404(areas, alliance=standing.alliance, code=code)
    area.alliance = standing.alliance
    return area


class EditPart(InAlliance, FormView[PartForm]):
    """Change one part; if someone else saved it first, show both and keep what was typed."""

    template_name = "business_areas/edit_part.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and areas that are in the programme."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        if kwargs["part"] not in PART_FORMS:
            raise Http404
        if self.area.stage == BusinessArea.Stage.WITHDRAWN and kwargs["part"] != "stage":
            messages.info(
                request, f"{self.area.name} is withdrawn; bring it back before you change it."
            )
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[PartForm]:
        """The part's form."""
        return PART_FORMS[self.kwargs["part"]]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The area as it stands, on the alliance's day."""
        day = self.standing.today
        return {**super().get_form_kwargs(), "area": self.area, "day": day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area and the part's name."""
        return super().get_context_data(
            area=self.area, part=self.kwargs["part"], title=self.get_form_class().title, **kwargs
        )

    def form_valid(self, form: PartForm) -> HttpResponse:
        """Save, or show what someone else saved first."""
        try:
            form.save(self.standing.user)
        except PartChanged as problem:
            return self._both(form, problem)
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.area.name}: {form.title.lower()} is saved.")
        return redirect("area", code=self.standing.alliance.code, area_code=self.area.code)

    def _both(self, form: PartForm, problem: PartChanged) -> HttpResponse:
        """The page again, with theirs beside what was typed; what was typed is in the boxes."""
        assert isinstance(problem.current, BusinessArea)
        fresh = self.get_form_class()(area=problem.current, day=form.day)
        fresh.keep_typed(form)
        latest = next(iter(changes_of_area(problem.current, latest=1)), None)
        context = self.get_context_data(
            form=fresh, differences=form.differences(problem.theirs), latest=latest
        )
        return self.render_to_response(context, status=409)


def place_problem(form: Any, problem: ValidationError) -> None:
    """Each sentence at its field, or above the form where it has none here."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, sentences in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)
