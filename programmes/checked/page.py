"""The one page on which something is changed: typed, shown with its price, saved as it was shown."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import FormView

from programmes.changes import PriceMoved, having_shown
from programmes.checked.conflict import Conflict
from programmes.checked.why import WhyForm
from programmes.pages import InAlliance
from programmes.recorded import StaleEdit

Form = TypeVar("Form", bound=forms.Form)

# What the buttons and the check page add to a form; nothing of it was typed.
_OWN = frozenset({"csrfmiddlewaretoken", "save", "change", "priced"})


class CheckedPage(InAlliance, FormView[Form]):
    """Type it, see what it does, save exactly that; if somebody was first, both values are shown.

    A page says what its check page shows (`check`), how it is made (`make`) and what somebody else's
    save looks like beside what was typed (`in_conflict`). Its forms carry what they showed, as
    `seen`; the check page adds the digest of the price that it showed, as `priced`. Nothing is kept
    between the steps but what the forms carry: a save that carries no price, and would move money, is
    shown what it does first. `refused_at` is the field at which a refusal of the service stands that
    names none.
    """

    check_template: ClassVar[str] = "changes/check.html"
    heading = "Check what this changes"
    save_words = "Save"
    change_words = "Change what I typed"
    refused_at: str | None = None

    def check(self, form: Form) -> Mapping[str, Any] | None:
        """What the check page shows: `said` (Told rows), `effect` (an Effect), and what is its own.

        None saves at once, for there is nothing to check. Raises StaleEdit, ValidationError.
        """
        raise NotImplementedError

    def make(self, form: Form, why: WhyForm | None) -> HttpResponse:
        """Make the change, and answer. Raises StaleEdit, PriceMoved, ValidationError."""
        raise NotImplementedError

    def in_conflict(self, form: Form, problem: StaleEdit | None) -> Conflict:
        """What somebody else saved first, beside what was typed."""
        raise NotImplementedError

    def why(self, form: Form, data: Any) -> WhyForm | None:
        """What the check page asks, filled in with `data`; None if it asks nothing."""
        return None

    def is_stale(self, form: Form) -> bool:
        """Whether the page already knows that somebody else was first, before it checks."""
        return False

    def may_make(self, form: Form) -> bool:
        """Whether what was typed can be handed to the service, which checks it again."""
        return form.is_valid()

    def fresh(self, form: Form) -> Form:
        """The form with what was typed in it, over what is on record now."""
        return form

    def page(self, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page on which it is typed."""
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)

    @property
    def of(self) -> str:
        """What the change is of, as the check page's title begins."""
        return ""

    @property
    def back(self) -> tuple[str, str]:
        """Address and name of the page that it is left for."""
        raise NotImplementedError

    @property
    def leave_url(self) -> str:
        """Where it is left as it is."""
        return self.back[0]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent."""
        form = self.get_form()
        if "change" in request.POST:
            return self.page(form)
        if self.is_save and self.may_make(form):
            return self.form_valid(form)
        if self.is_stale(form):
            return self.both(form, None)
        return super().post(request, *args, **kwargs)

    @property
    def is_save(self) -> bool:
        """Whether it was sent to be saved; a page that asks where it shows what is done has one step."""
        return "save" in self.request.POST or self.check_template == self.template_name

    def form_valid(self, form: Form) -> HttpResponse:
        """Save it, or show what it would do."""
        is_save = self.request.method == "POST" and self.is_save
        return self._make(form) if is_save else self.checked(form, self.why(form, None))

    def checked(
        self, form: Form, why: WhyForm | None, *, status: int = 200, **also: Any
    ) -> HttpResponse:
        """The check page; with `moved_on` where other figures moved since it was shown."""
        try:
            shown = self.check(form)
            if shown is None:
                return self.make(form, why)
        except StaleEdit as problem:
            return self.both(form, problem)
        except ValidationError as problem:
            place_problem(form, problem, at=self.refused_at)
            return self.form_invalid(form)
        context = self.get_context_data(
            **{"form": form, "why": why, "carried": self.carried, **shown, **also}
        )
        return render(self.request, self.check_template, context, status=status)

    def _make(self, form: Form) -> HttpResponse:
        why = self.why(form, self.request.POST)
        if why is not None and not why.is_valid():
            return self.checked(form, why)
        shown = self.request.POST.get("priced", "")
        try:
            with having_shown(shown):
                return self.make(form, why)
        except StaleEdit as problem:
            return self.both(form, problem)
        except PriceMoved:
            form.is_valid()
            return self.checked(form, why, moved_on=bool(shown))
        except ValidationError as problem:
            return self.refused(form, why, problem)

    def refused(self, form: Form, why: WhyForm | None, problem: ValidationError) -> HttpResponse:
        """What the service says against it, on the page where it is typed."""
        if form.is_valid():
            place_problem(form, problem)
        return self.form_invalid(form)

    def both(self, form: Form, problem: StaleEdit | None) -> HttpResponse:
        """The page again: theirs beside what was typed, which is in the boxes."""
        form.is_valid()
        conflict = self.in_conflict(form, problem)
        return self.page(self.fresh(form), status=409, conflict=conflict)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed, for the check page to carry."""
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in _OWN and not name.startswith(f"{WhyForm.prefix}-")
            for value in values
        ]


def place_problem(form: Any, problem: ValidationError, at: str | None = None) -> None:
    """Each sentence at its field, or at the one named, or above the form where it has none here."""
    if not hasattr(problem, "error_dict"):
        form.add_error(at, problem)
        return
    for name, sentences in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def whole_number(text: str | None) -> int | None:
    """What a form's hidden number says; None for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
