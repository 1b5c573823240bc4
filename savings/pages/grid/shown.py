"""The grid's table as the page shows it: what was typed in its boxes, and what it comes to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Self

from programmes import words
from programmes.paging import WHOLE, Part, part_of
from savings.grid.amounts import total_of
from savings.grid.sheet import AnyCell, Number
from savings.models import Item
from savings.pages.grid.cells import CellsForm
from savings.pages.grid.forms import CellChange, GridForm, bearer_name
from savings.selectors.grid import Cell, Grid, Row

GROUPS = {False: "Costs, net of grants", True: "Savings"}
# Characters of an amount that a box has room for; the style sheet has a width for each.
ROOMS = (9, 11, 13, 16, 20)


@dataclass(frozen=True)
class Box:
    """A cell on the page. `was` is what is on record, as text; `problem` why it cannot be read."""

    cell: AnyCell
    label: str
    text: str
    was: str
    problem: str

    @classmethod
    def of(cls, cell: AnyCell, label: str, form: CellsForm, number: Number | None) -> Self:
        """The box of a cell that says this number on record."""
        problems = form.errors.get(cell.name, ()) if form.is_bound else ()
        text = form.text_in(cell, number)
        return cls(cell, label, text, form.written(number), str(next(iter(problems), "")))

    @property
    def is_changed(self) -> bool:
        """Whether it says something else than is on record."""
        return self.text.strip() != self.was


@dataclass(frozen=True)
class ShownRow:
    """A row on the page; `bearer` is the box for who bears it, where that can be said."""

    row: Row
    boxes: Sequence[Box]
    bearer: object
    pence: int

    @property
    def group(self) -> str:
        """Which total it counts in."""
        return "savings" if self.row.item.kind == Item.Kind.SAVING else "costs"


@dataclass(frozen=True)
class Total:
    """What the rows of a kind come to, by month and in all; in pence."""

    name: str
    group: str
    months: Sequence[int]
    pence: int

    @property
    def texts(self) -> list[str]:
        """The months as the table writes them."""
        return [total_of(pence) for pence in self.months]


@dataclass(frozen=True)
class Beside:
    """What the rows of a kind come to as they are and as they would be, in pence."""

    name: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How much more."""
        return self.after - self.before


@dataclass(frozen=True)
class OfItem:
    """What changes of one row: how many amounts, and what these come to before and after, in pence."""

    name: str
    count: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How much more."""
        return self.after - self.before


@dataclass(frozen=True)
class ShownGrid:
    """A page of the grid. `room` is how many characters its boxes have room for.

    `stays` says how many of its cells cannot be changed and why; blank if all can.
    """

    months: Sequence[date]
    part: Part[Row]
    rows: Sequence[ShownRow]
    totals: Sequence[Total]
    room: int
    stays: str


def shown(grid: Grid, form: GridForm, page: str) -> ShownGrid:
    """The page of the grid that was asked for; a grid is never all on one, for a form has its limit."""
    part = part_of(grid.rows, "" if page == WHOLE else page)
    rows = [_row(row, form) for row in part.rows]
    texts = [box.text for row in rows for box in row.boxes]
    return ShownGrid(
        grid.months,
        part,
        rows,
        list(_totals(part.rows, form.pence_of)),
        room_of(texts),
        _stays(part.rows),
    )


def room_of(texts: Iterable[str]) -> int:
    """How many characters the boxes have room for, so that these texts fit."""
    longest = max(map(len, texts), default=0)
    return next((room for room in ROOMS if room >= longest), ROOMS[-1])


def beside(grid: Grid, form: GridForm) -> list[Beside]:
    """What all rows of the grid come to, before and after."""
    now = _totals(grid.rows, lambda cell: cell.pence)
    then = _totals(grid.rows, form.pence_of)
    return [Beside(old.name, old.pence, new.pence) for old, new in zip(now, then, strict=True)]


def by_item(changes: Iterable[CellChange]) -> list[OfItem]:
    """The changes row by row, in the grid's order."""
    found = []
    for name, group in groupby(changes, key=lambda change: change.whose):
        each = list(group)
        before, after = sum(one.before or 0 for one in each), sum(one.after or 0 for one in each)
        found.append(OfItem(name, len(each), before, after))
    return found


def _row(row: Row, form: GridForm) -> ShownRow:
    bearer = bearer_name(row) if row.is_new else ""
    boxes = [_box(row, cell, form) for cell in row.cells]
    pence = sum(form.pence_of(cell) or 0 for cell in row.cells) + (row.whole_year or 0)
    return ShownRow(row, boxes, form[bearer] if bearer in form.fields else None, pence)


def _box(row: Row, cell: Cell, form: GridForm) -> Box:
    whose = f"{row.item.name}{f', {row.borne_by.short_name}' if row.borne_by else ''}"
    return Box.of(cell, f"{whose}, {cell.month:%B %Y}", form, cell.pence)


def _totals(rows: Iterable[Row], pence_of: Callable[[Cell], int | None]) -> Iterable[Total]:
    """Costs net of grants, and savings, each where there is a row of it."""
    kinds: dict[bool, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.item.kind == Item.Kind.SAVING].append(row)
    for is_saving, name in GROUPS.items():
        if not kinds[is_saving]:
            continue
        months = [
            sum(row.sign * (pence_of(row.cells[at]) or 0) for row in kinds[is_saving])
            for at in range(12)
        ]
        whole = sum(row.sign * (row.whole_year or 0) for row in kinds[is_saving])
        yield Total(name, "savings" if is_saving else "costs", months, sum(months) + whole)


def _stays(rows: Iterable[Row]) -> str:
    """“36 cells stay as they are: the actual is in (12), follows its milestone (24).”"""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        for cell in row.cells:
            if cell.stays:
                counts[cell.stays] += 1
    if not counts:
        return ""
    cells = words.counted(sum(counts.values()), "cell stays as it is", "cells stay as they are")
    return f"{cells}: {', '.join(f'{why} ({count})' for why, count in counts.items())}."
