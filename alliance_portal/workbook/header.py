"""Which column stands at which place of a sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from alliance_portal.workbook.columns import Column
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.raw import Cell
from alliance_portal.workbook.sheets import COLUMNS, HEADERS, ROW_TYPE

LONGEST_TITLE = 60
# How far down a header is looked for, below titles and notes.
MOST_TITLE_ROWS = 20
MOST_KNOWN_BY_CHANCE = 2
_THOUSANDS = re.compile(r"000|thousand|million|£ ?[km]\b|\([km]\)|\b[km]£|£m|£k|\btsd\b")


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header row: its columns by place, and the columns of the sheet that it has not.

    `titled` are the places with a title, a column's or not; `missing` are those of `absent` whose
    lack is told of already.
    """

    titled: frozenset[int]
    columns: dict[int, Column]
    absent: tuple[Column, ...]
    missing: tuple[Column, ...]


def find_header(
    sheet: str, rows: Iterator[tuple[int, list[Cell]]], problems: Problems
) -> tuple[int, list[Cell]] | None:
    """The first row with columns in it; a problem if other rows stand above it. None: no row.

    Without such a row the first is taken for the header, so that its faults are told.
    """
    above: list[tuple[int, list[Cell]]] = []
    for number, cells in rows:
        above.append((number, cells))
        if _known(sheet, cells) >= MOST_KNOWN_BY_CHANCE or (not above[1:] and _known(sheet, cells)):
            _tell_of_titles(sheet, number, above[:-1], problems)
            return number, cells
        if len(above) > MOST_TITLE_ROWS:
            break
    if above[1:] and not _known(sheet, above[0][1]):
        what = "None of the first rows names the sheet's columns."
        first = ", ".join(column.header for column in COLUMNS[sheet])
        mend = f"Put a header row at the top, with the names {first}."
        problems.add(Problem(sheet, above[0][0], "", what, mend))
        return None
    return above[0] if above else None


def _known(sheet: str, cells: list[Cell]) -> int:
    return sum(title_of(cell).lower() in HEADERS[sheet] for cell in cells)


def _tell_of_titles(
    sheet: str, number: int, above: list[tuple[int, list[Cell]]], problems: Problems
) -> None:
    if not above:
        return
    what = f"The header seems to be in row {number}, with something else above it."
    problems.add(Problem(sheet, number, "", what, "Delete the rows above the header."))
    titles = [title_of(cell) for _, cells in above for cell in cells]
    if any(speaks_of_thousands(title) for title in titles):
        what = "The rows above the header speak of thousands or millions."
        mend = "Write every figure in whole pounds before you delete them."
        problems.add(Problem(sheet, above[0][0], "", what, mend))


def header_of(sheet: str, row: int, cells: list[Cell], problems: Problems) -> Header:
    """The header that the cells are; what is no column, or is missing, is a problem."""
    columns = _columns(sheet, row, cells, problems)
    absent = tuple(column for column in COLUMNS[sheet] if column not in columns.values())
    in_doubt = [title_of(cell).lower() for cell in cells if speaks_of_thousands(title_of(cell))]
    told = {c for c in absent if any(title.startswith(c.header) for title in in_doubt)}
    key = ROW_TYPE[sheet].KEY
    missing = tuple(c for c in absent if c in told or (c.required and c.attribute in key))
    for column in missing:
        if column in told:
            continue
        what = "The column is missing."
        problems.add(Problem(sheet, row, column.header, what, "Add the column."))
    titled = frozenset(at for at, cell in enumerate(cells) if title_of(cell))
    return Header(titled, columns, absent, missing)


def _columns(sheet: str, row: int, cells: list[Cell], problems: Problems) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for at, cell in enumerate(cells):
        title = title_of(cell)
        column = HEADERS[sheet].get(title.lower())
        if column is None and title:
            problems.add(_unknown(sheet, row, title))
        elif column is not None and column in columns.values():
            what = "The sheet has this column twice."
            problems.add(Problem(sheet, row, title, what, "Take one of them out."))
        elif column is not None:
            columns[at] = column
    return columns


def speaks_of_thousands(title: str) -> bool:
    """Whether figures under such a title may be in thousands or millions of pounds."""
    return bool(_THOUSANDS.search(title.lower()))


def title_of(cell: Cell) -> str:
    """What the header calls a column."""
    title = cell if isinstance(cell, str) else str(cell)
    return title[: 2 * LONGEST_TITLE].strip()[:LONGEST_TITLE]


def _unknown(sheet: str, row: int, title: str) -> Problem:
    if speaks_of_thousands(title):
        what = f"The header “{title}” speaks of thousands or millions."
        mend = "Write every figure in whole pounds, then name the column without them."
        return Problem(sheet, row, title, what, mend)
    close = get_close_matches(title.lower(), HEADERS[sheet], n=1)
    mend = f"Name it {close[0]}, if that is meant." if close else "Take it out."
    return Problem(sheet, row, title, "The sheet has no column of this name.", mend)
