"""A newly approved date: one person asks, sees what it does, and another who may approve answers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.generic import TemplateView

from alliance_portal.dates.checked import CheckedChange, moved_url
from alliance_portal.dates.forms import ApprovedDateForm, RefusalForm
from alliance_portal.dates.milestone import InMilestone
from business_areas import services
from business_areas.lateness import Slippage, rebaselined_by
from business_areas.models import ApprovalRequest, Milestone, MovedDate
from programmes import words
from programmes.changes import PriceMoved, having_shown
from programmes.checked import WhyForm, place_problem, whole_number
from programmes.models import User
from programmes.permissions import Action, people_who_may
from programmes.recorded import StaleEdit
from savings.selectors.approval_price import ApprovalPrice, price_approval


def what_it_does(price: ApprovalPrice) -> dict[str, Any]:
    """What both pages show of a date: its price, and what is said of the milestone before and after."""
    milestone, to = price.milestone, price.to
    return {
        "to": to,
        "approval": price,
        "said_now": _said(milestone, milestone.approved_on),
        "said_then": _said(milestone, to),
    }


def _said(milestone: Milestone, approved_on: Any) -> str:
    """How late the milestone is called against that approved date."""
    expected = milestone.expected_on
    if approved_on is None or expected is None:
        return "No date is approved yet"
    changed = Milestone(baseline_on=milestone.baseline_on, approved_on=approved_on)
    said = Slippage((expected - approved_on).days, rebaselined=rebaselined_by(changed)).words
    return said[:1].upper() + said[1:]


class AskForApproval(CheckedChange):
    """Type the date and why, see what it does, and ask for it; until it is agreed to, nothing moves."""

    template_name = "dates/approve.html"
    check_template = "dates/approve_check.html"
    heading = "Check what you ask for"
    form_class = ApprovedDateForm
    action = Action.ASK_FOR_DATES
    which = MovedDate.Date.APPROVED
    link_name = "approve"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for a milestone that can get another approved date."""
        if self.standing.may(self.action):
            try:
                services.check_can_be_approved(milestone=self.milestone)
            except ValidationError as problem:
                messages.error(request, problem.message)
                return redirect(self.link("change"))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The date that another page proposes, such as the one approved before."""
        try:
            to = parse_date(self.request.GET.get("to", ""))
        except ValueError:
            to = None
        return {"to": to}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The request that waits already, and who may agree to this one."""
        waiting = services.waiting_for(self.milestone)
        return super().get_context_data(
            waiting=waiting,
            waiting_url=self.link("approval", pk=waiting.pk) if waiting else "",
            people=_others(self, self.standing.user.pk),
            **kwargs,
        )

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What the date does."""
        to = form.cleaned_data["to"]
        services.check_new_approved_date(milestone=self.milestone, to=to)
        price = price_approval(self.milestone, to, self.day)
        asks = {"digest": price.digest, "save_words": f"Ask for {words.day(to)}"}
        return {**what_it_does(price), **asks, "effect": price.effect}

    def make(self, form: forms.Form, why: WhyForm | None) -> HttpResponse:
        """Ask for what was shown, and on to the request's own page."""
        to, shown = form.cleaned_data["to"], self.request.POST.get("priced", "")
        price = price_approval(self.milestone, to, self.day)
        if shown != price.digest:
            raise PriceMoved(price.effect)
        request = services.ask_for_approval(
            milestone=self.milestone,
            to=to,
            reason=form.cleaned_data["details"],
            by=self.standing.user,
            day=self.day,
            priced=shown,
            seen_revision=self.seen,
        )
        return redirect(self.link("approval", pk=request.pk))


class Approval(InMilestone, TemplateView):
    """One request: what it asks and does, and the buttons of who may answer it or take it back."""

    template_name = "dates/approval.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the request, or 404. One query more."""
        super().setup(request, *args, **kwargs)
        self.asked = get_object_or_404(
            ApprovalRequest.objects.select_related("asked_by", "answered_by"),
            milestone=self.milestone,
            pk=kwargs["pk"],
        )

    @property
    def may_answer(self) -> bool:
        """Whether the reader may agree or refuse."""
        return self.standing.may_answer(self.asked.asked_by_id, Action.APPROVE_DATES)

    @property
    def is_mine(self) -> bool:
        """Whether the reader asked."""
        return self.asked.asked_by_id == self.standing.user.pk

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it does now, and whether that is what the asker saw."""
        context: dict[str, Any] = {"form": RefusalForm(), "refusal": self._refusal()}
        if self.asked.is_waiting:
            price = price_approval(self.milestone, self.asked.to_on, self.day)
            context |= what_it_does(price)
            context["has_moved"] = self.asked.priced not in ("", price.digest)
            context["people"] = _others(self, self.asked.asked_by_id)
        return super().get_context_data(
            asked=self.asked,
            address=self.link("approval", pk=self.asked.pk),
            may_answer=self.may_answer and self.asked.is_waiting,
            may_withdraw=self.is_mine and self.asked.is_waiting,
            **{**context, **kwargs},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Agree, refuse or withdraw; one effect, however often it is sent."""
        if "withdraw" in request.POST:
            return self._do(self._withdraw)
        if not self.is_mine:
            self.standing.require(Action.APPROVE_DATES)
        return self._do(self._refuse if "refuse" in request.POST else self._agree)

    def _do(self, act: Any) -> HttpResponse:
        try:
            address: str = act()
        except (PriceMoved, StaleEdit):
            return self._again(status=409, moved_on=True)
        except ValidationError as problem:
            form = RefusalForm(self.request.POST)
            form.is_valid()
            form.errors.clear()
            place_problem(form, problem)
            return self._again(form=form, status=200)
        return redirect(address)

    def _agree(self) -> str:
        """Only to what was shown. Raises PriceMoved, StaleEdit, ValidationError."""
        given = self.request.POST
        effect = ""
        if self.asked.is_waiting and not self.is_mine:
            price = price_approval(self.milestone, self.asked.to_on, self.day)
            if given.get("priced") != price.digest:
                raise PriceMoved(price.effect)
            effect = price.effect.digest
        with having_shown(effect):
            services.agree_to_approval(
                **self._common, seen_revision=whole_number(given.get("seen")) or 0
            )
        return moved_url(self, MovedDate.Date.APPROVED)

    def _refuse(self) -> str:
        reason = self.request.POST.get("answer", "").replace("\r\n", "\n")
        services.refuse_approval(**self._common, reason=reason)
        messages.success(self.request, "The date is refused; the approved date stands.")
        return self.link("approval", pk=self.asked.pk)

    def _withdraw(self) -> str:
        services.withdraw_approval(**self._common)
        messages.success(self.request, "The request is withdrawn; the approved date stands.")
        return self.link("approval", pk=self.asked.pk)

    @property
    def _common(self) -> dict[str, Any]:
        user: User = self.standing.user
        return {"milestone": self.milestone, "request": self.asked, "by": user, "day": self.day}

    def _again(self, status: int, **context: Any) -> HttpResponse:
        self.milestone.refresh_from_db(fields=None)
        self.asked.refresh_from_db()
        whole = self.get_context_data(**context)
        return render(self.request, self.template_name, whole, status=status)

    def _refusal(self) -> str:
        """Why nobody can agree to it as things stand; empty if somebody can."""
        try:
            services.check_new_approved_date(milestone=self.milestone, to=self.asked.to_on)
        except ValidationError as problem:
            return str(problem.message)
        return ""


def _others(page: InMilestone, asked_by_id: int) -> list[User]:
    """Who may agree: everybody whose role lets him, but who asked. One query."""
    people = people_who_may(page.standing.alliance, Action.APPROVE_DATES)
    return list(people.exclude(pk=asked_by_id))
