"""A new area, a hold, and every change of an area."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView, TemplateView

from business_areas.forms import AddAreaForm, HoldForm
from business_areas.models import BusinessArea
from business_areas.selectors import changes_of_area
from business_areas.services.areas import add_area, hold_area, resume_area
from business_areas.views.parts import area_or_404
from programmes.checked import place_problem
from programmes.pages import InAlliance
from programmes.permissions import Action

_PER_PAGE = 50


class AddArea(InAlliance, FormView[AddAreaForm]):
    """A new area of the alliance."""

    template_name = "business_areas/add_area.html"
    form_class = AddAreaForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance's forces and people; only for those who may."""
        self.standing.require(Action.MANAGE_AREAS)
        return {**super().get_form_kwargs(), "alliance": self.standing.alliance}

    def form_valid(self, form: AddAreaForm) -> HttpResponse:
        """Add it and show its page."""
        alliance = self.standing.alliance
        try:
            area = add_area(
                alliance=alliance,
                day=self.standing.today,
                by=self.standing.user,
                **form.cleaned_data,
            )
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{area.name} is added.")
        return redirect("area", code=alliance.code, area_code=area.code)


class HoldArea(InAlliance, FormView[HoldForm]):
    """Put an area on hold, with the reason."""

    template_name = "business_areas/hold_area.html"
    form_class = HoldForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        if said := self._refusal(request):
            messages.info(request, said)
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    def _refusal(self, request: HttpRequest) -> str:
        """Why there is nothing to hold; empty if there is."""
        area = self.area
        if area.stage in (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN):
            return (
                f"{area.name} is {area.get_stage_display().lower()}, so there is no work to hold."
            )
        if request.method == "GET" and area.on_hold_since:
            return f"{area.name} is on hold already."
        return ""

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on_hold_since": self.standing.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area."""
        return super().get_context_data(area=self.area, **kwargs)

    def form_valid(self, form: HoldForm) -> HttpResponse:
        """Hold it."""
        alliance = self.standing.alliance
        try:
            hold_area(
                area=self.area,
                since=form.cleaned_data["on_hold_since"],
                reason=form.cleaned_data["hold_reason"],
                by=self.standing.user,
                day=self.standing.today,
            )
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.area.name} is on hold.")
        return redirect("area", code=alliance.code, area_code=self.area.code)


class ResumeArea(InAlliance, TemplateView):
    """Take an area off hold."""

    template_name = "business_areas/resume_area.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area; only for those who may."""
        self.standing.require(Action.MANAGE_AREAS)
        area = area_or_404(self.standing, self.kwargs["area_code"])
        return super().get_context_data(area=area, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Resume it."""
        self.standing.require(Action.MANAGE_AREAS)
        alliance = self.standing.alliance
        area = area_or_404(self.standing, kwargs["area_code"])
        resume_area(area=area, by=self.standing.user, day=self.standing.today)
        messages.success(request, f"{area.name} is no longer on hold.")
        return redirect("area", code=alliance.code, area_code=area.code)


class AreaHistory(InAlliance, TemplateView):
    """Every change of an area, newest first."""

    template_name = "business_areas/area_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of the changes."""
        area = area_or_404(self.standing, self.kwargs["area_code"])
        pages = Paginator(changes_of_area(area), _PER_PAGE)
        return super().get_context_data(
            area=area, page=pages.get_page(self.request.GET.get("page")), **kwargs
        )
