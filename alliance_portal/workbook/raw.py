"""A folder of CSV files or an .xlsx as sheets of cells, each row with its number, nothing judged.

A cell that can never be read (a formula, a spreadsheet's error) is held as the `Unreadable` that
says so, for the reader to report at its place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from alliance_portal.workbook import guard
from alliance_portal.workbook.refusals import note, sentence
from alliance_portal.workbook.values import Raw, is_blank
from programmes.csv_lines import bare
from programmes.written.refusal import Unreadable, quoted

Cell = Raw | Unreadable
Line = dict[str, Any]


@dataclass(slots=True)
class RawSheet:
    """A sheet as it stands: rows with anything in them, each with its number; the first is 1.

    `rows` are read once, before the next sheet is asked for; they raise `SheetUnreadable` where no
    more of the sheet can be read. `notes` are complete when they have been.
    """

    name: str
    rows: Iterator[tuple[int, list[Cell]]]
    notes: list[str] = field(default_factory=list)


class SheetUnreadable(Unreadable):
    """No more of a sheet can be read; `row` is where, if it is known."""

    def __init__(self, fault: Unreadable, row: int | None) -> None:
        super().__init__(fault.what, fault.mend)
        self.row = row


def sheets_in(path: Path, known: Iterable[str]) -> Iterator[RawSheet]:
    """Every sheet of the workbook at `path`, those not `known` without their rows.

    Raises `Unreadable` if the workbook cannot be read, at once or when more of it is asked for.
    """
    try:
        yield from _sheets_at(path, known)
    except OSError as problem:
        what = f"{path.name} cannot be opened: {problem.strerror or problem}."
        raise Unreadable(what, "Check the path and who may read it.") from None


def _sheets_at(path: Path, known: Iterable[str]) -> Iterator[RawSheet]:
    if not path.is_dir():
        if not path.exists():
            what = f"There is nothing at {path}."
            raise Unreadable(what, "Give the path of an .xlsx file or of a folder of CSV files.")
        if path.suffix.lower() == ".csv":
            what = "A single CSV file is not a workbook."
            raise Unreadable(what, "Give the folder that it is in.")
    is_csv, none = path.is_dir(), True
    for _, lines in groupby(_numbered(guard.lines_of(path, known)), key=lambda pair: pair[0]):
        none = False
        of_sheet = (line for _, line in lines)
        notes: list[str] = []
        yield RawSheet(next(of_sheet)["sheet"], _rows(of_sheet, notes, is_csv), notes)
    if none:
        raise Unreadable("The workbook has no sheets.", "Choose the workbook again.")


def _numbered(lines: Iterator[Line]) -> Iterator[tuple[int, Line]]:
    """Each line with the number of its sheet."""
    sheet = 0
    for line in lines:
        sheet += "sheet" in line
        yield sheet, line


def _rows(
    lines: Iterator[Line], notes: list[str], is_csv: bool
) -> Iterator[tuple[int, list[Cell]]]:
    for line in lines:
        if "note" in line:
            notes.append(note(line["note"], line))
            continue
        if "fault" in line:
            raise SheetUnreadable(sentence(line["fault"], line), line.get("row"))
        cells = [bare(cell) if is_csv else _cell(cell) for cell in line["cells"]]
        if not all(_blank(cell) for cell in cells):
            yield line["row"], cells


def _cell(cell: Any) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    kind, value = cell
    if kind == "number":
        return value if value.endswith("%") else _number(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "yes":
        return bool(value)
    if kind == "formula":
        return Unreadable(
            f"The cell has a formula, {quoted(value)}.",
            "Copy the cell and paste it back as a value.",
        )
    return Unreadable(f"The cell shows the error {value}.", "Put the right value in.")


def _number(digits: str) -> Raw:
    number = Decimal(digits)
    return number if number.is_finite() else digits


def _blank(cell: Cell) -> bool:
    return not isinstance(cell, Unreadable) and is_blank(cell)
