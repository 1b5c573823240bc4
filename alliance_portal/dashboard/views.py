"""The dashboard, the pages that its figures open to, and a person's word on a status."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from alliance_portal.as_at.periods import Period, SinceForm
from alliance_portal.dashboard import sources
from alliance_portal.dashboard.drawn import charts
from alliance_portal.dashboard.force import force_figures
from alliance_portal.dashboard.selectors import dashboard
from alliance_portal.overview import overview
from business_areas import silence
from business_areas.models import Strand
from business_areas.statuses import PROGRAMME_RULES, RULES
from programmes.changes.unrecorded import unrecorded
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.explain import left_out, put_in_at, told_cause


class Compared(InAlliance, TemplateView):
    """A page that compares with the start of a period, which its address says."""

    usual = "quarter"

    @cached_property
    def day(self) -> date:
        """The day that the alliance's pages speak of."""
        return self.standing.today

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The period, and the date form with what is wrong with a date."""
        asked = self.request.GET
        period = Period.of(asked.get("period", self.usual), self.day)
        typed = any(name.startswith("since") for name in asked)
        form = SinceForm(asked if typed else None, alliance=self.standing.alliance, day=self.day)
        is_right = typed and form.is_valid()
        if is_right:
            period = Period("date", form.cleaned_data["since"], self.day)
        return super().get_context_data(
            form=form, period=period, wrong_date=typed and not is_right, **kwargs
        )


class InPeriod(Compared):
    """A page of what the dashboard says."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dashboard's answers."""
        context = super().get_context_data(**kwargs)
        return {**context, "dashboard": dashboard(self.standing.alliance, context["period"])}


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is not on record, and what that did to each force."""
        context = super().get_context_data(**kwargs)
        alliance, recorded = self.standing.alliance, context["dashboard"].recorded
        if not recorded.is_whole:
            since = recorded.since or put_in_at(alliance)
            cause = left_out(alliance, since, recorded.until)
            context["unrecorded"] = unrecorded(alliance.pk, since=since, until=recorded.until)
            context["unrecorded_pounds"] = told_cause(alliance, cause)
        return context


class ForcePage(Compared):
    """What the alliance means for one force: the same page for every force."""

    template_name = "dashboard/force.html"
    usual = "month"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The force's figures; 404 for a force that the alliance has not."""
        context = super().get_context_data(**kwargs)
        found = force_figures(self.standing.alliance, self.kwargs["force_code"], context["period"])
        if found is None:
            raise Http404("The alliance has no force with this code.")
        return {**context, "figures": found}


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
            silence=silence.RULE,
            may_change=self.standing.may(Action.OVERRIDE_STATUSES),
            **kwargs,
        )
