"""What fills cells of the grid and saves nothing: rows that are pasted, and a total that is spread."""

from dataclasses import replace
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from programmes.form_fields import MoneyField
from programmes.paging import part_of
from savings.grid.pasted import DoesNotFit, filled_by
from savings.grid.sheet import Sheet
from savings.grid.spreading import CannotSpread, Way, said, spread_over
from savings.pages.grid.cells import CellsForm
from savings.pages.grid.forms import GridForm
from savings.selectors.grid import Grid, Row

PASTE, SPREAD = "paste", "spread"
Cells = TypeVar("Cells", bound=CellsForm)


class SpreadForm(forms.Form):
    """Which row a total is spread over, by what, and which months stay."""

    prefix = "spread"
    mark_optional = False

    row = forms.ChoiceField(label="Item", error_messages={"invalid_choice": "Choose an item"})
    total = MoneyField(label="Total of the year", called="total of the year")
    way = forms.ChoiceField(label="Spread it", choices=Way.choices)
    held = forms.MultipleChoiceField(
        label="Months that stay as they are",
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "govuk-checkboxes--small"}),
        error_messages={"invalid_choice": "Choose months of this year"},
    )

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {_key(row): row for row in grid.rows if any(not c.stays for c in row.cells)}
        self.months = {f"{month:%Y-%m}": month for month in grid.months}
        row, held = self.fields["row"], self.fields["held"]
        assert isinstance(row, forms.ChoiceField) and isinstance(held, forms.MultipleChoiceField)
        row.choices = [(key, _called(each)) for key, each in self.by_key.items()]
        held.choices = [(key, f"{month:%B %Y}") for key, month in self.months.items()]

    def texts(self, grid: Grid, typed: GridForm) -> tuple[dict[str, str], str]:
        """What a valid form puts into the cells, and what is said of it. Raises CannotSpread."""
        given = self.cleaned_data
        row = self.by_key[given["row"]]
        texts = spread_over(
            grid,
            row,
            pence=given["total"],
            way=given["way"],
            held={self.months[key] for key in given["held"]},
            now={cell.name: typed.pence_of(cell) for cell in row.cells},
        )
        return texts, said(row, given["total"], texts)


def _key(row: Row) -> str:
    return f"{row.item.pk}-{row.borne_by.pk if row.borne_by else 0}"


def _called(row: Row) -> str:
    return f"{row.item.name}, {row.borne_by.short_name}" if row.borne_by else row.item.name


def page_of(grid: Grid, page: str) -> Grid:
    """The rows of the grid that the page shows."""
    return replace(grid, rows=tuple(part_of(grid.rows, page).rows))


def answer_paste(request: HttpRequest, sheet: Sheet[Any]) -> HttpResponse:
    """What the pasted rows put into which cells, for the page's script; or why nothing fits."""
    try:
        filled = filled_by(request.POST.get("rows", ""), sheet, request.POST.get("at", ""))
    except DoesNotFit as problem:
        return JsonResponse({"refused": str(problem)})
    return JsonResponse({"texts": filled.texts, "said": filled.said})


def with_rows(form: Cells, sheet: Sheet[Any]) -> tuple[Cells, str]:
    """The form with the rows of its box filled in, and what is said of it; or with why they do not fit."""
    try:
        filled = filled_by(form.data.get("rows", ""), sheet)
    except DoesNotFit as problem:
        form.add_error("rows", str(problem))
        return form, ""
    return form.filled(filled.texts), filled.said


def with_spread(form: GridForm, grid: Grid, data: QueryDict) -> tuple[GridForm, SpreadForm, str]:
    """The form with a total spread, the form that asked for it, and what is said of it."""
    asked = SpreadForm(data, grid=grid)
    if not asked.is_valid():
        return form, asked, ""
    try:
        texts, what = asked.texts(grid, form)
    except CannotSpread as problem:
        asked.add_error("held" if "held" in str(problem) else "way", str(problem))
        return form, asked, ""
    return form.filled(texts), SpreadForm(grid=grid), what
