"""A file to a `Workbook` of typed rows, with every cell, column and sheet that cannot be read."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.problems import Problem, Problems, Unreadable
from alliance_portal.workbook.raw import Cell, RawSheet, SheetUnreadable, sheets_in
from alliance_portal.workbook.sheets import COLUMNS, HEADERS, ROW_TYPE, Workbook
from alliance_portal.workbook.unpacking.limits import MOST_COLUMNS
from alliance_portal.workbook.values import is_blank


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, as far as it can be read, and what is wrong with it.

    `sheets` names the sheets that the file has, in the interface's order; `unread` those that it
    has but that could not be opened, so that nobody takes what refers to them for a mistake.
    """

    workbook: Workbook
    problems: Problems
    sheets: tuple[str, ...]
    unread: frozenset[str]


def read(path: Path) -> Read:
    """The workbook at `path`: a folder of CSV files or an .xlsx. Never raises for a bad file."""
    try:
        return _read(path)
    except Unreadable as fault:
        problem = Problem("", None, "", fault.what, fault.mend)
        return Read(Workbook(), Problems([problem]), (), frozenset())


def _read(path: Path) -> Read:
    problems = Problems()
    rows: dict[str, tuple[Row, ...]] = {}
    unread: set[str] = set()
    for sheet in sheets_in(path, COLUMNS):
        name = sheet.name.strip().lower()
        if name not in COLUMNS:
            problems.add(_unknown_sheet(sheet.name))
        elif name in rows or name in unread:
            what = "The workbook has this sheet twice."
            problems.add(Problem(name, None, "", what, "Take one of them out."))
        else:
            try:
                rows[name] = _rows(name, sheet, problems)
            except SheetUnreadable as fault:
                unread.add(name)
                problems.add(Problem(name, fault.row, "", fault.what, fault.mend))
    if "alliance" not in rows and "alliance" not in unread:
        what = "The workbook has no sheet named alliance."
        problems.add(Problem("", None, "", what, "Add it, with the alliance's code and name."))
    sheets = tuple(name for name in COLUMNS if name in rows)
    workbook = Workbook(**rows)  # type: ignore[arg-type]
    return Read(workbook, problems, sheets, frozenset(unread))


def _unknown_sheet(name: str) -> Problem:
    close = get_close_matches(name.strip().lower(), COLUMNS, n=1)
    mend = f"Name it {close[0]}, if that is meant." if close else "Take it out."
    return Problem(name, None, "", "The portal does not know a sheet of this name.", mend)


def _rows(name: str, sheet: RawSheet, problems: Problems) -> tuple[Row, ...]:
    header_row, header = next(sheet.rows, (0, []))
    if not header:
        problems.add(Problem(name, None, "", "The sheet is empty.", "Give it a header row."))
        return ()
    if len(header) == 1 and isinstance(header[0], str) and header[0].count(";") > 1:
        what = "The columns are separated by semicolons."
        problems.add(Problem(name, header_row, "", what, "Save it as CSV with commas."))
        return ()
    places = _places(name, header_row, header, problems)
    missing = [c for c in COLUMNS[name] if c.required and c not in places.values()]
    for column in missing:
        what = "The column is missing."
        problems.add(Problem(name, header_row, column.header, what, "Add the column."))
    nameless = set(range(len(header), MOST_COLUMNS))
    nameless |= {at for at, cell in enumerate(header) if _empty(cell)}
    rows = []
    for number, cells in sheet.rows:
        rows.append(_row(ROW_TYPE[name], places, missing, number, cells, problems))
        if any(at in nameless and not _empty(cell) for at, cell in enumerate(cells)):
            what = "The row has something outside the named columns."
            mend = "Delete it; in a CSV file put quotation marks round a text with commas."
            problems.add(Problem(name, number, "", what, mend))
    return tuple(rows)


def _places(sheet: str, row: int, header: list[Cell], problems: Problems) -> dict[int, Column]:
    """Which column stands at which place of the header; what is no column is a problem."""
    places: dict[int, Column] = {}
    known = HEADERS[sheet]
    for at, cell in enumerate(header):
        title = cell.strip() if isinstance(cell, str) else str(cell)
        column = known.get(title.lower())
        if column is None and title:
            close = get_close_matches(title.lower(), known, n=1)
            mend = f"Name it {close[0]}, if that is meant." if close else "Take it out."
            what = "The sheet has no column of this name."
            problems.add(Problem(sheet, row, title, what, mend))
        elif column is not None and column in places.values():
            what = "The sheet has this column twice."
            problems.add(Problem(sheet, row, title, what, "Take one of them out."))
        elif column is not None:
            places[at] = column
    return places


def _row(
    row_type: type[Row],
    places: dict[int, Column],
    missing: list[Column],
    number: int,
    cells: list[Cell],
    problems: Problems,
) -> Row:
    values: dict[str, Any] = {}
    unreadable = {column.attribute for column in missing}
    for at, column in places.items():
        try:
            cell = cells[at] if at < len(cells) else ""
            values[column.attribute] = _value(column, cell)
        except Unreadable as fault:
            unreadable.add(column.attribute)
            problem = Problem(row_type.SHEET, number, column.header, fault.what, fault.mend)
            problems.add(problem)
    return row_type(row=number, unreadable=frozenset(unreadable), **values)


def _value(column: Column, cell: Cell) -> Any:
    if isinstance(cell, Unreadable):
        raise cell
    if is_blank(cell) or (column.kind.nothing(cell) and not column.required):
        if column.required:
            raise Unreadable("The cell is blank.", "Fill it in.")
        return column.kind.blank
    return column.kind.read(cell)


def _empty(cell: Cell) -> bool:
    return not isinstance(cell, Unreadable) and is_blank(cell)
