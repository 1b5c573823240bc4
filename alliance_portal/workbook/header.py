"""Which column stands at which place of a sheet."""

from dataclasses import dataclass
from difflib import get_close_matches

from alliance_portal.workbook.columns import Column
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.raw import Cell
from alliance_portal.workbook.sheets import COLUMNS, HEADERS, ROW_TYPE

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header row: its columns by place, and the columns of the sheet that it has not.

    `titled` are the places with a title, a column's or not; `missing` are those of `absent` without
    which no row can be told from another.
    """

    titled: frozenset[int]
    columns: dict[int, Column]
    absent: tuple[Column, ...]
    missing: tuple[Column, ...]


def header_of(sheet: str, row: int, cells: list[Cell], problems: Problems) -> Header:
    """The header that the cells are; what is no column, or is missing, is a problem."""
    columns = _columns(sheet, row, cells, problems)
    absent = tuple(column for column in COLUMNS[sheet] if column not in columns.values())
    key = ROW_TYPE[sheet].KEY
    missing = tuple(column for column in absent if column.required and column.attribute in key)
    for column in missing:
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


def title_of(cell: Cell) -> str:
    """What the header calls a column."""
    title = cell if isinstance(cell, str) else str(cell)
    return title[: 2 * LONGEST_TITLE].strip()[:LONGEST_TITLE]


def _unknown(sheet: str, row: int, title: str) -> Problem:
    close = get_close_matches(title.lower(), HEADERS[sheet], n=1)
    mend = f"Name it {close[0]}, if that is meant." if close else "Take it out."
    return Problem(sheet, row, title, "The sheet has no column of this name.", mend)
