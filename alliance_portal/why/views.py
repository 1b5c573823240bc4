"""The page that says why a figure moved, and the page of one change on record."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from alliance_portal.why.change import one_change
from alliance_portal.why.drawn import waterfall
from alliance_portal.why.forms import WhyForm
from programmes import words
from programmes.models import Change
from programmes.pages import InAlliance
from savings.bridge import bridge
from savings.engine.periods import year_slug
from savings.explain import TooLarge, check_size, explain
from savings.moments import LAST_CHANGE, LAST_MONTH, NotAMoment, span_of

_WHAT = {"saving": "savings", "cost": "costs net of grants", "net": "savings less costs"}


class WhyPage(InAlliance, TemplateView):
    """From one moment to another: the figure at both, and every cause of what lies between."""

    template_name = "why/why.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bridge; or one sentence that says what is wrong with the moments."""
        form, alliance = WhyForm(self.request.GET), self.standing.alliance
        figure = _figure(form)
        # Not as `form` and `typed`: nothing in it is refused, and nothing of it is saved.
        context = super().get_context_data(asked=form, figure=figure, **_links(form), **kwargs)
        try:
            span = span_of(
                alliance, form.moment("since"), form.moment("until"), self.standing.today
            )
            check_size(alliance)
        except NotAMoment as problem:
            return {**context, "problem": str(problem)}
        except TooLarge as problem:
            return {**context, "too_large": problem}
        found = bridge(explain(alliance, span.since, span.until), form.chosen)
        return {**context, "span": span, "bridge": found, "chart": waterfall(found, figure)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """A wrong moment is a bad request, as well as a sentence."""
        status = 400 if "problem" in context else 200
        return super().render_to_response(context, status=status, **kwargs)


class ChangePage(InAlliance, TemplateView):
    """One change on record."""

    template_name = "why/change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The change; 404 for another alliance's."""
        changes = Change.objects.select_related("made_by", "alliance")
        change = get_object_or_404(changes, alliance=self.standing.alliance, pk=self.kwargs["pk"])
        return super().get_context_data(one=one_change(change), **kwargs)


def _figure(form: WhyForm) -> str:
    """What the figure is called in a sentence: “forecast savings for 2016 to 2017”."""
    chosen = form.chosen
    said = f"{chosen.version.lower()} {_WHAT[chosen.view]}"
    return f"{said} for {words.year_prose(chosen.year)}" if chosen.year is not None else said


def _links(form: WhyForm) -> dict[str, Any]:
    """The choices of a moment that are links, each with whether it is chosen, and the boxes' text."""
    chosen, since = form.chosen, form.moment("since") or LAST_MONTH
    query = {"version": chosen.version.lower(), "kind": chosen.view}
    if chosen.year is not None:
        query["year"] = year_slug(chosen.year)
    named = {LAST_MONTH: "Last month", LAST_CHANGE: "The last change that moved money"}
    return {
        "boxes": form.typed(),
        "choices": [
            (urlencode({"since": key, **query}), label, since == key and not form.moment("until"))
            for key, label in named.items()
        ],
    }
