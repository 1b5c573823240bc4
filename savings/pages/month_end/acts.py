"""The pages on which nil returns are recorded, and a month is locked and unlocked."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from programmes import words
from programmes.permissions import Action
from savings.month_end import services
from savings.month_end.expected import Stands, expected_of
from savings.pages.month_end import forms
from savings.pages.month_end.views import month_or_404, slug_of
from savings.pages.settlement.acts import Act


class OfMonth(Act):
    """Something done about a month."""

    action = Action.CHANGE_AMOUNTS

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The month that the address names. Raises Http404."""
        super().setup(request, *args, **kwargs)
        self.month = month_or_404(kwargs["month"])
        self.slug = slug_of(self.month)

    @property
    def of(self) -> str:
        """The month."""
        return words.month(self.month)

    @property
    def back(self) -> tuple[str, str]:
        """The month's page."""
        place = reverse("money-month-end", args=[self.standing.alliance.code, self.slug])
        return place, f"Month end, {self.of}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The month."""
        return super().get_context_data(month=self.month, **kwargs)


class SayNil(OfMonth):
    """Record that items had no cost or saving in the month."""

    form_class = forms.NilForm
    heading = "Record nil returns"
    save_words = "Record them"
    facts = "savings/month_end/_nil.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """While any is not in."""
        self.standing.require(self.action)
        rows = expected_of(self.standing.alliance, self.month, self.standing.today)
        self.missing = [row for row in rows if row.stands is Stands.MISSING]
        if not self.missing:
            messages.info(request, f"Every actual amount of {self.of} is in.")
            return redirect(self.back[0])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the items that are not in."""
        return {**super().get_form_kwargs(), "missing": self.missing}

    def write(self, given: Mapping[str, Any]) -> None:
        """An actual amount of nought of each."""
        count = services.say_nil(
            alliance=self.standing.alliance,
            month=self.month,
            item_ids=given["items"],
            by=self.standing.user,
            day=self.standing.today,
            reason=f"Nil return: no cost or saving in {self.of}",
            details=given["details"],
        )
        self.done = f"{words.counted(count, 'nil return')} of {self.of} recorded."


class Lock(OfMonth):
    """Lock the month with the figures that are shown."""

    form_class = forms.LockForm
    heading = "Lock this month"
    save_words = "Lock the month"
    facts = "savings/month_end/_locked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would be locked, and what stops it."""
        found = services.month_end(self.standing.alliance, self.month, self.standing.today)
        return super().get_context_data(
            found=found,
            hidden=[("priced", found.totals.digest)],
            stopped=bool(found.stopped_by),
            **kwargs,
        )

    def write(self, given: Mapping[str, Any]) -> None:
        """Lock it."""
        services.lock(
            alliance=self.standing.alliance,
            month=self.month,
            note=given["note"],
            by=self.standing.user,
            day=self.standing.today,
            seen=self.request.POST.get("priced", ""),
        )
        self.done = f"{self.of} is locked. Its actual amounts stay as they are."


class Unlock(OfMonth):
    """Let the month's actual amounts be changed again."""

    form_class = forms.UnlockForm
    heading = "Unlock this month"
    save_words = "Unlock the month"
    facts = "savings/month_end/_unlocked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lock, if there is one."""
        lock = services.open_lock(self.standing.alliance, self.month)
        return super().get_context_data(lock=lock, stopped=lock is None, **kwargs)

    def write(self, given: Mapping[str, Any]) -> None:
        """Unlock it."""
        services.unlock(
            alliance=self.standing.alliance,
            month=self.month,
            reason=given["reason"],
            by=self.standing.user,
        )
        self.done = f"{self.of} is unlocked. Its actual amounts can be changed again."
