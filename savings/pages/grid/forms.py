"""What is typed into the grid: a field for each cell that says something else than it was shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from programmes import words
from programmes.checked import CheckForm, Difference
from programmes.models import Force
from programmes.seen import Seen
from savings.grid.amounts import AmountField, neighbours_doubt, text_of
from savings.grid.services import Pence, Place
from savings.grid.sheet import Number
from savings.pages.grid.cells import CellsForm, rows_field
from savings.selectors.grid import Cell, Grid, Row

NOBODY = "Nobody on record"
CAUSES = (
    ("Late invoice", "Late invoice"),
    ("Miscoded", "Miscoded"),
    ("Accrual reversed", "Accrual reversed"),
    ("Typing mistake", "Typing mistake"),
    ("Other", "Other"),
)


@dataclass(frozen=True)
class CellChange:
    """A cell that is to say something else; pence, None where there is or will be no amount."""

    row: Row
    cell: Cell
    borne_by: Force | None
    before: int | None
    after: int | None

    @property
    def label(self) -> str:
        """“Vans, borne by Dorset, May 2016”."""
        return label_of(self.row, self.cell, self.borne_by)

    @property
    def whose(self) -> str:
        """“Vans, borne by Dorset”."""
        return whose(self.row, self.borne_by)

    @property
    def difference(self) -> int:
        """How much more it says."""
        return (self.after or 0) - (self.before or 0)

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.cell.place._replace(force_id=self.borne_by.pk if self.borne_by else None)


class GridForm(CellsForm):
    """The months of an area's items; and who bears a row that has none yet."""

    grid: Grid

    rows = rows_field(
        "As they are copied from a spreadsheet: each row begins with an item’s code or name, "
        "then its months from April. With the months as a first row they can be in any order."
    )

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, grid=grid, **kwargs)
        for row in grid.rows:
            if row.is_new:
                self.fields[bearer_name(row)] = _bearer_field(grid, row)

    def stored(self) -> Seen:
        """What the cells that can change say, in pence."""
        return {name: cell.pence for name, (_, cell) in self.grid.open_cells.items()}

    def open_names(self) -> Iterator[str]:
        """The grid's."""
        return iter(self.grid.open_cells)

    def cell_field(self, name: str) -> AmountField:
        """An amount."""
        row, cell = self.grid.open_cells[name]
        return AmountField(called=label_of(row, cell, row.borne_by), required=False)

    def number_of(self, name: str, seen: Any) -> Any:
        """Pence, as the page carries them."""
        return seen

    def written(self, number: Number | None) -> str:
        """In pounds."""
        return text_of(None if number is None else int(number))

    @cached_property
    def changes(self) -> list[CellChange]:
        """The cells of a valid form that are to say something else than the page showed."""
        return list(self._changes())

    def _changes(self) -> Iterator[CellChange]:
        for name, (row, cell) in self.grid.open_cells.items():
            before = self.was(name) if name in self.fields else None
            if name in self.fields and self.cleaned_data[name] != before:
                borne_by = self.bearer_of(row)
                yield CellChange(row, cell, borne_by, before, self.cleaned_data[name])

    def bearer_of(self, row: Row) -> Force | None:
        """Who bears the row: on record, or chosen for a row that has no amount yet."""
        if not row.is_new:
            return row.borne_by
        chosen = self.cleaned_data.get(bearer_name(row))
        return next((force for force in self.grid.forces if force.code == chosen), None)

    @property
    def amounts(self) -> Pence:
        """What is to be written."""
        return {change.place: change.after for change in self.changes}

    @property
    def amounts_seen(self) -> Pence:
        """What the page showed in those cells."""
        return {change.place: change.before for change in self.changes}

    def conflicts(self, theirs: Mapping[Place, int | None]) -> list[Difference]:
        """Where somebody else wrote a cell first: what the page showed, theirs, and what was typed."""
        return [
            Difference(
                change.label,
                *(
                    words.pounds(pence, "nothing")
                    for pence in (change.before, theirs[change.place], change.after)
                ),
            )
            for change in self.changes
            if change.place in theirs
        ]

    @cached_property
    def doubts(self) -> list[str]:
        """A sentence for each amount that one would ask about."""
        then = {change.cell.name: change.after for change in self.changes}
        found = []
        for change in self.changes:
            cells = change.row.cells
            at = cells.index(change.cell)
            beside = [
                then.get(cell.name, cell.pence)
                for cell in (*cells[max(at - 1, 0) : at], *cells[at + 1 : at + 2])
            ]
            said = neighbours_doubt(change.after, beside)
            if said:
                found.append(f"{change.label}: {said}")
        return found

    def text_of(self, cell: Cell) -> str:
        """What the box of the cell says: as it was typed, else as it is on record."""
        return self.text_in(cell, cell.pence)

    def pence_of(self, cell: Cell) -> int | None:
        """What the cell then says, for totals; what cannot be read counts as nothing."""
        found: int | None = self.number_in(cell, cell.pence)
        return found


class GridWhy(CheckForm):
    """Why; of an actual that was in already, which cause; and whether what one would ask is right."""

    cause = forms.ChoiceField(
        label="Cause",
        choices=CAUSES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why an actual that was in changes"},
    )
    sure = forms.BooleanField(
        label="These amounts are right",
        error_messages={"required": "Tick the box if these amounts are right, or change them"},
    )
    field_order = ("sure", "cause", "reason")

    def __init__(self, *args: Any, asks_cause: bool, asks_sure: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, is_asked in (("cause", asks_cause), ("sure", asks_sure)):
            if not is_asked:
                del self.fields[name]

    @property
    def details(self) -> str:
        """The cause, and what was agreed."""
        cause = self.cleaned_data.get("cause")
        said = [f"Cause: {cause.lower()}."] if cause else []
        return "\n".join([*said, *([super().details] if super().details else [])])


def bearer_name(row: Row) -> str:
    """The name of the box that says who bears a row without amounts."""
    return f"b{row.item.pk}"


def _bearer_field(grid: Grid, row: Row) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[("", NOBODY), *((force.code, force.name) for force in grid.forces)],
        label=f"{row.item.name}, borne by",
        required=False,
        error_messages={"invalid_choice": "Choose a force"},
    )


def label_of(row: Row, cell: Cell, borne_by: Force | None) -> str:
    """“Vans, borne by Dorset, May 2016”; without the force where nobody is known."""
    return f"{whose(row, borne_by)}, {words.month(cell.month)}"


def whose(row: Row, borne_by: Force | None) -> str:
    """“Vans, borne by Dorset”; without the force where nobody is known."""
    return f"{row.item.name}, borne by {borne_by.short_name}" if borne_by else row.item.name
