"""A milestone's dates: as they stand, a new forecast with its reason, and what it does to each force."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import FormView, TemplateView

from alliance_portal.dates.forms import NewDateForm, ReasonForm, direction
from alliance_portal.dates.history import newest_change, on_record, seen_at
from alliance_portal.dates.milestone import InMilestone, whole_number
from alliance_portal.dates.pricing import PriceTable, price_table, slippage_table
from business_areas import services
from business_areas.models import DateChange
from programmes import words
from programmes.changes import PriceMoved, having_shown
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


class ReasonAndPrice(InMilestone, FormView[ReasonForm]):
    """Why the date moves; then what it does to each force in each year; then it is saved.

    Nothing is kept between the pages but the form.
    """

    template_name = "dates/reason.html"
    form_class = ReasonForm
    asked: Asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only with a date that can be; without one, back to where it is typed."""
        self.standing.require(Action.CHANGE_DATES)
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
            back=f"{self.link('change')}?{asked.query}",
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The reasons; a date that cannot be goes back to where it is typed."""
        try:
            services.check_new_date(milestone=self.milestone, to=self.asked.to)
        except ValidationError:
            return redirect(self.link("change"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save where that is asked: a second time finds what the first has saved. Else as a form."""
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        if "save" in request.POST:
            return self._save()
        if self.asked.seen != self.milestone.revision:
            return self._stale()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        """What the date does to each force, before anything is saved."""
        try:
            services.check_new_date(milestone=self.milestone, to=self.asked.to)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return self._price(form, price_table(price_date(self.milestone, self.asked.to)))

    def _price(
        self, form: ReasonForm, price: PriceTable, *, moved_on: bool = False
    ) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            price=price,
            moved_on=moved_on,
            is_past=self.asked.to < self.day,
        )
        return render(self.request, "dates/price.html", context)

    def _save(self) -> HttpResponse:
        """Save what was priced; if other figures moved meanwhile, show the new price first."""
        given, asked = self.request.POST, self.asked
        form = self.get_form()
        try:
            with having_shown(given.get("priced", "")):
                change = services.reschedule(
                    milestone=self.milestone,
                    to=asked.to,
                    reason=given.get("reason", ""),
                    details=given.get("details", "").replace("\r\n", "\n"),
                    by=self.standing.user,
                    day=self.day,
                    seen_revision=asked.seen,
                    is_provisional=asked.is_provisional,
                )
        except StaleEdit:
            return self._stale()
        except PriceMoved:
            form.is_valid()
            price = price_table(price_date(self.milestone, asked.to))
            return self._price(form, price, moved_on=True)
        except ValidationError as problem:
            if form.is_valid():
                form.add_error(None, problem)
            return self.form_invalid(form)
        return redirect(self.link("changed", pk=change.pk))

    def _stale(self) -> HttpResponse:
        """Someone else saved first: both values, and what was typed is kept."""
        self.milestone.refresh_from_db()
        context = self.get_context_data(
            form=self.get_form(),
            theirs=newest_change(self.milestone),
            as_seen=seen_at(self.milestone, self.asked.seen),
            reason=self.request.POST.get("reason", ""),
            details=self.request.POST.get("details", ""),
        )
        return render(self.request, "dates/stale.html", context, status=409)


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
        return super().get_context_data(
            price=slippage_table(price_date(milestone, milestone.approved_on)),
            moved=words.days_apart(milestone.approved_on, milestone.expected_on)
            if milestone.approved_on != milestone.expected_on
            else "",
            **kwargs,
        )
