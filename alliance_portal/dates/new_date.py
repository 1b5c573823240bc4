"""A new forecast in two steps: why the date moves, then what it does to each force; then it is saved."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from alliance_portal.dates.checked import CheckedChange
from alliance_portal.dates.forms import ReasonForm, direction
from alliance_portal.dates.order import order_with
from business_areas import services
from business_areas.models import MovedDate
from programmes import words
from programmes.checked import whole_number
from programmes.permissions import Action
from savings.selectors.date_price import price_date


@dataclass(frozen=True)
class Asked:
    """The date that is asked for, how sure it is, and the revision that the reader saw.

    `follow`: what follows it in its area moves by the same days.
    """

    to: date
    is_provisional: bool
    seen: int
    follow: bool = False

    @classmethod
    def of(cls, given: Any) -> "Asked | None":
        """What an address or a form carries; None if it carries no date."""
        try:
            to = date.fromisoformat(given.get("to", ""))
        except ValueError:
            return None
        seen = whole_number(given.get("seen"))
        follow = given.get("follow") == "yes"
        return cls(to, given.get("provisional") != "no", seen or 0, follow)

    @property
    def hidden(self) -> dict[str, str]:
        """For a form or an address."""
        sure = "yes" if self.is_provisional else "no"
        hidden = {"to": self.to.isoformat(), "provisional": sure, "seen": str(self.seen)}
        return {**hidden, "follow": "yes"} if self.follow else hidden

    @property
    def query(self) -> str:
        """For an address."""
        return urlencode(self.hidden)


class ReasonAndPrice(CheckedChange):
    """Why the date moves; then what it does to each force in each year; then it is saved."""

    template_name = "dates/reason.html"
    check_template = "dates/price.html"
    form_class = ReasonForm
    action = Action.CHANGE_DATES
    which = MovedDate.Date.FORECAST
    link_name = "reason"
    refused_at = None
    heading = "What the new date does to each force"
    change_words = "Change the reason"
    asked: Asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only with a date that can be; without one, back to where it is typed."""
        self.standing.require(self.action)
        given = (request.POST if request.method == "POST" else request.GET).dict()
        for button, name in (("instead", "to"), ("along", "follow")):
            if button in given:
                given[name] = given[button]
        asked = Asked.of(given)
        if asked is None:
            return redirect(self.link("change"))
        self.asked = asked
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The reasons that fit the date."""
        return {**super().get_form_kwargs(), "milestone": self.milestone, "to": self.asked.to}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The move in words."""
        milestone, asked = self.milestone, self.asked
        before = milestone.expected_on
        return super().get_context_data(
            asked=asked,
            before=before,
            moved=words.days_apart(before, asked.to) if before and before != asked.to else "",
            direction=direction(before, asked.to),
            **kwargs,
        )

    @property
    def back(self) -> tuple[str, str]:
        """Where the date is typed."""
        return f"{self.link('change')}?{self.asked.query}", "Change the date"

    @property
    def leave_url(self) -> str:
        """The milestone's page."""
        return self.link("change")

    @property
    def seen(self) -> int:
        """The revision that the reader saw where the date was typed."""
        return self.asked.seen

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The date that is asked for now, and why."""
        why = [(name, self.request.POST.get(name, "")) for name in ("reason", "details")]
        return [*self.asked.hidden.items(), *why]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The reasons; a date that cannot be goes back to where it is typed."""
        try:
            services.check_new_date(milestone=self.milestone, to=self.asked.to)
        except ValidationError:
            return redirect(self.link("change"))
        return super().get(request, *args, **kwargs)

    def may_make(self, form: forms.Form) -> bool:
        """The service knows what it has saved already, when its reasons fit no more."""
        return True

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What the date does to each force, before anything is saved."""
        services.check_new_date(milestone=self.milestone, to=self.asked.to)
        order = order_with(self.milestone, self.asked.to, follow=self.asked.follow)
        price = price_date(self.milestone, self.asked.to, order.days)
        save = f"Save {words.day(self.asked.to)}"
        return {
            "order": order,
            "price": price,
            "effect": price.chosen.effect,
            "is_past": self.asked.to < self.day,
            "save_words": f"{save} and what follows" if order.days else save,
        }

    def save(self, form: forms.Form) -> None:
        """Put it on record."""
        given, asked = self.request.POST, self.asked
        move: dict[str, Any] = {
            "milestone": self.milestone,
            "to": asked.to,
            "reason": given.get("reason", ""),
            "details": given.get("details", "").replace("\r\n", "\n"),
            "by": self.standing.user,
            "day": self.day,
            "seen_revision": asked.seen,
            "is_provisional": asked.is_provisional,
        }
        if asked.follow:
            services.reschedule_with_followers(following=self._following, **move)
        else:
            services.reschedule(**move)

    @property
    def _following(self) -> dict[int, int]:
        """The revisions of what follows, as the page showed them."""
        seen = (each.partition(":") for each in self.request.POST.getlist("following"))
        return {
            pk: revision
            for pk, revision in ((whole_number(a), whole_number(b)) for a, _, b in seen)
            if pk and revision
        }

    def typed(self, form: forms.Form) -> date | None:
        """The date that is asked for."""
        return self.asked.to

    def fresh(self, form: forms.Form) -> forms.Form:
        """What was typed, with the reasons that fit now; the date is asked against what is there now."""
        self.asked = replace(self.asked, seen=self.milestone.revision)
        typed = {name: self.request.POST.get(name, "") for name in ("reason", "details")}
        return ReasonForm(milestone=self.milestone, to=self.asked.to, initial=typed)
