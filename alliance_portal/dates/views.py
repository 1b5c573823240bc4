"""A milestone's dates: as they stand, a new forecast with its reason, and what it does to each force."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView, TemplateView

from alliance_portal.dates.checked import CheckedChange
from alliance_portal.dates.forms import NewDateForm, ReasonForm, direction
from alliance_portal.dates.history import on_record
from alliance_portal.dates.milestone import InMilestone
from business_areas import services
from business_areas.models import DateChange
from programmes import words
from programmes.checked import whole_number
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from savings.selectors.date_price import price_date


class MilestoneDates(InMilestone, FormView[NewDateForm]):
    """The four dates, why they matter, their history, and the box for a new forecast."""

    template_name = "dates/milestone.html"
    form_class = NewDateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The milestone that the date is for."""
        return {**super().get_form_kwargs(), "milestone": self.milestone}

    def get_initial(self) -> dict[str, Any]:
        """What was typed, if the reader comes back from the next page."""
        asked = Asked.of(self.request.GET)
        sure = {True: "yes", False: "no"}
        if asked is None:
            return {"provisional": sure[self.milestone.is_provisional]}
        return {"to": asked.to, "provisional": sure[asked.is_provisional]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on record, newest first."""
        return super().get_context_data(
            record=on_record(self.milestone),
            seen=self.milestone.revision,
            may_change=self.standing.may(Action.CHANGE_DATES) and self.is_open,
            may_approve=self.standing.may(Action.APPROVE_DATES) and self.is_open,
            may_remove=self.standing.may(Action.MANAGE_AREAS) and self.is_open,
            goes_live=services.is_an_areas_go_live(self.milestone),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only those who may change dates come further, and only while there is a date to change."""
        self.standing.require(Action.CHANGE_DATES)
        try:
            services.check_can_move(milestone=self.milestone)
        except ValidationError as problem:
            messages.error(request, problem.message)
            return redirect(self.link("change"))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: NewDateForm) -> HttpResponse:
        """On to the reason, with what was seen and typed in the address."""
        asked = Asked(
            to=form.cleaned_data["to"],
            is_provisional=form.cleaned_data["provisional"] == "yes",
            seen=whole_number(self.request.POST.get("seen")) or self.milestone.revision,
        )
        return HttpResponseRedirect(f"{self.link('reason')}?{asked.query}")


@dataclass(frozen=True)
class Asked:
    """The date that is asked for, how sure it is, and the revision that the reader saw."""

    to: date
    is_provisional: bool
    seen: int

    @classmethod
    def of(cls, given: Any) -> "Asked | None":
        """What an address or a form carries; None if it carries no date."""
        try:
            to = date.fromisoformat(given.get("to", ""))
        except ValueError:
            return None
        seen = whole_number(given.get("seen"))
        return cls(to, given.get("provisional") != "no", seen or 0)

    @property
    def hidden(self) -> dict[str, str]:
        """For a form or an address."""
        sure = "yes" if self.is_provisional else "no"
        return {"to": self.to.isoformat(), "provisional": sure, "seen": str(self.seen)}

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
    which = DateChange.Date.FORECAST
    link_name = "reason"
    refused_at = None
    heading = "What the new date does to each force"
    change_words = "Change the reason"
    asked: Asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only with a date that can be; without one, back to where it is typed."""
        self.standing.require(self.action)
        given: Any = request.POST if request.method == "POST" else request.GET
        if "instead" in given:
            given = {**given.dict(), "to": given["instead"]}
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
        price = price_date(self.milestone, self.asked.to)
        return {
            "price": price,
            "effect": price.chosen.effect,
            "is_past": self.asked.to < self.day,
            "save_words": f"Save {words.day(self.asked.to)}",
        }

    def save(self, form: forms.Form) -> DateChange:
        """Put it on record."""
        given, asked = self.request.POST, self.asked
        return services.reschedule(
            milestone=self.milestone,
            to=asked.to,
            reason=given.get("reason", ""),
            details=given.get("details", "").replace("\r\n", "\n"),
            by=self.standing.user,
            day=self.day,
            seen_revision=asked.seen,
            is_provisional=asked.is_provisional,
        )

    def typed(self, form: forms.Form) -> date | None:
        """The date that is asked for."""
        return self.asked.to

    def fresh(self, form: forms.Form) -> forms.Form:
        """What was typed, with the reasons that fit now; the date is asked against what is there now."""
        self.asked = replace(self.asked, seen=self.milestone.revision)
        typed = {name: self.request.POST.get(name, "") for name in ("reason", "details")}
        return ReasonForm(milestone=self.milestone, to=self.asked.to, initial=typed)


class Confirm(InMilestone):
    """Confirm a provisional forecast; its date stays."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One effect, however often it is sent."""
        self.standing.require(Action.CHANGE_DATES)
        try:
            milestone = services.confirm_forecast(
                milestone=self.milestone,
                by=self.standing.user,
                day=self.day,
                seen_revision=whole_number(request.POST.get("seen")),
            )
        except StaleEdit:
            messages.error(
                request,
                "Someone else changed this milestone while you were looking at it, so nothing was "
                "confirmed; check the forecast below, then confirm it.",
            )
        except ValidationError as problem:
            messages.error(request, problem.message)
        else:
            assert milestone.forecast_on
            messages.success(request, f"{words.day(milestone.forecast_on)} is confirmed.")
        return redirect(self.link("change"))


class Changed(InMilestone, TemplateView):
    """A change that was made: what it was, and what happens next."""

    template_name = "dates/changed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The change, and whom it concerns."""
        change = get_object_or_404(
            DateChange.objects.select_related("changed_by"),
            milestone=self.milestone,
            pk=self.kwargs["pk"],
        )
        moved = (
            words.days_apart(change.from_on, change.to_on)
            if change.from_on and change.to_on
            else ""
        )
        record = on_record(self.milestone)
        return super().get_context_data(change=change, moved=moved, record=record, **kwargs)


class SlippagePriced(InMilestone, TemplateView):
    """What lies between the approved and the expected date, priced by force and year."""

    template_name = "dates/slippage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The price of the approved date, its sign turned: what the move away from it has done."""
        milestone = self.milestone
        if milestone.approved_on is None or milestone.expected_on is None:
            raise Http404("This milestone has no approved date to compare with.")
        price = price_date(milestone, milestone.approved_on)
        return super().get_context_data(
            depends=price.depends,
            effect=price.chosen.effect.turned(),
            moved=words.days_apart(milestone.approved_on, milestone.expected_on)
            if milestone.approved_on != milestone.expected_on
            else "",
            **kwargs,
        )
