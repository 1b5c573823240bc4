"""Change many areas in one go: choose what to, check every old beside its new, save all or none."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

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
from programmes import words
from programmes.checked import CheckedPage, WhyForm, place_problem
from programmes.permissions import Action
from programmes.recorded import StaleEdit

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


class ChangeMany(CheckedPage[ManyForm]):
    """The areas are ticked on the list, which sends them; `step` says that something was chosen here.

    `planned` is what would become of each area, as the check page shows it.
    """

    template_name = "business_areas/many_ask.html"
    check_template = "business_areas/many_check.html"
    change_words = "Choose something else"
    given: QueryDict
    planned: Sequence[PlannedChange] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with areas of this alliance, and a change that there is; else back to the list."""
        self.given = request.POST if request.method == "POST" else request.GET
        if request.method != "POST" and "area" not in self.given:
            return redirect("areas", code=self.standing.alliance.code)
        self.what = self.given.get("what", "")
        self.standing.require(Action.CHANGE_DATES if self.what == "month" else Action.MANAGE_AREAS)
        codes = {code for code in self.given.getlist("area") if "\x00" not in code}
        self.areas = self._areas(codes) if len(codes) <= MOST_AT_ONCE else []
        if self.areas and self.what in _FORMS:
            return super().dispatch(request, *args, **kwargs)
        messages.error(
            request,
            "Nothing was changed: tick the areas to change first."
            if len(codes) <= MOST_AT_ONCE
            else f"Nothing was changed: {len(codes):,} areas were ticked, and at most "
            f"{MOST_AT_ONCE} are changed at once; tick fewer.",
        )
        return redirect(self.leave_url)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was not saved before the session ended."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.page(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent: the first is the list's."""
        if "step" not in self.given:
            return self.page(self.get_form())
        return super().post(request, *args, **kwargs)

    def get_form_class(self) -> type[ManyForm]:
        """The choice that is to be made."""
        return _FORMS[self.what]

    def get_form_kwargs(self) -> dict[str, Any]:
        """What was chosen, once something was."""
        data = self.given if "step" in self.given else None
        return {"data": data, "alliance": self.standing.alliance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The areas, and the list's own query."""
        return super().get_context_data(
            what=self.what, areas=self.areas, query=self._query, title=self.of, **kwargs
        )

    @property
    def of(self) -> str:
        """What is changed, of how many."""
        return f"{_TITLES[self.what]} of {words.counted(len(self.areas), 'area')}"

    @property
    def back(self) -> tuple[str, str]:
        """The list as it was."""
        return f"{reverse('areas', args=[self.standing.alliance.code])}?{self._query}", (
            "Business areas"
        )

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was chosen, and each area with the revision that the check page shows."""
        return [
            ("what", self.what),
            ("back", self._query),
            ("step", "check"),
            *(("value", value) for value in self.given.getlist("value")),
            *(("area", each.area.code) for each in self.planned),
            *(("seen", f"{each.area.code}:{each.seen}") for each in self.planned),
        ]

    def why(self, form: ManyForm, data: Any) -> WhyForm | None:
        """The reasons that are needed; None where no date moves."""
        self.planned = self._plan(form.cleaned_data["value"])
        ways = {change.way for change in self.planned if change.is_change and change.way}
        return ReasonsForm(data, ways=ways) if ways else None

    def check(self, form: ManyForm) -> dict[str, Any]:
        """Every old beside its new."""
        changes = [each for each in self.planned if each.is_change]
        return {
            "planned": self.planned,
            "changes": changes,
            "save_words": f"Save {words.counted(len(changes), 'change')}",
            **self.priced(changes, form.cleaned_data["value"]),
        }

    def priced(self, changes: Sequence[PlannedChange], value: Any) -> dict[str, Any]:
        """What the check page shows of the money; a page that knows it adds what dates move."""
        return {}

    def make(self, form: ManyForm, why: WhyForm | None) -> HttpResponse:
        """All of it, or none."""
        if not any(each.is_change for each in self.planned):
            # Sent twice, or done by someone else: it is as it was wanted.
            messages.info(self.request, "The areas are as you wanted them already.")
            return redirect(self.leave_url)
        count = self._write(form.cleaned_data["value"], why)
        messages.success(self.request, f"{count} area{'s are' if count != 1 else ' is'} changed.")
        return redirect(self.leave_url)

    def both(self, form: ManyForm, problem: StaleEdit | None) -> HttpResponse:
        """The check page again, which names the areas that somebody else changed."""
        assert isinstance(problem, MovedMeanwhile)
        why = self.why(form, self.request.POST)
        return self.checked(form, why, status=409, moved=problem.areas)

    def refused(
        self, form: ManyForm, why: WhyForm | None, problem: ValidationError
    ) -> HttpResponse:
        """Where reasons were typed, they are on the check page."""
        if why is None:
            return super().refused(form, why, problem)
        place_problem(why, problem)
        return self.checked(form, why)

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

    def _plan(self, value: Any) -> list[PlannedChange]:
        if self.what == "stage":
            return many.plan_stage(self.areas, value)
        if self.what == "owner":
            return many.plan_owner(self.areas, value)
        return many.plan_month(self.areas, self.go_lives, value)

    def _write(self, value: Any, why: WhyForm | None) -> int:
        common: dict[str, Any] = {
            "alliance": self.standing.alliance,
            "planned": self.planned,
            "seen": self._seen,
            "by": self.standing.user,
            "day": self.standing.today,
        }
        if self.what == "month":
            reasons = why.reasons if isinstance(why, ReasonsForm) else {}
            return many.move_many(to=value, reasons=reasons, **common)
        return many.change_many(values={self.what: value}, **common)

    @property
    def _seen(self) -> dict[str, int]:
        """The revisions that the check page showed, by area."""
        found = (each.rpartition(":") for each in self.given.getlist("seen"))
        return {code: int(revision) for code, _, revision in found if revision.isdecimal()}

    @property
    def _query(self) -> str:
        """The list's query, with nothing in it that the list does not know."""
        return known_query(self.given.get("back", ""))
