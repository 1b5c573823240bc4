"""Type it, check what it does, save it: the steps of every change that moves money or ends something."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import FormView

from business_areas.forms.checked import CheckForm
from programmes.changes import Making, PriceMoved, having_shown, making, rehearse
from programmes.pages import InAlliance
from programmes.recorded import StaleEdit

_NOT_CARRIED = {"csrfmiddlewaretoken", "save", "change", "priced"}


class Checked(InAlliance, FormView[Any]):
    """A page that collects a change; the second step prices it and asks why, the third saves it.

    A page says what kind of change it is (`kind`), whose money it can move (`area_ids`; None:
    any), how it is written (`act`) and where one is then (`saved`).
    """

    check_template: ClassVar[str] = "changes/check.html"
    area_ids: Collection[int] | None = None

    @property
    def kind(self) -> str:
        """The kind of change that goes on record."""
        raise NotImplementedError

    @property
    def back(self) -> tuple[str, str]:
        """The address that the page belongs to, and what it is called."""
        raise NotImplementedError

    def act(self, form: Any) -> object:
        """Write what was typed. Raises StaleEdit, ValidationError."""
        raise NotImplementedError

    def saved(self, form: Any) -> HttpResponse:
        """The answer after it is written."""
        raise NotImplementedError

    def stale(self, form: Any, problem: StaleEdit) -> HttpResponse:
        """Someone else was first: both values, and what was typed."""
        raise NotImplementedError

    @property
    def is_priced(self) -> bool:
        """Whether it can move money or end anything at all."""
        return True

    def must_be_checked(self, form: Any, rehearsed: Making) -> bool:
        """Whether its price is shown and a reason asked before it is saved."""
        return True

    def asked_class(self, form: Any) -> type[CheckForm]:
        """What the second step asks."""
        return CheckForm

    def cautions(self, form: Any) -> Sequence[str]:
        """What is said before the price: sentences about what follows and is easily missed."""
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the page's own address, and the one that it belongs to."""
        address, called = self.back
        return super().get_context_data(
            here=self.request.path, back_address=address, back_called=called, **kwargs
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Save; first show what it does and ask why, where that must be."""
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            rehearsed = self._rehearse(form) if self.is_priced else None
            if rehearsed and rehearsed.said and self.must_be_checked(form, rehearsed):
                return self._check(form, rehearsed)
            self.act(form)
            return self.saved(form)
        except StaleEdit as problem:
            return self.stale(form, problem)
        except ValidationError as problem:
            place_problem(form, problem)
            return self.form_invalid(form)

    def _rehearse(self, form: Any) -> Making:
        """What saving would do. Raises StaleEdit, ValidationError."""
        return rehearse(
            lambda: self.act(form),
            alliance=self.standing.alliance,
            kind=self.kind,
            by=self.standing.user,
            area_ids=self.area_ids,
        )

    def _check(self, form: Any, rehearsed: Making) -> HttpResponse:
        """What it does, and why; saved where that is said, unless something else would be done by now."""
        is_save = "save" in self.request.POST
        asked = self.asked_class(form)(
            self.request.POST if is_save else None, day=self.standing.today
        )
        moved_on = False
        if is_save and asked.is_valid():
            try:
                return self._save(form, asked)
            except PriceMoved:
                moved_on = True
        context = self.get_context_data(
            form=form,
            asked=asked,
            rehearsed=rehearsed,
            moved_on=moved_on,
            cautions=self.cautions(form),
            carried=self._carried,
        )
        return render(self.request, self.check_template, context)

    def _save(self, form: Any, asked: CheckForm) -> HttpResponse:
        """Make the change, with why. Raises PriceMoved, StaleEdit, ValidationError."""
        only = next(iter(self.area_ids)) if self.area_ids and len(self.area_ids) == 1 else None
        with (
            having_shown(self.request.POST.get("priced", "")),
            making(
                alliance=self.standing.alliance,
                kind=self.kind,
                by=self.standing.user,
                day=self.standing.today,
                reason=asked.cleaned_data["reason"],
                details=asked.details,
                area_id=only,
                area_ids=self.area_ids,
            ),
        ):
            self.act(form)
        return self.saved(form)

    @property
    def _carried(self) -> list[tuple[str, str]]:
        """What was typed on the first step, for the second to carry."""
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in _NOT_CARRIED and not name.startswith(f"{CheckForm.prefix}-")
            for value in values
        ]


def place_problem(form: forms.Form, problem: ValidationError) -> None:
    """Each sentence at its field, or above the form where it has none here."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, sentences in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)
