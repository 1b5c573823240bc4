"""A file of sizes as it was published: the first sheet of a layout that is known, read."""

from itertools import chain
from pathlib import Path

from alliance_portal.size_files.cells import NotAsPublished, Published, Row
from alliance_portal.size_files.open_data import is_open_data, open_data
from alliance_portal.size_files.tables import tables
from alliance_portal.workbook.raw import RawSheet, SheetUnreadable, sheets_in
from programmes.models import Force
from programmes.written.refusal import Unreadable

# The names of the sheets that are read, as they are compared.
KNOWN = ("data", "table_1", "table 1", "table p3", "table_p3", "p3")
# So many rows a table of forces has at most; the open data are read row by row.
_MOST_ROWS = 2_000


def figures_in(path: Path, forces: list[Force], people: str, count: str) -> list[Published]:
    """The forces' figures of the file at `path`, a folder with one CSV file or a spreadsheet.

    `people` and `count` are keys of open_data.PEOPLE and COUNTS. Raises NotAsPublished.
    """
    names = []
    try:
        for sheet in sheets_in(path, KNOWN):
            names.append(sheet.name)
            if sheet.name.strip().casefold() in KNOWN:
                return _figures(sheet, forces, people, count)
    except SheetUnreadable as problem:
        where = f"The sheet {names[-1]}{f', row {problem.row}' if problem.row else ''}"
        raise NotAsPublished(f"{where}: {problem}") from None
    except Unreadable as problem:
        raise NotAsPublished(str(problem)) from None
    listed = ", ".join(f"“{name[:40]}”" for name in names[:6])
    raise NotAsPublished(
        f"None of its sheets is “Data”, “Table_1” or “Table P3”; it has {listed}: choose the file as "
        "the Home Office or the Office for National Statistics published it."
    )


def _figures(sheet: RawSheet, forces: list[Force], people: str, count: str) -> list[Published]:
    first = next(sheet.rows, None)
    if first is None:
        raise NotAsPublished(f"The sheet {sheet.name} is empty: choose another file.")
    if is_open_data(first[1]):
        found = open_data(sheet.name, first[1], sheet.rows, forces, people, count)
    else:
        found = tables(sheet.name, _held(sheet, first), forces)
    if not found:
        raise NotAsPublished(
            f"The sheet {sheet.name} has no figure of this alliance’s forces: compare their names and "
            "area codes with the file’s."
        )
    return found


def _held(sheet: RawSheet, first: Row) -> list[Row]:
    rows = []
    for row in chain([first], sheet.rows):
        rows.append(row)
        if len(rows) > _MOST_ROWS:
            raise NotAsPublished(
                f"The sheet {sheet.name} has more than {_MOST_ROWS:,} rows: choose the table by force."
            )
    return rows
