"""One status: what the data say, what a person says, and the forms to say it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from alliance_portal.as_at.assess import Assessment
from alliance_portal.dashboard import sources
from alliance_portal.dashboard.forms import OutlookForm, OverrideForm, StatusForm
from business_areas import silence
from business_areas.models import BusinessArea, Direction, Rating, Strand
from business_areas.services import statuses
from business_areas.statuses import PROGRAMME_RULES, RULES
from programmes.changes.record import changes_of
from programmes.checked import Conflict, place_problem
from programmes.models import Change
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.seen import PartChanged


class StatusPage(InAlliance, TemplateView):
    """Set, end, or say where it is heading; if someone else was first, theirs is shown beside it."""

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
        self.what: dict[str, Any] = {
            "alliance": alliance,
            "area": self.area,
            "strand": self.strand,
            "day": self.day,
        }

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
        may_change = self.standing.may(Action.OVERRIDE_STATUSES)
        if may_change:
            kwargs.setdefault("override_form", OverrideForm(**self.what))
            kwargs.setdefault("outlook_form", OutlookForm(**self.what))
        return super().get_context_data(
            **{
                **kwargs,
                "area": self.area,
                "strand": self.strand,
                "status": next(each for each in shown if each.strand == self.strand),
                "rule": (RULES if self.area else PROGRAMME_RULES)[self.strand],
                "silence": silence.RULE,
                **(self._measured(found) if self.strand == Strand.BUDGET else {}),
                "may_change": may_change,
            }
        )

    def _measured(self, found: Assessment) -> dict[str, Any]:
        """The pounds that the budget is rated by; of the programme, every area's too."""
        areas = (
            [] if self.area else [(each.area, found.measured(each.area)) for each in found.areas]
        )
        return {
            "year": found.year,
            "measured": found.measured(self.area),
            "areas": [(area, parts) for area, parts in areas if parts],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set, end, or say where it is heading."""
        self.standing.require(Action.OVERRIDE_STATUSES)
        if "end" in request.POST:
            return self._end(OverrideForm(request.POST, **self.what))
        if "outlook" in request.POST:
            return self._outlook(OutlookForm(request.POST, **self.what))
        return self._override(OverrideForm(request.POST, **self.what))

    def _override(self, form: OverrideForm) -> HttpResponse:
        if form.is_valid():
            try:
                statuses.override_status(
                    **self.what,
                    rating=Rating(form.cleaned_data["rating"]),
                    reason=form.cleaned_data["reason"],
                    until_on=form.cleaned_data["until_on"],
                    by=self.standing.user,
                    seen=form.seen,
                )
            except PartChanged as problem:
                return self._both("override_form", form, problem)
            except ValidationError as problem:
                place_problem(form, problem)
            else:
                return self._done("The status is set.")
        return self.render_to_response(self.get_context_data(override_form=form, form=form))

    def _outlook(self, form: OutlookForm) -> HttpResponse:
        if form.is_valid():
            try:
                statuses.say_outlook(
                    **self.what,
                    direction=Direction(form.cleaned_data["direction"]),
                    note=form.cleaned_data["note"],
                    by=self.standing.user,
                    seen=form.seen,
                )
            except PartChanged as problem:
                return self._both("outlook_form", form, problem)
            return self._done("The forward look is recorded.")
        return self.render_to_response(self.get_context_data(outlook_form=form, form=form))

    def _end(self, form: OverrideForm) -> HttpResponse:
        try:
            statuses.end_override(**self.what, by=self.standing.user, seen=form.seen)
        except PartChanged as problem:
            return self._both("override_form", form, problem, yours="the data’s own status")
        except statuses.NoOverride:
            return self._done("The data’s own status shows already.")
        return self._done("The data’s own status shows again.")

    def _both(
        self, name: str, form: StatusForm, problem: PartChanged, yours: str = ""
    ) -> HttpResponse:
        """The page again, with theirs beside what was typed; what was typed is in the boxes."""
        fresh = type(form)(**self.what)
        if not yours:
            fresh.keep_typed(form)
        differences = form.differences(problem.theirs, yours=yours)
        changes = changes_of(self.standing.alliance, area_id=self.area.pk if self.area else None)
        latest = changes.filter(kind=Change.Kind.STATUS).first()
        context = {
            name: fresh,
            "conflict": Conflict.after(latest, differences, self.standing.user),
            "said": "Nothing is ended yet: compare, then decide." if yours else "",
        }
        return self.render_to_response(self.get_context_data(**context), status=409)

    def _done(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect(self.request.path)
