"""The money pages: apportioned savings, workings and runs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import ListView, TemplateView

from business_areas.models import BusinessArea
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import NotAPeriod, parse_year, year_slug
from savings.forms import ApportionedFilter
from savings.models import Run
from savings.selectors.adjustments import beside
from savings.selectors.amount_workings import amount_working
from savings.selectors.amounts_of_year import counting_twice
from savings.selectors.apportioned import VIEWS, apportioned
from savings.selectors.area_workings import area_working
from savings.selectors.behind import freshness
from savings.selectors.runs import with_changes
from savings.selectors.whole_years import under_an_earlier_rule


@dataclass(frozen=True)
class Chosen:
    """The version, kind and year that an address asks for; anything unknown is the usual choice."""

    version: str = "outturn"
    kind: str = "saving"
    year: int | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "Chosen":
        """What the address says."""
        filters = ApportionedFilter(request.GET)
        filters.is_valid()
        try:
            year = parse_year(request.GET.get("year", ""))
        except NotAPeriod:
            year = None
        return cls(
            version=filters.cleaned_data.get("version") or cls.version,
            kind=filters.cleaned_data.get("kind") or cls.kind,
            year=year,
        )

    @property
    def version_label(self) -> str:
        """The version as the page writes it."""
        return self.version

    @property
    def kind_label(self) -> str:
        """The kind as the page's title writes it."""
        return {
            "saving": "savings",
            "cost": "costs, net of grants",
            "net": "savings less costs",
        }[self.kind]

    @property
    def is_outturn(self) -> bool:
        """Whether it is chosen from actual and forecast amounts."""
        return self.version == "outturn"

    @property
    def query(self) -> str:
        """The choice as part of an address, without the year."""
        return urlencode({"version": self.version, "kind": self.kind})

    @property
    def why(self) -> str:
        """The choice as part of the address that says why it moved: of an outturn, its forecast."""
        return urlencode(
            {"version": "forecast" if self.is_outturn else self.version, "kind": self.kind}
        )


class ApportionedSavings(InAlliance, TemplateView):
    """Area × force × financial year, by version and kind; each figure opens its working."""

    template_name = "savings/apportioned.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table, and the filters as they stand."""
        chosen = Chosen.of(self.request)
        alliance = self.standing.alliance
        table = apportioned(
            alliance=alliance,
            version=chosen.version.upper(),
            view=chosen.kind,
            year=chosen.year,
            today=self.standing.today,
        )
        filters = ApportionedFilter(
            initial={"version": chosen.version, "kind": chosen.kind, "year": year_slug(table.year)}
        )
        return super().get_context_data(
            table=table,
            chosen=chosen,
            filters=filters,
            **kwargs,
        )


class AreaWorkingPage(InAlliance, TemplateView):
    """One area's year: each pool with its ratio, its sizes, and the lines that make it up."""

    template_name = "savings/area_working.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pools of the chosen version and kind."""
        alliance = self.standing.alliance
        chosen = Chosen.of(self.request)
        area = get_object_or_404(BusinessArea, alliance=alliance, code=self.kwargs["area_code"])
        working = area_working(
            alliance=alliance,
            area=area,
            year=year_or_404(self.kwargs["year"]),
            version=chosen.version.upper(),
            kinds=list(VIEWS[chosen.kind]),
            day=self.standing.today,
        )
        return super().get_context_data(
            area=area,
            chosen=chosen,
            working=working,
            whole_years=under_an_earlier_rule(alliance.pk, area_ids=[area.pk], year=working.year),
            counts_twice=counting_twice(alliance.pk, area, working.year),
            adjustments=beside(area, working.year, list(VIEWS[chosen.kind]))
            if chosen.version in ("actual", "outturn")
            else (),
            may_change=self.standing.may(Action.CHANGE_AMOUNTS),
            **kwargs,
        )


class AmountWorkingPage(InAlliance, TemplateView):
    """One amount's shares, step by step."""

    template_name = "savings/amount_working.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The working, or 404."""
        working = amount_working(alliance=self.standing.alliance, amount_id=self.kwargs["pk"])
        if working is None:
            raise Http404
        return super().get_context_data(working=working, **kwargs)


class Runs(InAlliance, ListView[Run]):
    """Every run on record, newest first, with the changes that asked for it."""

    template_name = "savings/runs.html"
    context_object_name = "runs"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """The alliance's runs."""
        return Run.objects.filter(alliance=self.standing.alliance).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's runs with what asked for each."""
        context = super().get_context_data(**kwargs)
        return {**context, "lines": with_changes(context["runs"])}


class Progress(InAlliance, TemplateView):
    """The strip that says what is behind, for a page that follows it without a reload."""

    template_name = "components/_follow.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The strip as it stands; when all is done, the page is told to fetch its figures."""
        if not request.headers.get("HX-Request"):
            return redirect("money-runs", code=self.standing.alliance.code)
        response = render(request, self.template_name)
        if not freshness(self.standing.alliance).is_behind:
            response["HX-Trigger"] = "shares-updated"
        return response


def year_or_404(slug: str) -> int:
    """The financial year of an address such as 2016-17. Raises Http404."""
    try:
        return parse_year(slug)
    except NotAPeriod as problem:
        raise Http404(str(problem)) from problem
