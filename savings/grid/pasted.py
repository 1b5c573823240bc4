"""Rows of a spreadsheet that are pasted into a grid: where each number goes, or why none does."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from programmes import words
from programmes.written.numbers import number_in
from programmes.written.texts import tidy_line, without_invisible
from savings.grid.sheet import BEARER, CODE, NAME, AnyCell, AnyRow, Number, Sheet

MOST_CHARACTERS = 200_000
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

Lines = list[list[str]]


class DoesNotFit(Exception):
    """Nothing of it is filled in; the sentence says what does not fit and what to do."""


@dataclass
class Filled:
    """What is filled in: each cell's text by its name, and the numbers that were read.

    `left` are cells that cannot be changed, by why; `unread` are texts that are no numbers.
    """

    sheet: Sheet[Any]
    texts: dict[str, str] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    unread: int = 0

    def put(self, cell: AnyCell, text: str) -> None:
        """One cell's text; a cell that stays as it is counts with its number, and is left."""
        text = without_invisible(text).strip()
        try:
            number, is_read = self.sheet.read(text), True
        except ValidationError:
            number, is_read = None, False
        if number is not None:
            self.numbers.append(number)
        if cell.stays:
            if text:
                self.left[cell.stays] = self.left.get(cell.stays, 0) + 1
            return
        if not text and not self.sheet.blank_empties:
            return
        self.unread += not is_read
        self.texts[cell.name] = self.sheet.text_of(number) if is_read else text

    @property
    def said(self) -> str:
        """“12 amounts, £48,210.00.”, and what was left or is to be mended."""
        found = [f"{self.sheet.counted(self.numbers)}."]
        for why, count in self.left.items():
            stays = words.counted(
                count, "of the cells stays as it is", "of the cells stay as they are"
            )
            found.append(f"{stays}: {why}.")
        if self.unread:
            one, many = self.sheet.number_words
            found.append(f"{words.counted(self.unread, f'cell {one}', f'cells {many}')} marked.")
        return " ".join(found)


def filled_by(text: str, sheet: Sheet[Any], at: str = "") -> Filled:
    """What a pasted block puts into the grid. `at`: the name of the cell that it was pasted into.

    With a row of days at its head, or the rows' codes in its first column, it goes by these; else
    right and down from `at`. Raises DoesNotFit.
    """
    lines = lines_of(text, sheet)
    columns = columns_of(lines[0], sheet)
    if columns is not None:
        return _by_heads(lines[0], lines[1:], columns, sheet, at)
    if all(line[0] and sheet.rows_called(line[0]) for line in lines):
        return _by_rows(lines, sheet, at)
    if not at:
        number, line = next(
            (number, line)
            for number, line in enumerate(lines, 1)
            if not line[0] or not sheet.rows_called(line[0])
        )
        raise DoesNotFit(_unknown(number, line[0], sheet))
    return _by_place(lines, sheet, at)


def lines_of(text: str, sheet: Sheet[Any]) -> Lines:
    """The cells, row by row, as wide as the widest; without empty rows and columns at the end."""
    if len(text) > MOST_CHARACTERS:
        raise DoesNotFit(sheet.too_long)
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


def columns_of(heads: Sequence[str], sheet: Sheet[Any]) -> dict[int, date] | None:
    """The columns that are headed by a day of the grid's kind; None if it is no row of heads."""
    days = [sheet.column_in(head) for head in heads]
    if any(
        number_in(head) is not None and day is None for head, day in zip(heads, days, strict=True)
    ):
        return None
    return {at: day for at, day in enumerate(days) if day} or None


def _by_heads(
    heads: Sequence[str], lines: Lines, columns: Mapping[int, date], sheet: Sheet[Any], at: str
) -> Filled:
    """By the days at the head; rows by code or name, or downwards from `at` where none are named."""
    for day in columns.values():
        if day not in sheet.columns:
            raise DoesNotFit(sheet.no_column(day))
    if len(set(columns.values())) < len(columns):
        raise DoesNotFit(
            f"A {sheet.column_word} stands at the head of two columns: leave one of them out."
        )
    kinds = {
        i: sheet.heads.get(head.casefold()) for i, head in enumerate(heads) if i not in columns
    }
    for i, kind in kinds.items():
        if kind is None and (heads[i] or any(line[i] for line in lines)) and i > 0:
            what = f"headed “{heads[i][:40]}”" if heads[i] else "without a head"
            raise DoesNotFit(f"Column {i + 1}, {what}, is no {sheet.column_word}: leave it out.")
    by_kind = {kind: i for i, kind in reversed(kinds.items())}
    name = by_kind.get(CODE, by_kind.get(NAME, 0 if 0 in kinds else None))
    if name is not None:
        rows = _rows_named(lines, sheet, name, by_kind.get(BEARER), first=2)
    elif at:
        rows = list(_rows_from(at, len(lines), sheet))
    else:
        word = sheet.row_word
        raise DoesNotFit(
            f"No column says which {word} a row is: add one headed “{word.capitalize()}”."
        )
    filled = Filled(sheet)
    for line, row in zip(lines, rows, strict=True):
        for i, day in columns.items():
            filled.put(row.cells[sheet.columns.index(day)], line[i])
    return filled


def _by_rows(lines: Lines, sheet: Sheet[Any], at: str) -> Filled:
    """By the codes or names in the first column, from the column of `at`, or from the first."""
    begin = _place(at, sheet)[1] if at else 0
    _check_wide(len(lines[0]) - 1, len(sheet.columns) - begin, sheet)
    filled = Filled(sheet)
    for line, row in zip(lines, _rows_named(lines, sheet, 0, None, first=1), strict=True):
        for cell, text in zip(row.cells[begin:], line[1:], strict=False):
            filled.put(cell, text)
    return filled


def _by_place(lines: Lines, sheet: Sheet[Any], at: str) -> Filled:
    """Right and down from a cell."""
    begin = _place(at, sheet)[1]
    _check_wide(len(lines[0]), len(sheet.columns) - begin, sheet)
    filled = Filled(sheet)
    for line, found in zip(lines, _rows_from(at, len(lines), sheet), strict=True):
        for cell, text in zip(found.cells[begin:], line, strict=False):
            filled.put(cell, text)
    return filled


def _check_wide(wide: int, room: int, sheet: Sheet[Any]) -> None:
    if wide > room:
        raise DoesNotFit(
            f"{words.counted(wide, 'column was', 'columns were')} copied, and {room} fit to the "
            f"right from here: paste further left, or leave out what is no {sheet.column_word}, as "
            "totals are."
        )


def _rows_from(at: str, count: int, sheet: Sheet[Any]) -> Sequence[AnyRow]:
    begin = _place(at, sheet)[0]
    room = len(sheet.rows) - begin
    if count > room:
        raise DoesNotFit(
            f"{words.counted(count, 'row was', 'rows were')} copied, and {room} fit downwards from "
            f"here: paste further up, or leave out what is no {sheet.row_word}, as totals are."
        )
    return sheet.rows[begin : begin + count]


def _place(at: str, sheet: Sheet[Any]) -> tuple[int, int]:
    """Row and column of the cell of that name."""
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row.cells):
            if cell.name == at:
                return number, column
    raise DoesNotFit("The cell is no longer there: look at the page again, then paste.")


def _rows_named(
    lines: Lines, sheet: Sheet[Any], name: int, bearer: int | None, *, first: int
) -> list[AnyRow]:
    """The row that each line names. Raises DoesNotFit for an unknown, a doubtful or a second one."""
    found: list[AnyRow] = []
    for number, line in enumerate(lines, first):
        if not any(line):
            raise DoesNotFit(f"Row {number} is blank: copy the rows without it.")
        row = _row_named(line[name], line[bearer] if bearer is not None else "", sheet, number)
        if row in found:
            raise DoesNotFit(f"Row {number}, “{line[name][:40]}”, is there twice: leave one out.")
        found.append(row)
    return found


def _row_named(name: str, bearer: str, sheet: Sheet[Any], number: int) -> AnyRow:
    rows: list[AnyRow] = sheet.rows_called(name)
    if bearer:
        rows = [row for row in rows if bearer.casefold() in sheet.bearer_names(row)]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise DoesNotFit(_unknown(number, f"{name}, {bearer}" if bearer else name, sheet))
    raise DoesNotFit(
        f"Row {number}, “{name[:40]}”, can be one of several rows here: use codes, and a column "
        "headed “Borne by” where several forces bear an item."
    )


def _unknown(number: int, name: str, sheet: Sheet[Any]) -> str:
    return (
        f"Row {number}, “{name[:40]}”, is no {sheet.row_word} of this page: leave it out, as totals "
        "and headings are, or check its code."
    )
