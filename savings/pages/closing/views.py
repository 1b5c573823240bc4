"""The pages that show financial years: all of them, and one, open or closed."""

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from programmes.models import Alliance, Force
from programmes.pages import InAlliance
from programmes.permissions import Action, Standing, spokespeople
from savings.closing.checklist import Checklist, checklist
from savings.closing.facts import YearFacts, facts_of
from savings.engine.periods import year_slug
from savings.models import ClosingRequest, FinancialYear
from savings.pages.settlement.views import years_of
from savings.true_up.later import later
from savings.views import year_or_404


class Years(InAlliance, TemplateView):
    """The years that have actual money, and how each stands."""

    template_name = "savings/closing/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each year with its closing, or the request that waits. The last first."""
        alliance = self.standing.alliance
        closed = FinancialYear.objects.filter(alliance=alliance, closed_at__isnull=False)
        closings = {each.year: each for each in closed.select_related("closed_by")}
        waiting = ClosingRequest.objects.filter(
            alliance=alliance, state=ClosingRequest.State.WAITING
        ).select_related("asked_by", "force")
        asked = {each.year: each for each in waiting}
        years = sorted({*years_of(alliance), *closings}, reverse=True)
        return super().get_context_data(
            years=[(year, closings.get(year), asked.get(year)) for year in years], **kwargs
        )


class YearPage(InAlliance, TemplateView):
    """A year: before it is closed what closes it, afterwards what later evidence makes of it."""

    def get_template_names(self) -> list[str]:
        """Another page for a closed year."""
        return [f"savings/closing/{'closed' if self.facts.closed_at else 'open'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is asked, and how far it is; 404 for a year without actual money."""
        alliance, year = self.standing.alliance, year_or_404(self.kwargs["year"])
        self.facts = facts_of(alliance, year)
        more = self._closed() if self.facts.closed_at else self._open()
        requests = ClosingRequest.objects.filter(alliance=alliance, year=year)
        names = ("asked_by", "answered_by", "force", "answered_for")
        here = {
            "year": year,
            "slug": year_slug(year),
            "facts": self.facts,
            "requests": list(requests.select_related(*names)),
        }
        return super().get_context_data(**{**kwargs, **here, **more})

    def _open(self) -> dict[str, Any]:
        found = open_checklist(self.standing, self.facts)
        return {
            "checklist": found,
            "own": own_force(self.standing, found.settlement.of.forces),
            "who_answers": self._who_answers(found.settlement.of.forces),
            "why_not": self.standing.why_not(Action.ANSWER)
            if self.standing.may(Action.SETTLE) and not self.standing.may(Action.ANSWER)
            else "",
        }

    def _closed(self) -> dict[str, Any]:
        assert self.facts.closed_at
        found = later(
            self.standing.alliance, self.facts.year, self.facts.closed_at, self.facts.tolerance
        )
        return {"later": found, "may_post": self.standing.may(Action.SETTLE)}

    def _who_answers(self, forces: tuple[Force, ...]) -> str:
        """“For Dorset Police: Bob.” of each force. One query."""
        people = spokespeople(self.standing.alliance, Action.ANSWER)
        return " ".join(
            f"For {force.name}: {', '.join(people.get(force.pk, ())) or 'no finance officer yet'}."
            for force in forces
        )


def open_checklist(standing: Standing, facts: YearFacts) -> Checklist:
    """The points of a year that is not closed. Raises Http404 for one without actual money."""
    found = checklist(standing.alliance, facts, standing.today)
    if not found.settlement.areas:
        raise Http404("The year has no actual costs or savings, so there is nothing to close.")
    return found


def own_force(standing: Standing, forces: tuple[Force, ...]) -> Force | None:
    """The force that the person speaks for."""
    speaks_for = standing.speaks_for(Action.ANSWER)
    return next((force for force in forces if force.pk == speaks_for), None)


def waiting_request(alliance: Alliance, year: int) -> ClosingRequest | None:
    """The request that waits for an answer. One query."""
    waiting = ClosingRequest.objects.filter(
        alliance=alliance, year=year, state=ClosingRequest.State.WAITING
    )
    return waiting.select_related("alliance", "asked_by", "force").first()
