"""Rows of a spreadsheet that are pasted into the grid: where each amount goes, or why none does."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from programmes import words
from programmes.written.dates import month_in, month_number
from programmes.written.numbers import number_in
from programmes.written.texts import tidy_line, without_invisible
from savings.grid.amounts import is_amount, pence_in, text_of
from savings.selectors.grid import Cell, Grid, Row

MOST_CHARACTERS = 200_000
CODE, NAME, BEARER, NOT_READ = "code", "name", "bearer", "not read"
# What the head of a column may say besides a month; those that only tell of a row are not read.
_HEADS = {
    **dict.fromkeys(("code", "item code"), CODE),
    **dict.fromkeys(("item", "name", "item name"), NAME),
    **dict.fromkeys(("borne by", "bearer", "force"), BEARER),
    **dict.fromkeys(("kind", "area", "business area", "owner"), NOT_READ),
    **dict.fromkeys(("total", "totals", "year", "together", "full year"), NOT_READ),
}
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

Lines = list[list[str]]


class DoesNotFit(Exception):
    """Nothing of it is filled in; the sentence says what does not fit and what to do."""


@dataclass
class Filled:
    """What is filled in: each cell's text by its name; how many amounts there were, and their sum.

    `left` are cells that cannot be changed, by why; `unread` are texts that are no amounts.
    """

    texts: dict[str, str] = field(default_factory=dict)
    count: int = 0
    pence: int = 0
    left: dict[str, int] = field(default_factory=dict)
    unread: int = 0

    def put(self, cell: Cell, text: str) -> None:
        """One cell's text; a cell that stays as it is counts with its amount, and is left."""
        text = without_invisible(text).strip()
        readable = is_amount(text)
        pence = pence_in(text) if readable else None
        if pence is not None:
            self.count += 1
            self.pence += pence
        if cell.stays:
            if text:
                self.left[cell.stays] = self.left.get(cell.stays, 0) + 1
            return
        self.unread += not readable
        self.texts[cell.name] = text_of(pence) if readable else text

    @property
    def said(self) -> str:
        """“12 amounts, £48,210.00.”, and what was left or is to be mended."""
        found = [f"{words.counted(self.count, 'amount')}, {words.pounds(self.pence)}."]
        for why, count in self.left.items():
            stays = words.counted(
                count, "of the cells stays as it is", "of the cells stay as they are"
            )
            found.append(f"{stays}: {why}.")
        if self.unread:
            marked = words.counted(
                self.unread, "cell is not an amount and is", "cells are not amounts and are"
            )
            found.append(f"{marked} marked.")
        return " ".join(found)


def filled_by(text: str, grid: Grid, at: str = "") -> Filled:
    """What a pasted block puts into the grid. `at`: the name of the cell that it was pasted into.

    With a row of months at its head, or items' codes in its first column, it goes by these; else
    right and down from `at`. Raises DoesNotFit.
    """
    lines = lines_of(text)
    months = _months_of(lines[0], grid)
    if months is not None:
        return _by_heads(lines[0], lines[1:], months, grid, at)
    if all(line[0] and _is_an_item(line[0], grid) for line in lines):
        return _by_items(lines, grid, at)
    if not at:
        number, line = next(
            (number, line) for number, line in enumerate(lines, 1) if not _is_an_item(line[0], grid)
        )
        raise DoesNotFit(_unknown(number, line[0]))
    return _by_place(lines, grid, at)


def lines_of(text: str) -> Lines:
    """The cells, row by row, as wide as the widest; without empty rows and columns at the end."""
    if len(text) > MOST_CHARACTERS:
        raise DoesNotFit("That is more than a year of months: copy only the rows that go in here.")
    plain = _OTHER_LINE_ENDS.sub("\n", text.lstrip("\ufeff"))
    try:
        lines = list(csv.reader(io.StringIO(plain, newline=""), dialect="excel-tab", strict=True))
    except csv.Error:
        raise DoesNotFit(
            "A quotation mark in it is never closed: copy the cells again, or take the mark out."
        ) from None
    lines = [[tidy_line(cell) for cell in line] for line in lines]
    while lines and not any(lines[-1]):
        lines.pop()
    if not lines:
        raise DoesNotFit("There is nothing in it: copy the cells again, then paste them.")
    wide = max(at for line in lines for at, cell in enumerate(line, 1) if cell)
    return [(line + [""] * wide)[:wide] for line in lines]


def _months_of(heads: Sequence[str], grid: Grid) -> dict[int, date] | None:
    """The columns that are headed by a month; None if it is no row of heads."""
    if any(number_in(head) is not None and _month(head, grid) is None for head in heads):
        return None
    found = {at: month for at, head in enumerate(heads) if (month := _month(head, grid))}
    return found or None


def _month(head: str, grid: Grid) -> date | None:
    """The month that "April", "Apr-16", "April 2016" or "2016-04" says; without a year the grid's."""
    if number := month_number(head.rstrip(".")) if head[:1].isalpha() else None:
        return next(month for month in grid.months if month.month == number)
    if found := re.fullmatch(r"((?:19|20)\d\d)-(\d\d)", head):
        return date(int(found[1]), int(found[2]), 1) if 1 <= int(found[2]) <= 12 else None
    return month_in(head)


def _by_heads(
    heads: Sequence[str], lines: Lines, months: Mapping[int, date], grid: Grid, at: str
) -> Filled:
    """By the months at the head; rows by code or name, or downwards from `at` where none are named."""
    for month in months.values():
        if month not in grid.months:
            raise DoesNotFit(f"{words.month(month)} is not in this year: choose its year first.")
    if len(set(months.values())) < len(months):
        raise DoesNotFit("A month stands at the head of two columns: leave one of them out.")
    kinds = {i: _HEADS.get(head.casefold()) for i, head in enumerate(heads) if i not in months}
    for i, kind in kinds.items():
        if kind is None and (heads[i] or any(line[i] for line in lines)) and i > 0:
            what = f"headed “{heads[i][:40]}”" if heads[i] else "without a head"
            raise DoesNotFit(f"Column {i + 1}, {what}, is no month: leave it out.")
    by_kind = {kind: i for i, kind in reversed(kinds.items())}
    name = by_kind.get(CODE, by_kind.get(NAME, 0 if 0 in kinds else None))
    if name is not None:
        rows = _rows_named(lines, grid, name, by_kind.get(BEARER), first=2)
    elif at:
        rows = list(_rows_from(at, len(lines), grid))
    else:
        raise DoesNotFit("No column says which item a row is: add one headed “Item”.")
    filled = Filled()
    for line, row in zip(lines, rows, strict=True):
        for i, month in months.items():
            filled.put(row.cells[grid.months.index(month)], line[i])
    return filled


def _by_items(lines: Lines, grid: Grid, at: str) -> Filled:
    """By the codes or names in the first column, from the month of `at`, or from April."""
    begin = _place(at, grid)[1] if at else 0
    room = 12 - begin
    if len(lines[0]) - 1 > room:
        raise DoesNotFit(_too_wide(len(lines[0]) - 1, room))
    filled = Filled()
    for line, row in zip(lines, _rows_named(lines, grid, 0, None, first=1), strict=True):
        for cell, text in zip(row.cells[begin:], line[1:], strict=False):
            filled.put(cell, text)
    return filled


def _by_place(lines: Lines, grid: Grid, at: str) -> Filled:
    """Right and down from a cell."""
    begin = _place(at, grid)[1]
    room = 12 - begin
    if len(lines[0]) > room:
        raise DoesNotFit(_too_wide(len(lines[0]), room))
    filled = Filled()
    for line, found in zip(lines, _rows_from(at, len(lines), grid), strict=True):
        for cell, text in zip(found.cells[begin:], line, strict=False):
            filled.put(cell, text)
    return filled


def _too_wide(wide: int, room: int) -> str:
    return (
        f"{words.counted(wide, 'column was', 'columns were')} copied, and {room} fit to the right from "
        "here: paste further left, or leave out what is no month, as totals are."
    )


def _rows_from(at: str, count: int, grid: Grid) -> Sequence[Row]:
    begin = _place(at, grid)[0]
    room = len(grid.rows) - begin
    if count > room:
        raise DoesNotFit(
            f"{words.counted(count, 'row was', 'rows were')} copied, and {room} fit downwards from here: "
            "paste further up, or leave out what is no item, as totals are."
        )
    return grid.rows[begin : begin + count]


def _place(at: str, grid: Grid) -> tuple[int, int]:
    """Row and column of the cell of that name."""
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row.cells):
            if cell.name == at:
                return number, column
    raise DoesNotFit("The cell is no longer there: look at the page again, then paste.")


def _rows_named(
    lines: Lines, grid: Grid, name: int, bearer: int | None, *, first: int
) -> list[Row]:
    """The row that each line names. Raises DoesNotFit for an unknown, a doubtful or a second one."""
    found: list[Row] = []
    for number, line in enumerate(lines, first):
        if not any(line):
            raise DoesNotFit(f"Row {number} is blank: copy the rows without it.")
        row = _row_named(line[name], line[bearer] if bearer is not None else "", grid, number)
        if row in found:
            raise DoesNotFit(f"Row {number}, “{line[name][:40]}”, is there twice: leave one out.")
        found.append(row)
    return found


def _row_named(name: str, bearer: str, grid: Grid, number: int) -> Row:
    rows = list(_known(name, grid))
    if bearer:
        rows = [row for row in rows if row.borne_by and bearer.casefold() in _names_of(row)]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise DoesNotFit(_unknown(number, f"{name}, {bearer}" if bearer else name))
    raise DoesNotFit(
        f"Row {number}, “{name[:40]}”, can be one of several rows here: use codes, and a column "
        "headed “Borne by” where several forces bear an item."
    )


def _unknown(number: int, name: str) -> str:
    return (
        f"Row {number}, “{name[:40]}”, is no item of this page: leave it out, as totals and headings "
        "are, or check its code."
    )


def _names_of(row: Row) -> set[str]:
    force = row.borne_by
    return (
        {each.casefold() for each in (force.code, force.name, force.short_name)} if force else set()
    )


def _known(name: str, grid: Grid) -> Iterator[Row]:
    """The rows of the item with that code; of those with that name if there is none."""
    plain = name.casefold()
    by_code = [row for row in grid.rows if row.item.code == plain]
    yield from by_code or [row for row in grid.rows if tidy_line(row.item.name).casefold() == plain]


def _is_an_item(name: str, grid: Grid) -> bool:
    return any(_known(name, grid))
