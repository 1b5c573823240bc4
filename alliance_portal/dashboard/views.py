"""The dashboard, the pages that its figures open to, and a person's word on a status."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from alliance_portal.as_at.periods import Period, SinceForm
from alliance_portal.dashboard import sources
from alliance_portal.dashboard.drawn import charts
from alliance_portal.dashboard.forms import OutlookForm, OverrideForm
from alliance_portal.dashboard.selectors import dashboard
from alliance_portal.overview import overview
from business_areas.models import BusinessArea, Direction, Rating, Strand
from business_areas.services import statuses
from business_areas.statuses import PROGRAMME_RULES, RULES, SILENCE_RULE
from programmes.pages import InAlliance
from programmes.permissions import Action


class InPeriod(InAlliance, TemplateView):
    """A page that compares with the start of a period, which its address says."""

    @cached_property
    def day(self) -> date:
        """The day that the alliance's pages speak of."""
        return self.standing.today

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dashboard's answers, and the date form if a date is wrong."""
        asked = self.request.GET
        alliance = self.standing.alliance
        period = Period.of(asked.get("period", ""), self.day)
        typed = any(name.startswith("since") for name in asked)
        form = SinceForm(asked if typed else None, alliance=alliance, day=self.day)
        context = {"form": form}
        if typed and form.is_valid():
            period = Period("date", form.cleaned_data["since"], self.day)
        elif typed:
            context["wrong_date"] = True  # type: ignore[assignment]
        return super().get_context_data(
            dashboard=dashboard(alliance, period), period=period, **context, **kwargs
        )


class DashboardPage(InPeriod):
    """What a chief officer reads in a minute, and the charts below it."""

    template_name = "dashboard/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dashboard's answers and its charts."""
        context = super().get_context_data(**kwargs)
        return {**context, "charts": charts(context["dashboard"])}


class Changes(InPeriod):
    """Everything that changed in the period."""

    template_name = "dashboard/changes.html"


class About(InAlliance, TemplateView):
    """What the alliance is, its forces and its gates."""

    template_name = "dashboard/about.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overview as at the alliance's day."""
        alliance = self.standing.alliance
        return super().get_context_data(overview=overview(alliance, self.standing.today), **kwargs)


class Figures(InAlliance, TemplateView):
    """Where the headline figures come from: area by area, adding up to the dashboard's."""

    template_name = "dashboard/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Live areas with people and budgets, and the year's costs by the force that bore them."""
        return super().get_context_data(sources=sources.read(self.standing.alliance), **kwargs)


class Statuses(InAlliance, TemplateView):
    """Every status, with the rules that made it."""

    template_name = "dashboard/statuses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The programme's and each area's."""
        return super().get_context_data(
            assessment=sources.assessment(self.standing.alliance),
            rules=[
                (strand, strand.label, RULES[strand], PROGRAMME_RULES[strand]) for strand in Strand
            ],
            silence=SILENCE_RULE,
            may_change=self.standing.may(Action.OVERRIDE_STATUSES),
            **kwargs,
        )


class StatusPage(InAlliance, TemplateView):
    """One status: what the data say, what a person says, and the forms to say it."""

    template_name = "dashboard/status.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the strand and the area, or 404."""
        super().setup(request, *args, **kwargs)
        alliance = self.standing.alliance
        if kwargs["strand"].upper() not in Strand.values:
            raise Http404
        self.strand = Strand(kwargs["strand"].upper())
        code = kwargs.get("area_code")
        self.area = get_object_or_404(BusinessArea, alliance=alliance, code=code) if code else None
        self.day = self.standing.today

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A withdrawn area has no status any more: its page says what became of it."""
        if self.area and self.area.stage == BusinessArea.Stage.WITHDRAWN:
            messages.info(request, f"{self.area.name} is withdrawn, so it has no status any more.")
            return redirect("area", code=kwargs["code"], area_code=self.area.code)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The status as it is shown, and the forms."""
        found = sources.assessment(self.standing.alliance)
        mine = next((each for each in found.areas if each.area == self.area), None)
        shown = mine.statuses if mine else found.programme
        forms = {
            "override_form": OverrideForm(day=self.day, prefix="override"),
            "outlook_form": OutlookForm(prefix="outlook"),
        }
        return super().get_context_data(
            **{
                **forms,
                **kwargs,
                "area": self.area,
                "strand": self.strand,
                "status": next(each for each in shown if each.strand == self.strand),
                "rule": (RULES if self.area else PROGRAMME_RULES)[self.strand],
                "silence": SILENCE_RULE,
                "may_change": self.standing.may(Action.OVERRIDE_STATUSES),
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set, end, or say where it is heading."""
        self.standing.require(Action.OVERRIDE_STATUSES)
        if "end" in request.POST:
            return self._end()
        if "outlook" in request.POST:
            return self._outlook(OutlookForm(request.POST, prefix="outlook"))
        return self._override(OverrideForm(request.POST, day=self.day, prefix="override"))

    def _override(self, form: OverrideForm) -> HttpResponse:
        if form.is_valid():
            try:
                statuses.override_status(
                    **self._what,
                    rating=Rating(form.cleaned_data["rating"]),
                    reason=form.cleaned_data["reason"],
                    until_on=form.cleaned_data["until_on"],
                    by=self.standing.user,
                )
            except ValidationError as problem:
                form.add_error(None, problem)
            else:
                return self._done("The status is set.")
        return self.render_to_response(self.get_context_data(override_form=form, form=form))

    def _outlook(self, form: OutlookForm) -> HttpResponse:
        if form.is_valid():
            statuses.say_outlook(
                **self._what,
                direction=Direction(form.cleaned_data["direction"]),
                note=form.cleaned_data["note"],
                by=self.standing.user,
            )
            return self._done("The forward look is recorded.")
        return self.render_to_response(self.get_context_data(outlook_form=form, form=form))

    def _end(self) -> HttpResponse:
        try:
            statuses.end_override(**self._what, by=self.standing.user)
        except statuses.NoOverride:
            return self._done("The data’s own status shows already.")
        return self._done("The data’s own status shows again.")

    @property
    def _what(self) -> dict[str, Any]:
        return {
            "alliance": self.standing.alliance,
            "area": self.area,
            "strand": self.strand,
            "day": self.day,
        }

    def _done(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect(self.request.path)
