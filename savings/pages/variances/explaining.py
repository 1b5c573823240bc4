"""The page on which a variance is explained."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from business_areas.models import BusinessArea
from programmes import words
from programmes.changes.record import changes_of
from programmes.checked import CheckedRow
from programmes.checked.conflict import Conflict, meanwhile
from programmes.checked.page import whole_number
from programmes.models import Change
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from savings.models import Item, Narrative, Pool
from savings.pages.month_end.views import month_or_404, slug_of
from savings.pages.variances.forms import NarrativeForm, as_typed
from savings.variances import services
from savings.variances.figures import Line, Measure, Variance, variances

KINDS = {"cost": Pool.Kind.COST, "saving": Pool.Kind.SAVING}
RECURRENCES = {"recurring": Item.Recurrence.RECURRING, "one-off": Item.Recurrence.ONE_OFF}


class Explain(CheckedRow):
    """Say what an area's variance of a month comes from, and what is done about it."""

    kind = Change.Kind.MONTH
    form_class = NarrativeForm
    template_name = check_template = "savings/variances/explain.html"
    title = "Explain a variance"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; of an area's costs or savings that the address names. Raises Http404."""
        self.standing.require(Action.CHANGE_AMOUNTS)
        self.month = month_or_404(kwargs["month"])
        areas = BusinessArea.objects.select_related("alliance")
        self.area = get_object_or_404(
            areas, alliance=self.standing.alliance, code=kwargs["area_code"]
        )
        try:
            kind, recurrence = KINDS[kwargs["kind"]], RECURRENCES[kwargs["recurrence"]]
        except KeyError as problem:
            raise Http404("An area has recurring and one-off costs and savings.") from problem
        self.line, self.area_ids = Line(self.area.pk, kind, recurrence), {self.area.pk}
        said = services.narrative_of(self.area, self.month, kind, recurrence)
        self.row = self.narrative = said or Narrative(alliance=self.standing.alliance)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_priced(self) -> bool:
        """It moves no money."""
        return False

    @property
    def of(self) -> str:
        """The area and the month."""
        return f"{self.area.name}, {words.month(self.month)}"

    @property
    def back(self) -> tuple[str, str]:
        """The month's variances."""
        place = reverse("money-variances", args=[self.standing.alliance.code])
        asked = self.request.GET.get("measure", "")
        measure = next((each for each in Measure if each.slug == asked), Measure.MONTH)
        return f"{place}?month={slug_of(self.month)}&measure={measure.slug}", "Variances"

    def get_initial(self) -> dict[str, Any]:
        """What is said already."""
        return as_typed(self.narrative) if self.narrative.pk else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the day that the alliance's pages speak of."""
        return {**super().get_form_kwargs(), "day": self.standing.today}

    @property
    def seen(self) -> int | None:
        """The revision that the person saw; None where nothing was said yet."""
        if self.request.method == "POST":
            return whole_number(self.request.POST.get("seen"))
        return self.narrative.revision if self.narrative.pk else None

    def in_conflict(self, form: Any, problem: StaleEdit | None) -> Conflict:
        """What somebody else said of it first."""
        assert problem is not None
        latest = changes_of(self.standing.alliance, area_id=self.area.pk).filter(kind=self.kind)
        typed = {"cause": str(form.cleaned_data["cause"])}
        differences = meanwhile(problem.current, self.seen or 0, typed)
        return Conflict.after(latest.first(), differences, self.standing.user)

    def said_by(self, row: Any) -> str:
        """Its cause."""
        return f"cause: {row.cause}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The variance that is explained, as it is measured in each way."""
        measured = [
            (each, self._variance(each)) for each in Measure if each is not Measure.FORECAST
        ]
        here = {"title": self.title, "measured": measured, "month": self.month, "area": self.area}
        return super().get_context_data(**{**kwargs, **here})

    def _variance(self, measure: Measure) -> Variance:
        today = self.standing.today
        rows = variances(self.standing.alliance, self.month, measure, today, None)
        found = next((row for row in rows if row.line == self.line), None)
        return found or Variance(self.line, self.area, 0, 0)

    def act(self, form: Any) -> Narrative:
        """Write it."""
        return services.explain(
            area=self.area,
            month=self.month,
            kind=self.line.kind,
            recurrence=self.line.recurrence,
            said=services.Said(**form.cleaned_data),
            by=self.standing.user,
            seen_revision=self.seen,
        )

    def saved(self, form: Any) -> HttpResponse:
        """The month's variances."""
        messages.success(self.request, f"{self.of}: the variance is explained.")
        return redirect(self.back[0])
