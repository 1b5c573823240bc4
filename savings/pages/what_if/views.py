"""The pages of what-ifs. Whoever may change money or dates makes them; all of the alliance reads them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView, TemplateView, View

from programmes.checked import whole_number
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import NotAPeriod, parse_year
from savings.explain import TooLarge, check_size
from savings.models import Scenario
from savings.pages.what_if.adopting import door_of, measures_of
from savings.pages.what_if.forms import FORMS, NameForm, offered
from savings.what_if.comparing import MOST_BESIDE, Beside
from savings.what_if.keeping import changes_of, start, suppose, take_out
from savings.what_if.said import said


class WhatIfs(InAlliance, FormView[NameForm]):
    """All what-ifs of the alliance, and where one is started; up to three beside today."""

    template_name = "savings/what_if/list.html"
    form_class = NameForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only those who may start one send the form."""
        if request.method == "POST":
            self.standing.require(Action.SUPPOSE)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The what-ifs, the newest first."""
        found = Scenario.objects.filter(alliance=self.standing.alliance).select_related("made_by")
        return super().get_context_data(
            what_ifs=list(found.order_by("-made_at")),
            may=self.standing.may(Action.SUPPOSE),
            most=MOST_BESIDE,
            **kwargs,
        )

    def form_valid(self, form: NameForm) -> HttpResponse:
        """Begin one."""
        alliance, user = self.standing.alliance, self.standing.user
        try:
            made = start(alliance=alliance, by=user, name=form.cleaned_data["name"])
        except ValidationError as problem:
            form.add_error("name", problem)
            return self.form_invalid(form)
        return redirect("money-what-if-one", alliance.code, made.pk)


class WhatIf(InAlliance, TemplateView):
    """One what-if: its changes, and what each force has with them beside what it has today."""

    template_name = "savings/what_if/one.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The comparison; one sentence for an alliance that is too large for a page."""
        found = _what_if(self.standing.alliance, self.kwargs["pk"])
        context = super().get_context_data(
            what_if=found,
            offered=offered(),
            may=self.standing.may(Action.SUPPOSE),
            is_mine=found.made_by_id == self.standing.user.pk or self.standing.user.is_superuser,
            **kwargs,
        )
        try:
            check_size(self.standing.alliance)
        except TooLarge as problem:
            return {**context, "too_large": problem}
        changes, measures = changes_of(found), measures_of(self.standing.alliance)
        beside = Beside(self.standing.alliance, [changes])
        now = beside.now
        return {
            **context,
            "changes": [
                (kept.number, said(kept.change, now), door_of(found, kept, now, measures))
                for kept in changes
            ],
            "problem": beside.problems[0],
            "effect": beside.effect(0) if changes else None,
            **_figures(self.request, beside, [found]),
        }


class WhatIfsBeside(InAlliance, TemplateView):
    """Up to three what-ifs beside today."""

    template_name = "savings/what_if/beside.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that the address names, in its order."""
        alliance = self.standing.alliance
        asked = [whole_number(pk) for pk in self.request.GET.getlist("beside")]
        by_pk = Scenario.objects.filter(alliance=alliance).in_bulk([pk for pk in asked if pk])
        found = [by_pk[pk] for pk in dict.fromkeys(asked) if pk in by_pk]
        context = super().get_context_data(
            what_ifs=found[:MOST_BESIDE], most=MOST_BESIDE, left=len(found) - MOST_BESIDE, **kwargs
        )
        try:
            check_size(alliance)
        except TooLarge as problem:
            return {**context, "too_large": problem}
        if not found:
            return context
        beside = Beside(alliance, [changes_of(each) for each in found[:MOST_BESIDE]])
        problems = [
            (each, problem)
            for each, problem in zip(found, beside.problems, strict=False)
            if problem
        ]
        return {
            **context,
            "problems": problems,
            **_figures(self.request, beside, found[:MOST_BESIDE]),
        }


class Suppose(InAlliance, FormView[Any]):
    """A change is typed and added."""

    template_name = "savings/what_if/suppose.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; 404 for a kind that there is not."""
        self.standing.require(Action.SUPPOSE)
        if kwargs["kind"] not in FORMS:
            raise Http404
        self.what_if = _what_if(self.standing.alliance, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        """The kind's."""
        return FORMS[self.kwargs["kind"]]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of the alliance."""
        return {**super().get_form_kwargs(), "alliance": self.standing.alliance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is supposed of which."""
        return super().get_context_data(
            what_if=self.what_if, title=self.get_form_class().title, **kwargs
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Back to the figures."""
        try:
            suppose(self.what_if, form.as_change())
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return redirect("money-what-if-one", self.standing.alliance.code, self.what_if.pk)


class TakeOut(InAlliance, View):
    """A change is taken out of a what-if again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the figures."""
        self.standing.require(Action.SUPPOSE)
        found = _what_if(self.standing.alliance, kwargs["pk"])
        take_out(found, kwargs["number"])
        return redirect("money-what-if-one", self.standing.alliance.code, found.pk)


class Forget(InAlliance, View):
    """Who made a what-if takes it away."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list; somebody else's is a page that there is not."""
        self.standing.require(Action.SUPPOSE)
        found = _what_if(self.standing.alliance, kwargs["pk"])
        if found.made_by_id != self.standing.user.pk and not self.standing.user.is_superuser:
            raise Http404
        found.delete()
        messages.success(request, f"{found.name} is taken away.")
        return redirect("money-what-if", self.standing.alliance.code)


def _what_if(alliance: Any, pk: int) -> Scenario:
    if pk >= 2**31:
        raise Http404
    return get_object_or_404(Scenario.objects.select_related("made_by"), alliance=alliance, pk=pk)


def _figures(request: HttpRequest, beside: Beside, what_ifs: list[Scenario]) -> dict[str, Any]:
    """The tables of the year that the address asks for, or of all."""
    try:
        asked = parse_year(request.GET.get("year", ""))
    except NotAPeriod:
        asked = None
    year = asked if asked in beside.years else None
    return {
        "tables": beside.tables(year),
        "has_successor": beside.has_successor,
        "years": beside.years,
        "year": year,
        "names": [each.name for each in what_ifs],
    }
