"""The grid's page: shown, typed into, checked, and saved as one change."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from business_areas.models import BusinessArea
from programmes import words
from programmes.changes.record import changes_of
from programmes.checked import Checked, CheckedPage, Conflict
from programmes.models import Change
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.recorded import StaleEdit
from savings.engine.periods import financial_year_of, year_label, year_slug
from savings.grid.months import Months
from savings.grid.services import CellsMoved, Pence, set_months
from savings.models import Amount
from savings.pages.grid.filling import (
    PASTE,
    SPREAD,
    SpreadForm,
    answer_paste,
    page_of,
    with_rows,
    with_spread,
)
from savings.pages.grid.forms import GridForm, GridWhy
from savings.pages.grid.shown import beside, by_item, shown
from savings.selectors.grid import Grid, grid_of
from savings.selectors.items import item_years
from savings.views import year_or_404

# So many changes are summed up item by item, and listed one by one below.
MANY = 24
VERSIONS = {"approved": "Plan", "forecast": "Forecast", "actual": "Actual"}


class GridPage(Checked):
    """An area's items × months in one version, for those who may change amounts."""

    kind = Change.Kind.AMOUNT
    template_name = "savings/grid/grid.html"
    check_template = "savings/grid/check.html"
    form_class = GridForm
    change_words = "Change what I typed"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who may; an area of the alliance, and a version that there is."""
        self.standing.require(Action.CHANGE_AMOUNTS)
        self.year = year_or_404(kwargs["year"])
        self.slug = kwargs["version"]
        if self.slug not in VERSIONS:
            raise Http404
        areas = BusinessArea.objects.select_related("alliance")
        code = kwargs["area_code"]
        self.area = get_object_or_404(areas, alliance=self.standing.alliance, code=code)
        self.area_id = self.area.pk
        is_sent = request.method == "POST"
        self.given = request.POST if is_sent else request.GET
        self.area_ids = self._areas_that_move() if is_sent else None
        return super().dispatch(request, *args, **kwargs)

    @property
    def version(self) -> str:
        """As amounts have it."""
        return str(self.slug.upper())

    @property
    def version_label(self) -> str:
        """As pages say it."""
        return VERSIONS[self.slug]

    @cached_property
    def grid(self) -> Grid:
        """The cells as they are now: all of the area's, or one item's."""
        also = [each.partition(":")[::2] for each in self.also]
        item_code = self.item_code
        return grid_of(self.area, self.year, self.version, item_code=item_code, also=also)

    @property
    def item_code(self) -> str:
        """The one item that was asked for; blank for all of the area's."""
        item: str = self.given.get("item", "")
        return "" if "\x00" in item else item

    @property
    def also(self) -> list[str]:
        """Rows beside those with amounts, each an item's code and a force's."""
        asked: list[str] = self.given.getlist("also")
        item, force = self.given.get("also_item"), self.given.get("also_force")
        return list(dict.fromkeys([*asked, *([f"{item}:{force}"] if item and force else [])]))

    def _areas_that_move(self) -> set[int] | None:
        """The area; any, where the last year with amounts may move, for forecasts run up to it."""
        target = self.standing.alliance.target_on
        if target and financial_year_of(target) >= self.year:
            return {self.area.pk}
        mine = Q(year=self.year, version=self.version, item__area=self.area)
        later = Amount.objects.filter(alliance=self.standing.alliance, year__gte=self.year)
        return {self.area.pk} if later.typed().exclude(mine).exists() else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent; what only fills cells saves nothing."""
        how = request.POST.get("fill", "")
        if how == PASTE and request.accepts("application/json") and "at" in request.POST:
            return answer_paste(request, Months(self.shown_rows))
        form = self.get_form()
        if how == SPREAD:
            form, asked, said = with_spread(form, self.shown_rows, request.POST)
            return self.page(form, spread=asked, filled=said)
        is_typed = "save" not in request.POST and "change" not in request.POST
        if how == PASTE or (is_typed and request.POST.get("rows", "").strip()):
            form, said = with_rows(form, Months(self.shown_rows))
            return self.page(form, filled=said)
        return super().post(request, *args, **kwargs)

    @property
    def shown_rows(self) -> Grid:
        """The rows that the page shows."""
        return page_of(self.grid, self.given.get("page", ""))

    def get_form(self, form_class: Any = None) -> GridForm:
        """What was sent, read once: it has a field for each cell."""
        return self._form

    @cached_property
    def _form(self) -> GridForm:
        return GridForm(**self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        """The cells."""
        return {**super().get_form_kwargs(), "grid": self.grid}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table, with what was typed in it."""
        context = super().get_context_data(**kwargs)
        return {
            "spread": SpreadForm(grid=self.shown_rows),
            **context,
            "area": self.area,
            "table": shown(self.grid, context["form"], self.given.get("page", "")),
            "item": self.grid.rows[0].item if self.item_code and self.grid.rows else None,
            "versions": VERSIONS.items(),
        }

    @property
    def years(self) -> list[tuple[str, str]]:
        """The financial years that have amounts, this one, and the next."""
        now = financial_year_of(self.standing.today)
        every = {*item_years(self.standing.alliance), self.year, now, now + 1}
        return [(year_slug(year), year_label(year)) for year in sorted(every)]

    @property
    def of(self) -> str:
        """The area and its year."""
        return f"{self.area.name}, {year_label(self.year)}"

    @property
    def back(self) -> tuple[str, str]:
        """The items of the area."""
        address = reverse("money-items", args=[self.standing.alliance.code])
        asked = urlencode({"area": self.area.code, "year": year_slug(self.year)})
        return f"{address}?{asked}", "Items"

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The cells that change, with what the page that was typed into had shown."""
        kept = [(name, self.given[name]) for name in ("seen", "item", "page") if name in self.given]
        kept += [("also", each) for each in self.also]
        form = self.get_form()
        fields = form.fields.keys() - {"rows"}
        boxes = [
            (name, self.given[name]) for name in form.fields if name in fields & self.given.keys()
        ]
        return [*kept, *boxes]

    def check(self, form: GridForm) -> dict[str, Any] | None:
        """Every old beside its new, and what the year comes to. Raises ValidationError if none differs."""
        if not form.changes:
            raise ValidationError(
                "Nothing is changed yet: type an amount into a cell, then check it."
            )
        found = super().check(form)
        changed = words.counted(len(form.changes), "amount changes", "amounts change")
        return found and {
            **found,
            "changed": changed,
            "changes": form.changes,
            "items": by_item(form.changes) if len(form.changes) > MANY else (),
            "beside": beside(self.grid, form),
        }

    def why(self, form: GridForm, data: Any) -> GridWhy:
        """Why; the cause where an actual that was in changes; and whether doubtful amounts are right."""
        is_actual = self.version == Amount.Version.ACTUAL
        return GridWhy(
            data,
            day=self.standing.today,
            asks_cause=is_actual and any(each.before is not None for each in form.changes),
            asks_sure=bool(form.doubts),
        )

    def cautions(self, form: GridForm) -> Sequence[str]:
        """What one would ask about."""
        return form.doubts

    def act(self, form: GridForm) -> object:
        """Write the cells."""
        return set_months(
            area=self.area,
            version=self.version,
            amounts=form.amounts,
            seen=form.amounts_seen,
            by=self.standing.user,
        )

    def saved(self, form: GridForm) -> HttpResponse:
        """The grid again."""
        said = (
            f"{self.of}, {self.version_label.lower()}: "
            f"{words.counted(len(form.changes), 'amount is', 'amounts are')} saved."
        )
        messages.success(self.request, said, extra_tags="moves-shares")
        asked = {name: self.given[name] for name in ("item", "page") if self.given.get(name)}
        return redirect(f"{self.request.path}{'?' if asked else ''}{urlencode(asked)}")

    def is_stale(self, form: GridForm) -> bool:
        """Whether somebody else wrote one of the cells that were typed."""
        return form.is_valid() and bool(form.conflicts(self.theirs(form)))

    def theirs(self, form: GridForm) -> Pence:
        """The typed cells that say neither what the page showed nor what was typed, and what they say."""
        now = {cell.place: cell.pence for row in self.grid.rows for cell in row.cells}
        found = {each.place: (now.get(each.place), each) for each in form.changes}
        return {
            place: pence
            for place, (pence, each) in found.items()
            if pence not in (each.before, each.after)
        }

    def both(self, form: GridForm, problem: StaleEdit | None) -> HttpResponse:
        """Both values, and what was typed in its cells."""
        return CheckedPage.both(self, form, problem)

    def in_conflict(self, form: GridForm, problem: StaleEdit | None) -> Conflict:
        """The typed cells that somebody else wrote."""
        theirs = problem.theirs if isinstance(problem, CellsMoved) else self.theirs(form)
        latest = changes_of(self.standing.alliance, area_id=self.area.pk).first()
        return Conflict.after(latest, form.conflicts(theirs), self.standing.user)

    def fresh(self, form: GridForm) -> GridForm:
        """What was typed, over the cells as they are now."""
        del self.grid
        data = self.request.POST.copy()
        data["seen"] = GridForm(grid=self.grid).token
        return GridForm(data, grid=self.grid)


class GridOf(InAlliance):
    """Leads to the grid of the area that was chosen on a list."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The forecast of the area and year; 404 without them."""
        area, year = request.GET.get("area", ""), request.GET.get("year", "")
        if not slug_re.match(area):
            raise Http404
        slug = year_slug(year_or_404(year))
        return redirect("money-grid", self.standing.alliance.code, area, slug, "forecast")
