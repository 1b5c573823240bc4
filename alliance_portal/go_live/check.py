"""The check page of going live: everything that it changes, old and new."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from alliance_portal.dates.order import order_with
from alliance_portal.go_live.area import InGoLive
from alliance_portal.go_live.going import go_live
from business_areas import services
from programmes import words
from programmes.checked import CheckedPage, Conflict, WhyForm, whole_number
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from programmes.written.dates import EARLIEST
from savings.selectors.date_price import price_date


@dataclass(frozen=True)
class Asked:
    """The day that was typed, with the milestone's revision and the stage that the reader saw."""

    on: date
    seen: int
    stage: str

    @classmethod
    def of(cls, given: Any) -> "Asked | None":
        """What an address or a form carries; None if it carries no day."""
        try:
            on = date.fromisoformat(given.get("on", ""))
        except ValueError:
            return None
        if on < EARLIEST:
            return None
        return cls(on, whole_number(given.get("seen")) or 0, given.get("stage", ""))

    @property
    def hidden(self) -> dict[str, str]:
        """For a form or an address."""
        return {"on": self.on.isoformat(), "seen": str(self.seen), "stage": self.stage}


class CheckGoLive(InGoLive, CheckedPage[forms.Form]):
    """Everything that going live changes, old and new; then it is saved."""

    template_name = check_template = "go_live/check.html"
    form_class = forms.Form
    heading = "Check before it goes live"
    asked: Asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with a day; without one, back to where it is typed."""
        self.standing.require(Action.MANAGE_AREAS)
        asked = Asked.of(request.POST if request.method == "POST" else request.GET)
        if asked is None:
            return self.to("go-live")
        self.asked = asked
        return super().dispatch(request, *args, **kwargs)

    @property
    def of(self) -> str:
        """The area."""
        return self.area.name

    @property
    def back(self) -> tuple[str, str]:
        """Where the day is typed."""
        return self._list_url, "Is it ready to go live?"

    @property
    def leave_url(self) -> str:
        """The area's page."""
        return reverse("area", args=[self.standing.alliance.code, self.area.code])

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The day, with what the reader saw."""
        return list(self.asked.hidden.items())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; a day that cannot be goes back to where it is typed."""
        try:
            services.check_take_live(
                area=self.area,
                go_live=self.go_live,
                on=self.asked.on,
                readiness=self.readiness,
                day=self.day,
            )
        except services.AlreadyLive as problem:
            return self._already(problem)
        except ValidationError as problem:
            return self._refused(problem)
        form = self.get_form()
        return self.both(form, None) if self.is_stale(form) else self.form_valid(form)

    def is_stale(self, form: forms.Form) -> bool:
        """The milestone or the stage is not as the reader saw it."""
        revision = self.go_live.revision if self.go_live else 0
        return (self.asked.seen, self.asked.stage) != (revision, self.area.stage)

    def page(self, form: forms.Form, *, status: int = 200, **context: Any) -> HttpResponse:
        """The check page itself: the day is typed on another."""
        return self.checked(form, None, status=status, **context)

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What changes: the stage, the dates, the people and the money."""
        assert self.go_live is not None
        price = price_date(self.go_live, self.asked.on)
        return {
            "asked": self.asked,
            "slippage": self.slippage(self.asked.on),
            "price": price,
            "order": order_with(self.go_live, self.asked.on, reached=True),
            "effect": price.chosen.effect,
            "save_words": f"Take {self.area.name} live",
        }

    def make(self, form: forms.Form, why: WhyForm | None) -> HttpResponse:
        """Take it live."""
        asked = self.asked
        try:
            go_live(
                area=self.area,
                on=asked.on,
                by=self.standing.user,
                day=self.day,
                seen_revision=asked.seen,
                seen_stage=asked.stage,
            )
        except services.AlreadyLive as problem:
            return self._already(problem)
        except ValidationError as problem:
            return self._refused(problem)
        return self.to("go-live-done")

    def in_conflict(self, form: forms.Form, problem: StaleEdit | None) -> Conflict:
        """What became of the stage and the go-live meanwhile."""
        return self.conflict(self.asked.seen, self.asked.stage, self.asked.on)

    def fresh(self, form: forms.Form) -> forms.Form:
        """Saving again saves what was typed, over what is there now."""
        assert self.go_live is not None
        self.asked = replace(self.asked, seen=self.go_live.revision, stage=self.area.stage)
        return form

    @property
    def _list_url(self) -> str:
        address = reverse("go-live", args=[self.standing.alliance.code, self.area.code])
        return f"{address}?{urlencode(self.asked.hidden)}"

    def _refused(self, problem: ValidationError) -> HttpResponse:
        """Back to the list, which says what stands in the way, with what was typed."""
        why = "" if self.obstacle else f" {' '.join(problem.messages)}"
        messages.error(self.request, f"Nothing has been saved.{why}")
        return HttpResponseRedirect(self._list_url)

    def _already(self, problem: services.AlreadyLive) -> HttpResponse:
        """Sent twice it is done once; where someone else was first, both dates are said."""
        found, moved = problem.milestone, problem.moved
        mine = moved is not None and moved.change.made_by_id == self.standing.user.pk
        if not (mine and found is not None and found.actual_on == self.asked.on):
            yours = f"Yours, {words.day(self.asked.on)}, has not been saved."
            messages.warning(self.request, f"{' '.join(problem.messages)} {yours}")
        return self.to("go-live-done")
