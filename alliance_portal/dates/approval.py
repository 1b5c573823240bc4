"""A newly approved date: a change of its own, with who approved it; the original baseline stays."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import FormView

from alliance_portal.dates.forms import ApprovedDateForm
from alliance_portal.dates.history import days_apart, newest_change, seen_at
from alliance_portal.dates.milestone import InMilestone, whole_number
from business_areas import services
from programmes.permissions import Action
from programmes.recorded import StaleEdit


class NewApprovedDate(InMilestone, FormView[ApprovedDateForm]):
    """Type the approved date, see what it does to slippage, save it."""

    template_name = "dates/approve.html"
    form_class = ApprovedDateForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only those who may put an approval on record."""
        self.standing.require(Action.APPROVE_DATES)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Today, after which nothing can have been approved."""
        return {**super().get_form_kwargs(), "day": self.day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the revision that the reader sees, or saw at the first page."""
        return super().get_context_data(seen=self._seen or self.milestone.revision, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check, save, or back to what was typed; a form that went stale shows both values."""
        form = self.get_form()
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "save" in request.POST and form.is_valid():
            return self._save(form)
        if self._seen != self.milestone.revision:
            return self._stale(form)
        return super().post(request, *args, **kwargs)

    @property
    def _seen(self) -> int:
        """The revision that the reader saw; nought if the form does not say."""
        return whole_number(self.request.POST.get("seen")) or 0

    def form_valid(self, form: ApprovedDateForm) -> HttpResponse:
        """Old and new slippage side by side; nothing is saved yet."""
        to: date = form.cleaned_data["to"]
        try:
            services.check_new_approved_date(milestone=self.milestone, to=to)
        except ValidationError as problem:
            form.add_error("to", problem)
            return self.form_invalid(form)
        expected = self.milestone.expected_on
        slippage = (
            (days_apart(to, expected) if to != expected else "on that date") if expected else ""
        )
        context = self.get_context_data(form=form, to=to, slippage=slippage)
        return render(self.request, "dates/approve_check.html", context)

    def _save(self, form: ApprovedDateForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            change = services.rebaseline(
                milestone=self.milestone,
                to=given["to"],
                approved_by=given["approved_by"],
                decided_on=given["decided_on"],
                details=given["details"],
                by=self.standing.user,
                day=self.day,
                seen_revision=self._seen,
            )
        except StaleEdit:
            return self._stale(form)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return redirect(self.link("changed", pk=change.pk))

    def _stale(self, form: ApprovedDateForm) -> HttpResponse:
        self.milestone.refresh_from_db()
        context = self.get_context_data(
            form=form,
            theirs=newest_change(self.milestone),
            as_seen=seen_at(self.milestone, self._seen),
        )
        return render(self.request, "dates/approve_stale.html", context, status=409)
