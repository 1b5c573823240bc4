"""A file to a `Workbook` of typed rows, with every cell, column and sheet that cannot be read."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.raw import SheetUnreadable, sheets_in
from alliance_portal.workbook.rows import rows_of
from alliance_portal.workbook.sheets import COLUMNS, Workbook
from programmes.written.refusal import Unreadable


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, as far as it can be read, and what is wrong with it.

    `sheets` names the sheets that the file has, in the interface's order; `unread` those that it
    has but that could not be opened, so that nobody takes what refers to them for a mistake.
    `notes` are sentences about what was read though it is unusual.
    """

    workbook: Workbook
    problems: Problems
    sheets: tuple[str, ...]
    unread: frozenset[str]
    notes: tuple[str, ...] = ()


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
    notes: list[str] = []
    for sheet in sheets_in(path, COLUMNS):
        name = sheet.name.strip().lower()
        if name not in COLUMNS:
            problems.add(_unknown_sheet(sheet.name))
        elif name in rows or name in unread:
            what = "The workbook has this sheet twice."
            problems.add(Problem(name, None, "", what, "Take one of them out."))
        else:
            try:
                rows[name] = rows_of(name, sheet, problems)
                notes += [f"{name}: {note}" for note in sheet.notes]
            except SheetUnreadable as fault:
                unread.add(name)
                problems.add(Problem(name, fault.row, "", fault.what, fault.mend))
    if "alliance" not in rows and "alliance" not in unread:
        what = "The workbook has no sheet named alliance."
        problems.add(Problem("", None, "", what, "Add it, with the alliance's code and name."))
    sheets = tuple(name for name in COLUMNS if name in rows)
    workbook = Workbook(**rows)  # type: ignore[arg-type]
    return Read(workbook, problems, sheets, frozenset(unread), tuple(notes))


def _unknown_sheet(name: str) -> Problem:
    close = get_close_matches(name.strip().lower(), COLUMNS, n=1)
    mend = f"Name it {close[0]}, if that is meant." if close else "Take it out."
    return Problem(name, None, "", "The portal does not know a sheet of this name.", mend)
