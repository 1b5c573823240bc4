"""What is typed into the grid of sizes, and the date that is added to it."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django import forms

from programmes import words
from programmes.checked import CheckForm, Difference
from programmes.form_fields import DateField, TextField
from programmes.seen import Seen
from programmes.services import Figure
from savings.grid.sheet import Number
from savings.grid.sizes import SizeCellField, text_of
from savings.pages.grid.cells import CellsForm, rows_field
from savings.pages.sizes.figures import label_of
from savings.selectors.size_grid import SizeCell, SizeGrid

BLANK = (
    "A figure on record is not taken away by a blank: type another, or withdraw it on the page of "
    "force sizes"
)


class SizesForm(CellsForm):
    """Figures of forces and dates, and where they were published. The page carries their releases."""

    grid: SizeGrid

    source = TextField(
        label="Source",
        longest=500,
        help_text="The publication and its release, for example Home Office, Police workforce, July 2018.",
        error_messages={"required": "Enter the source, so that others can check the figures"},
    )
    rows = rows_field(
        "As they are copied from a spreadsheet: a row of dates, then a row for each force that begins "
        "with its name or area code. Dates that have no column yet are added."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "fill" in self.data:  # nothing is checked yet
            self.fields["source"].required = False

    def stored(self) -> Seen:
        """The release of each cell that can change."""
        return {name: cell.release for name, cell in self.grid.open_cells.items()}

    @property
    def carried(self) -> str:
        """What the page that was first opened showed; of a date that was added since, what is there."""
        return self.sign({**self.now, **self.shown_before}) if self.is_bound else self.token

    def open_names(self) -> Iterator[str]:
        """The grid's."""
        return iter(self.grid.open_cells)

    def cell_field(self, name: str) -> forms.Field:
        """A size; one that is on record is not taken away by a blank."""
        cell = self.grid.open_cells[name]
        called = f"size of {label_of(cell.force, cell.on)}"
        field = SizeCellField(called=called, required=self.was(name) is not None)
        field.error_messages["required"] = BLANK
        return field

    def number_of(self, name: str, seen: Any) -> Any:
        """The figure of the release that the page had shown in the cell."""
        return self.grid.cells[name].values.get(seen)

    def release_seen(self, cell: SizeCell) -> int:
        """The release that the page had shown."""
        return int({**self.now, **self.shown_before}[cell.name] or 0)

    def written(self, number: Number | None) -> str:
        """With as many decimals as the others."""
        return text_of(number, self.grid.places)

    @cached_property
    def changed_cells(self) -> list[SizeCell]:
        """The cells of a valid form that are to say something else than the page showed."""
        return [
            cell
            for name, cell in self.grid.open_cells.items()
            if name in self.fields and self.cleaned_data[name] != self.was(name)
        ]

    @property
    def figures(self) -> list[Figure]:
        """What is to go on record."""
        given = self.cleaned_data
        return [
            Figure(cell.force, cell.on, given[cell.name], given["source"].strip())
            for cell in self.changed_cells
        ]

    @property
    def seen_releases(self) -> dict[tuple[int, date], int]:
        """The release that the page showed of each figure."""
        return {(cell.force.pk, cell.on): self.release_seen(cell) for cell in self.changed_cells}

    def conflicts(self) -> list[Difference]:
        """Where somebody put another figure on record since the page was shown."""
        return [
            Difference(
                label_of(cell.force, cell.on),
                *(
                    words.size(value) if value is not None else "nothing"
                    for value in (
                        self.was(cell.name),
                        cell.value,
                        self.cleaned_data[cell.name],
                    )
                ),
            )
            for cell in self.changed_cells
            if cell.release != self.release_seen(cell)
            and cell.value != self.cleaned_data[cell.name]
        ]


class DateForm(forms.Form):
    """A date that gets a column."""

    prefix = "date"
    mark_optional = False

    on = DateField(label="Date of the count", called="the date of the count")


class SizesWhy(CheckForm):
    """Why; and whether figures that one would ask about are right."""

    sure = forms.BooleanField(
        label="These figures are right",
        error_messages={"required": "Tick the box if these figures are right, or change them"},
    )
    field_order = ("sure", "reason")

    def __init__(self, *args: Any, asks_sure: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_sure:
            del self.fields["sure"]
