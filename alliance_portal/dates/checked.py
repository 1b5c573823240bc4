"""A change of a milestone's date: typed, checked, saved; what somebody else saved first stands beside it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from alliance_portal.dates.milestone import InMilestone, whole_name
from business_areas import services
from business_areas.models import Milestone, MovedDate
from business_areas.selectors.moved import newest_move
from programmes import words
from programmes.changes.record import changes_of
from programmes.checked import CheckedPage, Conflict, WhyForm, meanwhile, whole_number
from programmes.permissions import Action
from programmes.recorded import StaleEdit

_DATES = ("forecast_on", "approved_on", "actual_on", "baseline_on", "is_provisional", "name")


class CheckedChange(InMilestone, CheckedPage[forms.Form]):
    """The steps for one of the four dates.

    A page says who may (`action`), which date it changes, and the name of its own address.
    """

    action: ClassVar[Action]
    which: ClassVar[MovedDate.Date]
    link_name: ClassVar[str]
    refused_at: str | None = "to"

    def save(self, form: forms.Form) -> None:
        """Move the date. Raises StaleEdit, PriceMoved, ValidationError."""
        raise NotImplementedError

    def typed(self, form: forms.Form) -> date | None:
        """The date that was typed; None if it could not be read, or none is wanted."""
        on: date | None = form.cleaned_data.get("to")
        return on

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only those who may, and only while the area is in the programme."""
        self.standing.require(self.action)
        if self.milestone.area and not self.is_open:
            messages.error(request, services.AreaWithdrawn(self.milestone.area).message)
            return redirect(self.link("change"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the page's own address, and the revision that the reader sees or saw at first."""
        seen = self.milestone.revision if "conflict" in kwargs else self.seen
        return super().get_context_data(
            here=self.link(self.link_name), seen=seen or self.milestone.revision, **kwargs
        )

    @property
    def of(self) -> str:
        """The milestone, with its area."""
        return whole_name(self.milestone)

    @property
    def back(self) -> tuple[str, str]:
        """The milestone's page."""
        return self.link("change"), self.of

    @property
    def seen(self) -> int:
        """The revision that the reader saw; nought if the form does not say."""
        return whole_number(self.request.POST.get("seen")) or 0

    def is_stale(self, form: forms.Form) -> bool:
        """The milestone is not as the page showed it."""
        return self.seen != self.milestone.revision

    def make(self, form: forms.Form, why: WhyForm | None) -> HttpResponse:
        """Save it and show what was saved."""
        self.save(form)
        return redirect(moved_url(self, self.which))

    def in_conflict(self, form: forms.Form, problem: StaleEdit | None) -> Conflict:
        """The dates that moved meanwhile, beside the one that was typed."""
        self.milestone.refresh_from_db()
        yours = words.day(self.typed(form), "not a date")
        return milestone_conflict(
            self.milestone, self.seen, {self.which.column: yours}, self.standing.user
        )


def moved_url(page: InMilestone, which: str) -> str:
    """The page of the newest move of one of the milestone's dates, else the milestone's. One query.

    Inside a wider change, or one that is tried out, a move is on record only after it.
    """
    moved = newest_move(page.milestone, which)
    return page.link("changed", pk=moved.pk) if moved else page.link("change")


def milestone_conflict(
    milestone: Milestone, seen: int, yours: Mapping[str, str], reader: object
) -> Conflict:
    """What became of the milestone since the revision that a page showed, beside what was typed."""
    latest = changes_of(
        milestone.alliance,
        area_id=milestone.area_id,
        milestone=(milestone.pk, milestone.name),
    ).first()
    return Conflict.after(latest, meanwhile(milestone, seen, yours, only=_DATES), reader)
