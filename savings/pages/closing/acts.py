"""The pages on which a year's closing is asked for, confirmed, refused or taken back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from programmes.models import Force
from programmes.permissions import Action
from savings.closing import services
from savings.closing.facts import facts_of
from savings.engine.periods import year_label, year_slug
from savings.pages.closing import forms
from savings.pages.closing.views import open_checklist, own_force, waiting_request
from savings.pages.settlement.acts import Act
from savings.views import year_or_404


class OfYear(Act):
    """Something said for one's own force about the closing of a year."""

    action = Action.ANSWER

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The year that the address names."""
        super().setup(request, *args, **kwargs)
        self.year = year_or_404(kwargs["year"])
        alliance = self.standing.alliance
        self.forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))

    @property
    def of(self) -> str:
        """The year."""
        return year_label(self.year)

    @property
    def back(self) -> tuple[str, str]:
        """The year's page."""
        place = reverse("money-year", args=[self.standing.alliance.code, year_slug(self.year)])
        return place, year_label(self.year)

    @property
    def own(self) -> Force:
        """The force that the person speaks for."""
        found = own_force(self.standing, self.forces)
        assert found
        return found

    @property
    def seen(self) -> str:
        """The digest of the figures that the page showed."""
        return str(self.request.POST.get("priced", ""))

    def figures(self) -> dict[str, Any]:
        """The checklist, and the figures that would be frozen. Raises Http404."""
        facts = facts_of(self.standing.alliance, self.year)
        found = open_checklist(self.standing, facts)
        digest = services.figures_digest(self.standing.alliance, self.year)
        return {
            "checklist": found,
            "settlement": found.settlement,
            "hidden": [("priced", digest)],
            "stopped": bool(found.stopping),
        }


class AskToClose(OfYear):
    """Ask the other forces that the year be closed."""

    form_class = forms.AskForm
    heading = "Ask to close this year"
    save_words = "Ask for it"
    facts = "savings/closing/_asked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would be frozen, and what is left open."""
        return super().get_context_data(own=self.own, **self.figures(), **kwargs)

    def write(self, given: Mapping[str, Any]) -> None:
        """Ask."""
        services.ask(
            alliance=self.standing.alliance,
            year=self.year,
            force=self.own,
            note=given["note"],
            by=self.standing.user,
            day=self.standing.today,
            seen=self.seen,
        )
        self.done = (
            f"You asked for {self.own.name} that {self.of} be closed. Another force’s finance officer "
            "confirms it."
        )


class OfRequest(OfYear):
    """An answer to a request that waits."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The request; one that is answered is no more to be answered."""
        super().setup(request, *args, **kwargs)
        self.asked = waiting_request(self.standing.alliance, self.year)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may, while it waits."""
        self.standing.require(self.action)
        if self.asked is None:
            messages.info(request, f"No request to close {self.of} waits for an answer.")
            return redirect(self.back[0])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The request."""
        return super().get_context_data(asked=self.asked, own=self.own, **kwargs)


class Confirm(OfRequest):
    """Close the year, for good."""

    form_class = forms.ConfirmForm
    heading = "Confirm that this year is closed"
    save_words = "Close the year"
    facts = "savings/closing/_confirmed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is frozen."""
        return super().get_context_data(**self.figures(), **kwargs)

    def write(self, given: Mapping[str, Any]) -> None:
        """Close it."""
        assert self.asked
        services.confirm(
            request=self.asked,
            force=self.own,
            by=self.standing.user,
            day=self.standing.today,
            seen=self.seen,
        )
        self.done = f"{self.of} is closed. Its figures stay as they are."


class Refuse(OfRequest):
    """The year is not closed: another force says why."""

    form_class = forms.ReasonForm
    heading = "Refuse to close this year"
    save_words = "Refuse it"
    facts = "savings/closing/_request.html"

    def write(self, given: Mapping[str, Any]) -> None:
        """Refuse."""
        assert self.asked
        services.refuse(
            request=self.asked, force=self.own, reason=given["reason"], by=self.standing.user
        )
        self.done = f"{self.of} stays open."


class Withdraw(OfRequest):
    """The force that asked takes it back."""

    form_class = forms.ReasonForm
    heading = "Take the request back"
    save_words = "Take it back"
    facts = "savings/closing/_request.html"

    def write(self, given: Mapping[str, Any]) -> None:
        """Take it back."""
        assert self.asked
        services.withdraw(
            request=self.asked, force=self.own, reason=given["reason"], by=self.standing.user
        )
        self.done = f"{self.of} stays open."
