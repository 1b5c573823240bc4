"""The rows of a sheet, each cell read as its column says."""

import re
from itertools import chain
from typing import Any

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.days import DaysInDoubt
from alliance_portal.workbook.header import Header, find_header, header_of
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.raw import Cell, RawSheet
from alliance_portal.workbook.sheets import ROW_TYPE
from alliance_portal.workbook.values import is_blank
from programmes.written.dates import InDoubt
from programmes.written.refusal import Unreadable, quoted

_TOTAL = re.compile(r"(grand |sub-?)?totals?( .*)?:?|sum:?|.* totals?:?", re.IGNORECASE)


def rows_of(name: str, sheet: RawSheet, problems: Problems) -> tuple[Row, ...]:
    """The sheet's rows; what is wrong with its header and cells goes to `problems`."""
    first = next(sheet.rows, None)
    if first is None:
        problems.add(Problem(name, None, "", "The sheet is empty.", "Give it a header row."))
        return ()
    number, cells = first
    if len(cells) == 1 and isinstance(cells[0], str) and cells[0].count(";") > 1:
        what = "The columns are separated by semicolons."
        problems.add(Problem(name, number, "", what, "Save it as CSV with commas."))
        return ()
    found = find_header(name, chain([first], sheet.rows), problems)
    if found is None:
        return ()
    reader = _Rows(name, header_of(name, *found, problems), problems)
    rows = [reader.row(number, cells) for number, cells in sheet.rows]
    return reader.days.settled([row for row in rows if row is not None])


class _Rows:
    """Reads one row after another under a header."""

    def __init__(self, sheet: str, header: Header, problems: Problems) -> None:
        self._type = ROW_TYPE[sheet]
        self._header = header
        self._problems = problems
        absent = [column for column in header.absent if column not in header.missing]
        self._absent = frozenset(column.attribute for column in absent)
        self._missing = frozenset(column.attribute for column in header.missing)
        self.days = DaysInDoubt(sheet, problems)

    def row(self, number: int, cells: list[Cell]) -> Row | None:
        """The row that the cells say; None for a total."""
        values: dict[str, Any] = {}
        faults: list[tuple[Column, Unreadable]] = []
        for at, column in self._header.columns.items():
            cell = cells[at] if at < len(cells) else ""
            try:
                values[column.attribute] = _value(column, cell)
                self.days.note(column, cell)
            except InDoubt as doubt:
                values[column.attribute] = None
                self.days.add(column, number, doubt)
            except Unreadable as fault:
                faults.append((column, fault))
        if faults and (total := _total_in(cells)):
            what = f"The row seems to be a total: it says {quoted(total)}."
            self._tell(number, "", what, "Delete it; the portal adds up by itself.")
            return None
        for column, refused in faults:
            self._tell(number, column.header, refused.what, refused.mend)
        if any(at not in self._header.titled for at in _filled(cells)):
            what = "The row has something outside the named columns."
            mend = "Delete it; in a CSV file put quotation marks round a text with commas."
            self._tell(number, "", what, mend)
        unreadable = self._missing.union(column.attribute for column, _ in faults)
        row: Row = self._type(row=number, unreadable=unreadable, absent=self._absent, **values)
        return row

    def _tell(self, number: int, header: str, what: str, mend: str) -> None:
        self._problems.add(Problem(self._type.SHEET, number, header, what, mend))


def _total_in(cells: list[Cell]) -> str:
    """What the row calls a total, if it does."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    return next((text for text in texts if len(text) <= 40 and _TOTAL.fullmatch(text)), "")


def _filled(cells: list[Cell]) -> list[int]:
    """The places with something in them."""
    return [
        at for at, cell in enumerate(cells) if isinstance(cell, Unreadable) or not is_blank(cell)
    ]


def _value(column: Column, cell: Cell) -> Any:
    if isinstance(cell, Unreadable):
        raise cell
    if is_blank(cell) or (column.kind.nothing(cell) and not column.required):
        if column.required:
            raise Unreadable("The cell is blank.", "Fill it in.")
        return column.kind.blank
    return column.kind.read(cell)
