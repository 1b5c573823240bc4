"""A change of a milestone's date in two steps: type it, check what it does, save it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import FormView

from alliance_portal.dates.history import newest_change, seen_at
from alliance_portal.dates.milestone import InMilestone, whole_number
from business_areas import services
from business_areas.models import DateChange
from programmes.changes import PriceMoved, having_shown
from programmes.permissions import Action
from programmes.recorded import StaleEdit


@dataclass(frozen=True)
class Typed:
    """What a form says, beside what someone else saved: the date, a reason in short, the details."""

    to: date | None
    reason: str
    details: str


class CheckedChange(InMilestone, FormView[forms.Form]):
    """The two steps; a form that went stale shows both values, and nothing typed is lost.

    A page says who may (`action`), which of the four dates it changes, the name of its own address
    and the template of its second step.
    """

    action: ClassVar[Action]
    which: ClassVar[DateChange.Date]
    link_name: ClassVar[str]
    check_template: ClassVar[str]

    def check(self, form: forms.Form) -> dict[str, Any]:
        """What the second step shows. Raises ValidationError for a date that cannot be."""
        raise NotImplementedError

    def save(self, form: forms.Form) -> DateChange:
        """The saved change. Raises StaleEdit, ValidationError."""
        raise NotImplementedError

    def typed(self, form: forms.Form) -> Typed:
        """What was typed, as far as it could be read."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only those who may, and only while the area is in the programme."""
        self.standing.require(self.action)
        if self.milestone.area and not self.is_open:
            messages.error(request, services.AreaWithdrawn(self.milestone.area).message)
            return redirect(self.link("change"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the page's own address, and the revision that the reader sees or saw at first."""
        return super().get_context_data(
            here=self.link(self.link_name), seen=self.seen or self.milestone.revision, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check, save, or back to what was typed."""
        form = self.get_form()
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "save" in request.POST and form.is_valid():
            return self._save(form)
        if self.seen != self.milestone.revision:
            return self._stale(form)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """What the change would do; nothing is saved yet."""
        return self._check(form)

    def _check(self, form: forms.Form, *, moved_on: bool = False) -> HttpResponse:
        try:
            shown = self.check(form)
        except ValidationError as problem:
            form.add_error("to", problem)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, moved_on=moved_on, **shown)
        return render(self.request, self.check_template, context)

    @property
    def seen(self) -> int:
        """The revision that the reader saw; nought if the form does not say."""
        return whole_number(self.request.POST.get("seen")) or 0

    def _save(self, form: forms.Form) -> HttpResponse:
        try:
            with having_shown(self.request.POST.get("priced", "")):
                change = self.save(form)
        except StaleEdit:
            return self._stale(form)
        except PriceMoved:
            return self._check(form, moved_on=True)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return redirect(self.link("changed", pk=change.pk))

    def _stale(self, form: forms.Form) -> HttpResponse:
        form.is_valid()
        self.milestone.refresh_from_db()
        as_seen = seen_at(self.milestone, self.seen)
        field = self.which.column
        context = self.get_context_data(
            form=form,
            theirs=newest_change(self.milestone),
            as_seen=as_seen,
            which=self.which.label,
            was=getattr(as_seen, field, None),
            now=getattr(self.milestone, field),
            typed=self.typed(form),
        )
        return render(self.request, "dates/checked_stale.html", context, status=409)
