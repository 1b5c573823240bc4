"""A newly approved date: a change of its own, with who approved it; the original baseline stays."""

from typing import Any

from django import forms

from alliance_portal.dates.checked import CheckedChange
from alliance_portal.dates.forms import ApprovedDateForm
from business_areas import services
from business_areas.models import DateChange
from programmes.permissions import Action
from programmes.words import days_apart


class NewApprovedDate(CheckedChange):
    """Type the approved date, see what it does to slippage, save it."""

    template_name = "dates/approve.html"
    check_template = "dates/approve_check.html"
    heading = "Check the newly approved date"
    form_class = ApprovedDateForm
    action = Action.APPROVE_DATES
    which = DateChange.Date.APPROVED
    link_name = "approve"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The alliance and today: nothing can have been approved before the one or after the other."""
        own = {"alliance": self.standing.alliance, "day": self.day}
        return {**super().get_form_kwargs(), **own}

    def check(self, form: forms.Form) -> dict[str, Any]:
        """The new slippage beside the date."""
        to = form.cleaned_data["to"]
        services.check_new_approved_date(milestone=self.milestone, to=to)
        expected = self.milestone.expected_on
        slippage = ""
        if expected:
            slippage = days_apart(to, expected) if to != expected else "on that date"
        return {"to": to, "slippage": slippage}

    def save(self, form: forms.Form) -> DateChange:
        """Put it on record."""
        given = form.cleaned_data
        return services.rebaseline(
            milestone=self.milestone,
            to=given["to"],
            approved_by=given["approved_by"],
            decided_on=given["decided_on"],
            details=given["details"],
            by=self.standing.user,
            day=self.day,
            seen_revision=self.seen,
        )
