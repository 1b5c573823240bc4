"""The rows of a sheet, each cell read as its column says."""

from typing import Any

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.header import Header, header_of
from alliance_portal.workbook.problems import Problem, Problems, Unreadable
from alliance_portal.workbook.raw import Cell, RawSheet
from alliance_portal.workbook.sheets import ROW_TYPE
from alliance_portal.workbook.values import is_blank


def rows_of(name: str, sheet: RawSheet, problems: Problems) -> tuple[Row, ...]:
    """The sheet's rows; what is wrong with its header and cells goes to `problems`."""
    number, cells = next(sheet.rows, (0, []))
    if not cells:
        problems.add(Problem(name, None, "", "The sheet is empty.", "Give it a header row."))
        return ()
    if len(cells) == 1 and isinstance(cells[0], str) and cells[0].count(";") > 1:
        what = "The columns are separated by semicolons."
        problems.add(Problem(name, number, "", what, "Save it as CSV with commas."))
        return ()
    reader = _Rows(name, header_of(name, number, cells, problems), problems)
    return tuple(reader.row(number, cells) for number, cells in sheet.rows)


class _Rows:
    """Reads one row after another under a header."""

    def __init__(self, sheet: str, header: Header, problems: Problems) -> None:
        self._type = ROW_TYPE[sheet]
        self._header = header
        self._problems = problems
        absent = [column for column in header.absent if column not in header.missing]
        self._absent = frozenset(column.attribute for column in absent)
        self._missing = frozenset(column.attribute for column in header.missing)

    def row(self, number: int, cells: list[Cell]) -> Row:
        """The row that the cells say."""
        values: dict[str, Any] = {}
        unreadable = set(self._missing)
        for at, column in self._header.columns.items():
            try:
                values[column.attribute] = _value(column, cells[at] if at < len(cells) else "")
            except Unreadable as fault:
                unreadable.add(column.attribute)
                self._tell(number, column.header, fault.what, fault.mend)
        if any(at not in self._header.titled for at in _filled(cells)):
            what = "The row has something outside the named columns."
            mend = "Delete it; in a CSV file put quotation marks round a text with commas."
            self._tell(number, "", what, mend)
        row: Row = self._type(
            row=number, unreadable=frozenset(unreadable), absent=self._absent, **values
        )
        return row

    def _tell(self, number: int, header: str, what: str, mend: str) -> None:
        self._problems.add(Problem(self._type.SHEET, number, header, what, mend))


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
