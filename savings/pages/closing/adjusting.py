"""The pages on which what came to light of a closed year is posted in an open one, and undone."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programmes.permissions import Action
from savings.closing.facts import facts_of
from savings.engine.periods import year_label, year_slug
from savings.models import TrueUp
from savings.pages.closing import forms
from savings.pages.settlement.acts import Act
from savings.true_up import services
from savings.true_up.later import Later, later
from savings.views import year_or_404


class Adjusting(Act):
    """Something posted of a closed year."""

    action = Action.SETTLE
    form_class = forms.PostForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The closed year that the address names. Raises Http404."""
        super().setup(request, *args, **kwargs)
        self.year = year_or_404(kwargs["year"])
        alliance = self.standing.alliance
        self.years = services.open_years_after(alliance, self.year, self.standing.today)
        facts = facts_of(alliance, self.year)
        if facts.closed_at is None:
            raise Http404("The year is open, so nothing is posted of it.")
        self.later: Later = later(alliance, self.year, facts.closed_at, facts.tolerance)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the years in which it can be posted."""
        return {**super().get_form_kwargs(), "years": self.years}

    @property
    def of(self) -> str:
        """The year."""
        return year_label(self.year)

    @property
    def back(self) -> tuple[str, str]:
        """The year's page."""
        place = reverse("money-year", args=[self.standing.alliance.code, year_slug(self.year)])
        return place, f"{year_label(self.year)}, closed"


class Post(Adjusting):
    """Post what is left of what later evidence makes of the year."""

    heading = "Post what came to light"
    save_words = "Post it"
    facts = "savings/closing/_to_post.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """While anything is left."""
        self.standing.require(self.action)
        if not self.later.left:
            messages.info(request, services.nothing_left(self.standing.alliance, self.year))
            return redirect(self.back[0])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is left, and its digest."""
        return super().get_context_data(
            later=self.later,
            hidden=[("priced", self.later.digest)],
            stopped=not self.years,
            **kwargs,
        )

    def write(self, given: Mapping[str, Any]) -> None:
        """Post it."""
        made = services.post(
            alliance=self.standing.alliance,
            year=self.year,
            into=int(given["into"]),
            reason=given["reason"],
            by=self.standing.user,
            day=self.standing.today,
            seen=self.request.POST.get("priced", ""),
        )
        self.done = f"The adjustment is posted in {year_label(made.posted_in_year)}."


class Undo(Adjusting):
    """Post the opposite of an adjustment."""

    heading = "Post the opposite"
    save_words = "Post the opposite"
    facts = "savings/closing/_to_undo.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The adjustment that the address names. Raises Http404."""
        super().setup(request, *args, **kwargs)
        mine = TrueUp.objects.filter(alliance=self.standing.alliance, year=self.year)
        self.true_up = get_object_or_404(mine.select_related("alliance"), pk=kwargs["pk"])
        self.posted = next(
            each for each in self.later.true_ups if each.true_up.pk == self.true_up.pk
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The adjustment."""
        return super().get_context_data(
            later=self.later,
            posted=self.posted,
            stopped=not (self.years and self.posted.may_be_undone),
            **kwargs,
        )

    def write(self, given: Mapping[str, Any]) -> None:
        """Post the opposite."""
        made = services.undo(
            true_up=self.true_up,
            into=int(given["into"]),
            reason=given["reason"],
            by=self.standing.user,
            day=self.standing.today,
        )
        self.done = f"The opposite is posted in {year_label(made.posted_in_year)}."
