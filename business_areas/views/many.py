"""Change many areas in one go: choose what to, check every old beside its new, save all or none."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic.base import ContextMixin

from business_areas.filters import known_query
from business_areas.forms.many import (
    ManyForm,
    ManyMonthForm,
    ManyOwnerForm,
    ManyStageForm,
    ReasonsForm,
)
from business_areas.models import BusinessArea
from business_areas.services import many
from business_areas.services.many import MovedMeanwhile, PlannedChange
from programmes.changes import PriceMoved, having_shown
from programmes.checked import place_problem
from programmes.pages import InAlliance
from programmes.permissions import Action

# Each is sent twice by the check page; with the rest this stays below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_AT_ONCE = 500

_FORMS: dict[str, type[ManyForm]] = {
    "stage": ManyStageForm,
    "owner": ManyOwnerForm,
    "month": ManyMonthForm,
}
_TITLES = {
    "stage": "Change the stage",
    "owner": "Change the owner",
    "month": "Change the go-live forecast",
}


class ChangeMany(InAlliance, ContextMixin):
    """The three steps; nothing is kept between them but what the forms carry."""

    given: QueryDict

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was not saved before the session ended; without ticked areas, the list."""
        if "area" not in request.GET:
            return redirect("areas", code=self.standing.alliance.code)
        self.given = request.GET
        return self._step(may_save=False)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent."""
        self.given = request.POST
        return self._step(may_save=True)

    def _step(self, *, may_save: bool) -> HttpResponse:
        self.what = self.given.get("what", "")
        self.standing.require(Action.CHANGE_DATES if self.what == "month" else Action.MANAGE_AREAS)
        codes = self._codes()
        areas = self._areas(codes) if len(codes) <= MOST_AT_ONCE else []
        if not areas or self.what not in _FORMS:
            messages.error(
                self.request,
                "Nothing was changed: tick the areas to change first."
                if len(codes) <= MOST_AT_ONCE
                else f"Nothing was changed: {len(codes):,} areas were ticked, and at most "
                f"{MOST_AT_ONCE} are changed at once; tick fewer.",
            )
            return redirect(self._list_url())
        step = self.given.get("step", "")
        alliance = self.standing.alliance
        if step not in ("check", "save"):
            return self._ask(areas, _FORMS[self.what](alliance=alliance))
        form = _FORMS[self.what](self.given, alliance=alliance)
        if "change" in self.given or not form.is_valid():
            return self._ask(areas, form)
        planned = self._plan(areas, form.cleaned_data["value"])
        if step == "check" or not may_save:
            return self._check(planned, form, self._reasons(planned))
        return self._save(planned, form)

    def also_shown(self, planned: Sequence[PlannedChange], value: Any) -> dict[str, Any]:
        """What else the check page shows; a page that knows the money adds what dates move."""
        return {}

    def _codes(self) -> set[str]:
        """What is ticked, each once."""
        return {code for code in self.given.getlist("area") if "\x00" not in code}

    def _areas(self, codes: set[str]) -> list[BusinessArea]:
        """The ticked areas of this alliance, in the list's order; for dates, with their go-lives.

        One query, or two where an area has no go-live.
        """
        alliance = self.standing.alliance
        self.go_lives = many.go_lives_of(alliance, sorted(codes)) if self.what == "month" else {}
        areas = [each.area for each in self.go_lives.values() if each.area]
        rest = codes - {area.code for area in areas}
        if rest:
            found = BusinessArea.objects.filter(alliance=alliance, code__in=rest)
            areas += found.select_related("lead_force", "owner")
        return sorted(areas, key=lambda area: (area.category, area.name))

    def _plan(self, areas: Sequence[BusinessArea], value: Any) -> list[PlannedChange]:
        if self.what == "stage":
            return many.plan_stage(areas, value)
        if self.what == "owner":
            return many.plan_owner(areas, value)
        return many.plan_month(areas, self.go_lives, value)

    def _reasons(self, planned: Sequence[PlannedChange], data: QueryDict | None = None) -> Any:
        """The form of the reasons that are needed; None where no date moves."""
        ways = {change.way for change in planned if change.is_change and change.way}
        return ReasonsForm(data, ways=ways) if ways else None

    def _ask(self, areas: Sequence[BusinessArea], form: ManyForm) -> HttpResponse:
        return self._page("business_areas/many_ask.html", areas=areas, form=form)

    def _check(
        self,
        planned: Sequence[PlannedChange],
        choice: ManyForm,
        reasons: Any,
        moved: Sequence[BusinessArea] = (),
        *,
        moved_on: bool = False,
    ) -> HttpResponse:
        status = 409 if moved else 200
        return self._page(
            "business_areas/many_check.html",
            planned=planned,
            changes=[change for change in planned if change.is_change],
            choice=choice,
            form=reasons,
            moved=moved,
            moved_on=moved_on,
            status=status,
            **self.also_shown(planned, choice.cleaned_data["value"]),
        )

    def _save(self, planned: Sequence[PlannedChange], form: ManyForm) -> HttpResponse:
        """All of it, or the check page again with what stands in the way."""
        if not any(change.is_change for change in planned):
            # Sent twice, or done by someone else: it is as it was wanted.
            messages.info(self.request, "The areas are as you wanted them already.")
            return redirect(self._list_url())
        reasons = self._reasons(planned, self.given)
        if reasons is not None and not reasons.is_valid():
            return self._check(planned, form, reasons)
        try:
            with having_shown(self.given.get("priced", "")):
                count = self._write(planned, form.cleaned_data["value"], reasons)
        except PriceMoved:
            return self._check(planned, form, reasons, moved_on=True)
        except MovedMeanwhile as problem:
            return self._check(planned, form, reasons, problem.areas)
        except ValidationError as problem:
            shown = reasons or form
            place_problem(shown, problem)
            return self._check(planned, form, shown)
        messages.success(self.request, f"{count} area{'s are' if count != 1 else ' is'} changed.")
        return redirect(self._list_url())

    def _write(self, planned: Sequence[PlannedChange], value: Any, reasons: Any) -> int:
        alliance = self.standing.alliance
        common: dict[str, Any] = {
            "alliance": alliance,
            "planned": planned,
            "seen": self._seen(),
            "by": self.standing.user,
            "day": self.standing.today,
        }
        if self.what == "month":
            return many.move_many(to=value, reasons=reasons.reasons if reasons else {}, **common)
        return many.change_many(values={self.what: value}, **common)

    def _seen(self) -> dict[str, int]:
        """The revisions that the check page showed, by area."""
        found = (each.rpartition(":") for each in self.given.getlist("seen"))
        return {code: int(revision) for code, _, revision in found if revision.isdecimal()}

    def _back(self) -> str:
        """The list's query, with nothing in it that the list does not know."""
        return known_query(self.given.get("back", ""))

    def _list_url(self) -> str:
        return f"{reverse('areas', args=[self.standing.alliance.code])}?{self._back()}"

    def _page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        whole = self.get_context_data(
            what=self.what,
            title=_TITLES[self.what],
            back=self._back(),
            list_url=self._list_url(),
            **context,
        )
        return render(self.request, template, whole, status=status)
