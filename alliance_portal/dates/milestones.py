"""A further milestone of an area, and one entered by mistake taken away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView

from alliance_portal.dates.checked import milestone_conflict
from alliance_portal.dates.forms import AddMilestoneForm, RemoveMilestoneForm
from alliance_portal.dates.history import on_record
from alliance_portal.dates.milestone import InMilestone, milestone_url, whole_name
from business_areas import services
from business_areas.models import BusinessArea, Milestone
from business_areas.views.parts import area_or_404
from programmes.checked import CheckedPage, Conflict, WhyForm, place_problem, whole_number
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.recorded import StaleEdit


class AddMilestone(InAlliance, FormView[AddMilestoneForm]):
    """A further milestone: name, kind and dates."""

    template_name = "dates/add_milestone.html"
    form_class = AddMilestoneForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, and areas that are in the programme."""
        self.standing.require(Action.MANAGE_AREAS)
        self.area = area_or_404(self.standing, kwargs["area_code"])
        if self.area.stage == BusinessArea.Stage.WITHDRAWN:
            messages.info(request, services.AreaWithdrawn(self.area).message)
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """An area has one go-live at most."""
        go_lives = self.area.milestones.filter(kind=Milestone.Kind.GO_LIVE)
        return {**super().get_form_kwargs(), "has_go_live": go_lives.exists()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area."""
        return super().get_context_data(area=self.area, **kwargs)

    def form_valid(self, form: AddMilestoneForm) -> HttpResponse:
        """Add it and show its page."""
        given = {**form.cleaned_data}
        alliance = self.standing.alliance
        try:
            milestone = services.add_milestone(
                area=self.area,
                is_provisional=given.pop("provisional") == "yes",
                by=self.standing.user,
                day=self.standing.today,
                **given,
            )
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{milestone.name} is added.")
        return redirect(milestone_url(milestone, "change", code=alliance.code))


class RemoveMilestone(InMilestone, CheckedPage[RemoveMilestoneForm]):
    """What goes with a milestone; then why; then it is gone, and the history says so."""

    template_name = check_template = "dates/remove_milestone.html"
    form_class = RemoveMilestoneForm
    is_gone = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the milestone; sent a second time, there is none left to find."""
        try:
            super().setup(request, *args, **kwargs)
        except Http404:
            if request.method != "POST" or not hasattr(self, "standing"):
                raise
            self.is_gone = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may."""
        self.standing.require(Action.MANAGE_AREAS)
        if self.is_gone:
            messages.info(request, "That milestone is removed already.")
            return self._on(kwargs.get("area_code"))
        if services.is_an_areas_go_live(self.milestone) or not self.is_open:
            return redirect(self.link("change"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What hangs on it."""
        return super().get_context_data(
            here=self.link("remove"), record=on_record(self.milestone), **kwargs
        )

    @property
    def back(self) -> tuple[str, str]:
        """The milestone's page."""
        return self.link("change"), whole_name(self.milestone)

    def check(self, form: RemoveMilestoneForm) -> dict[str, Any]:
        """Everything is on the page already."""
        return {}

    def make(self, form: RemoveMilestoneForm, why: WhyForm | None) -> HttpResponse:
        """Take it away."""
        milestone = self.milestone
        services.remove_milestone(
            milestone=milestone,
            reason=form.cleaned_data["reason"],
            by=self.standing.user,
            day=self.day,
            seen_revision=self._seen,
        )
        messages.success(self.request, f"{milestone.name} is removed; the history keeps it.")
        return self._on(milestone.area.code if milestone.area else None)

    def in_conflict(self, form: RemoveMilestoneForm, problem: StaleEdit | None) -> Conflict:
        """What became of it meanwhile."""
        self.milestone.refresh_from_db()
        return milestone_conflict(self.milestone, self._seen, {}, self.standing.user)

    @property
    def _seen(self) -> int:
        return whole_number(self.request.POST.get("seen")) or 0

    def _on(self, area_code: str | None) -> HttpResponse:
        """To where the milestone was listed."""
        code = self.standing.alliance.code
        if area_code is None:
            return redirect("dates", code=code)
        return redirect("area", code=code, area_code=area_code)
