"""The grid of sizes: forces by date, typed or pasted, checked, and saved as one change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from programmes import services, words
from programmes.changes.record import changes_of
from programmes.checked import CheckedPage, Conflict
from programmes.models import Change, SizeMeasure
from programmes.recorded import StaleEdit
from programmes.written.dates import EARLIEST, LATEST
from savings.grid.pasted import DoesNotFit, columns_of, lines_of
from savings.grid.sizes import Sizes
from savings.pages.grid.filling import PASTE, answer_paste, with_rows
from savings.pages.grid.shown import Box, room_of
from savings.pages.sizes import figures
from savings.pages.sizes.grid_forms import DateForm, SizesForm, SizesWhy
from savings.pages.sizes.views import OfSizes
from savings.selectors.size_grid import MOST_DATES, SizeGrid, SizeRow, size_grid
from savings.selectors.size_price import price_sizes

ADD_DATE = "date"
# So many dates stand beside each other down to the width of a tablet.
FEW = 8


@dataclass(frozen=True)
class ShownRow:
    """A force's boxes on the page."""

    row: SizeRow
    boxes: Sequence[Box]


@dataclass(frozen=True)
class ShownSizes:
    """The grid on the page: its rows, what each date comes to, how much room its boxes need."""

    columns: Sequence[date]
    rows: Sequence[ShownRow]
    totals: Sequence[str]
    room: int
    places: int

    @property
    def is_narrow(self) -> bool:
        """Whether its dates fit beside each other."""
        return len(self.columns) <= FEW


class SizesGrid(OfSizes):
    """A measure's forces × dates. Filling in, by paste or by a further date, saves nothing."""

    template_name = "savings/sizes/grid.html"
    check_template = "savings/sizes/check.html"
    form_class = SizesForm
    save_words = "Save these sizes"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For a measure of the alliance."""
        measures = SizeMeasure.objects.select_related("alliance")
        self.measure = get_object_or_404(
            measures, alliance=self.standing.alliance, pk=kwargs["measure"]
        )
        self.given = request.POST if request.method == "POST" else request.GET
        self.also = _days(self.given.getlist("also"))
        return super().dispatch(request, *args, **kwargs)

    @property
    def until(self) -> date | None:
        """The last date on record that is shown; None for the latest."""
        return next(iter(_days([self.given.get("until", "")])), None)

    @cached_property
    def grid(self) -> SizeGrid:
        """The cells as they are now."""
        may_change = {force.pk for force in self.forces}
        return size_grid(self.measure, may_change=may_change, also=self.also, until=self.until)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The step that was sent; what only fills cells or adds a date saves nothing."""
        how = request.POST.get("fill", "")
        if how == PASTE and request.accepts("application/json") and "at" in request.POST:
            return answer_paste(request, Sizes(self.grid))
        if how == ADD_DATE:
            return self._with_date()
        is_typed = "save" not in request.POST and "change" not in request.POST
        if how == PASTE or (is_typed and request.POST.get("rows", "").strip()):
            return self._with_rows()
        return super().post(request, *args, **kwargs)

    def _with_date(self) -> HttpResponse:
        """The page with a further column; what was typed stays."""
        asked = DateForm(self.request.POST)
        if not asked.is_valid():
            return self.page(self.get_form(), date_form=asked)
        if not self._add([asked.cleaned_data["on"]]):
            asked.add_error("on", TOO_MANY)
            return self.page(self.get_form(), date_form=asked)
        return self.page(self.get_form(), date_form=DateForm())

    def _with_rows(self) -> HttpResponse:
        """The page with what is pasted in its cells, and a column for each date that is at its head."""
        try:
            sheet = Sizes(self.grid)
            heads = lines_of(self.request.POST.get("rows", ""), sheet)[0]
            if not self._add((columns_of(heads, sheet) or {}).values()):
                raise DoesNotFit(TOO_MANY)
        except DoesNotFit as problem:
            form = self.get_form()
            form.add_error("rows", str(problem))
            return self.page(form)
        form, said = with_rows(self.get_form(), Sizes(self.grid))
        return self.page(form, filled=said)

    def _add(self, days: Iterable[date]) -> bool:
        """Give these dates a column; False where that were too many."""
        new = [day for day in dict.fromkeys(days) if day not in self.grid.columns]
        if len(self.grid.columns) + len(new) > MOST_DATES:
            return False
        self.also = [*self.also, *new]
        del self.grid
        return True

    def get_form_kwargs(self) -> dict[str, Any]:
        """The cells."""
        return {**super().get_form_kwargs(), "grid": self.grid}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table, with what was typed in it."""
        context = super().get_context_data(**kwargs)
        measures = SizeMeasure.objects.filter(alliance=self.standing.alliance).order_by("name")
        return {
            "date_form": DateForm(),
            **context,
            "measure": self.measure,
            "measures": measures,
            "table": shown(self.grid, context["form"]),
        }

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The cells that change, their source, and what the page that was typed into had shown."""
        form = self.get_form()
        names = [*(name for name in form.fields if name != "rows"), "until"]
        kept = [(name, self.given[name]) for name in names if name in self.given]
        also = [("also", day.isoformat()) for day in self.also]
        return [*kept, ("seen", form.carried), *also]

    def check(self, form: SizesForm) -> dict[str, Any]:
        """The figures beside those before, and what they move. Raises NothingToShareBy."""
        if not form.changed_cells:
            raise ValidationError("Nothing is changed yet: type a size into a cell, then check it.")
        lines = self._lines(form)
        price = price_sizes(self.measure, added=figures.unsaved(self.measure, form.figures))
        return {
            "by_date": figures.by_date(lines),
            "count": words.counted(len(lines), "size"),
            "source": form.cleaned_data["source"],
            "doubts": figures.doubts_of(lines),
            **self.priced(price),
        }

    def _lines(self, form: SizesForm) -> list[figures.FigureLine]:
        return figures.lines_of(form.figures, self.grid.on_record, self.standing.today)

    def why(self, form: SizesForm, data: Any) -> SizesWhy:
        """Why; and whether it is right, where one would ask."""
        doubts = figures.doubts_of(self._lines(form))
        return SizesWhy(data, day=self.standing.today, asks_sure=bool(doubts))

    def act(self, form: SizesForm) -> object:
        """Put the figures on record."""
        return services.record_figures(
            measure=self.measure,
            figures=form.figures,
            by=self.standing.user,
            seen=form.seen_releases,
        )

    def make(self, form: SizesForm, why: Any) -> HttpResponse:
        """Save once, however often it is sent."""
        if self.is_stale(form):
            return self.both(form, None)
        try:
            return super().make(form, why)
        except services.SameSize:
            return self.is_there_already()

    def saved(self, form: SizesForm) -> HttpResponse:
        """The sizes on record."""
        said = f"{self.measure.name}: {words.counted(len(form.figures), 'size is', 'sizes are')} saved."
        messages.success(self.request, said, extra_tags="moves-shares")
        return redirect("money-sizes", code=self.standing.alliance.code)

    def is_stale(self, form: SizesForm) -> bool:
        """Whether somebody else put a figure of the typed cells on record."""
        return form.is_valid() and bool(form.conflicts())

    def both(self, form: SizesForm, problem: StaleEdit | None) -> HttpResponse:
        """Both figures, and what was typed in its cells."""
        return CheckedPage.both(self, form, problem)

    def in_conflict(self, form: SizesForm, problem: StaleEdit | None) -> Conflict:
        """The typed cells that somebody else wrote."""
        sizes = changes_of(self.standing.alliance).filter(kind=Change.Kind.SIZE)
        return Conflict.after(sizes.first(), form.conflicts(), self.standing.user)

    def fresh(self, form: SizesForm) -> SizesForm:
        """What was typed, over the cells as they are now."""
        data = self.request.POST.copy()
        data["seen"] = SizesForm.sign(form.now)
        return SizesForm(data, grid=self.grid)

    def address(self, **asked: str) -> str:
        """Of this page, with these in its query."""
        return f"{self.request.path}{'?' if asked else ''}{urlencode(asked)}"

    @property
    def earlier_url(self) -> str:
        """The dates before those shown; blank if there are none."""
        return self.address(until=self.grid.earlier.isoformat()) if self.grid.earlier else ""


TOO_MANY = f"That is more than {MOST_DATES} dates: paste fewer of them at a time."


def shown(grid: SizeGrid, form: SizesForm) -> ShownSizes:
    """The grid on the page, with what was typed in its boxes."""
    rows = [
        ShownRow(
            row,
            [
                Box.of(cell, figures.label_of(cell.force, cell.on), form, cell.value)
                for cell in row.cells
            ],
        )
        for row in grid.rows
    ]
    totals = [
        sum(
            (form.number_in(row.cells[at], row.cells[at].value) or Decimal(0) for row in grid.rows),
            Decimal(0),
        )
        for at in range(len(grid.columns))
    ]
    written = [words.size(total, grid.places) for total in totals]
    texts = [*written, *(box.text for row in rows for box in row.boxes)]
    return ShownSizes(grid.columns, rows, written, room_of(texts), grid.places)


def _days(texts: Iterable[str]) -> list[date]:
    """The days that an address or a form names, each once; what is none is passed over."""
    found = []
    for text in texts:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            continue
        if EARLIEST <= day <= LATEST:
            found.append(day)
    return list(dict.fromkeys(found))[:MOST_DATES]
