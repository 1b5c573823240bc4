"""A milestone's dates: as they stand, confirmed, changed, and what slippage does to each force."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView, TemplateView

from alliance_portal.dates.forms import NewDateForm
from alliance_portal.dates.history import on_record
from alliance_portal.dates.milestone import InMilestone
from alliance_portal.dates.new_date import Asked
from business_areas import services
from business_areas.lateness import slippage_of
from business_areas.models import MovedDate
from business_areas.selectors.moved import moved_dates
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
            **self._approving(),
            may_remove=self.standing.may(Action.MANAGE_AREAS) and self.is_open,
            goes_live=services.is_an_areas_go_live(self.milestone),
            **kwargs,
        )

    def _approving(self) -> dict[str, Any]:
        """The request for another approved date that waits, and whether the reader may ask for one."""
        may_ask = self.standing.may(Action.ASK_FOR_DATES) and self.is_open
        waiting = services.waiting_for(self.milestone)
        return {
            "waiting": waiting,
            "waiting_url": self.link("approval", pk=waiting.pk) if waiting else "",
            "may_ask": may_ask and not self.milestone.actual_on and waiting is None,
        }

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
    """A date that was moved: from where to where, and what happens next."""

    template_name = "dates/changed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The move, and whom it concerns."""
        move = get_object_or_404(moved_dates(), milestone=self.milestone, pk=self.kwargs["pk"])
        moved = words.days_apart(move.from_on, move.to_on) if move.from_on and move.to_on else ""
        back = move.from_on if move.which == MovedDate.Date.APPROVED else None
        if self.milestone.actual_on or not self.standing.may(Action.ASK_FOR_DATES):
            back = None
        record = on_record(self.milestone)
        return super().get_context_data(move=move, moved=moved, record=record, back=back, **kwargs)


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
            rebaselined=slippage.rebaselined_words if (slippage := slippage_of(milestone)) else "",
            moved=words.days_apart(milestone.approved_on, milestone.expected_on)
            if milestone.approved_on != milestone.expected_on
            else "",
            **kwargs,
        )
