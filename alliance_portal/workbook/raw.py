"""A folder of CSV files or an .xlsx as sheets of cells, each row with its number, nothing judged.

A cell that can never be read (a formula, a spreadsheet's error) is held as the `Unreadable` that
says so, for the reader to report at its place.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from alliance_portal.workbook import guard
from alliance_portal.workbook.problems import Unreadable
from alliance_portal.workbook.values import Raw, is_blank, quoted

Cell = Raw | Unreadable
MOST_ROWS = 300_000

# What `writing` puts before a text that a spreadsheet would take for a formula.
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


@dataclass(slots=True)
class RawSheet:
    """A sheet as it stands: rows with anything in them, each with its number; the first is 1.

    `fault` is set instead of rows when the sheet as a whole cannot be read.
    """

    name: str
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    fault: Unreadable | None = None


def sheets_in(path: Path) -> list[RawSheet]:
    """Every sheet of the workbook at `path`. Raises `Unreadable` if there is none to be read."""
    try:
        return _sheets_at(path)
    except OSError as problem:
        what = f"{path.name} cannot be opened: {problem.strerror or problem}."
        raise Unreadable(what, "Check the path and who may read it.") from None


def _sheets_at(path: Path) -> list[RawSheet]:
    if path.is_dir():
        return _sheets_of_folder(path)
    if not path.exists():
        what = f"There is nothing at {path}."
        raise Unreadable(what, "Give the path of an .xlsx file or of a folder of CSV files.")
    if path.suffix.lower() == ".csv":
        what = "A single CSV file is not a workbook."
        raise Unreadable(what, "Give the folder that it is in.")
    return list(_sheets_of_xlsx(path))


def _sheets_of_folder(folder: Path) -> list[RawSheet]:
    sheets = []
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith((".", "~$"))
        if path.is_file() and not hidden and path.suffix.lower() in _TABLES:
            sheets.append(_sheet_of_csv(path))
    if not sheets:
        what = "The folder has no CSV files."
        raise Unreadable(what, "Give the folder that holds alliance.csv and the others.")
    return sheets


_TABLES = {".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods"}


def _sheet_of_csv(path: Path) -> RawSheet:
    sheet = RawSheet(name=path.stem)
    try:
        if path.suffix.lower() != ".csv":
            what = f"{path.name} is not a CSV file."
            raise Unreadable(what, "Save it as CSV UTF-8, or take it out of the folder.")
        sheet.rows = list(_rows_of_csv(_text_of(path)))
    except Unreadable as fault:
        sheet.fault = fault
    return sheet


def _text_of(path: Path) -> str:
    """The file's text: UTF-8 with or without its mark, else the Windows code page 1252."""
    save_again = "Save it as CSV UTF-8."
    if path.stat().st_size > guard.MOST_FILE:
        what = f"{path.name} has more than {guard.MOST_FILE // guard.MEGABYTE} MB."
        raise Unreadable(what, "Remove the rows that are not needed.")
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Unreadable(f"{path.name} is not a CSV file in UTF-8.", save_again)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not a CSV file in UTF-8.", save_again) from None


def _rows_of_csv(text: str) -> Iterator[tuple[int, list[Cell]]]:
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            if number > MOST_ROWS:
                what = f"The sheet has more than {MOST_ROWS:,} rows."
                raise Unreadable(what, "Remove the rows that are not needed.")
            cells: list[Cell] = [_unquoted(value) for value in values]
            if not all(_blank(cell) for cell in cells):
                yield number, cells
    except csv.Error:
        what = "The file is not a CSV file."
        raise Unreadable(what, "Look for a quotation mark that is never closed.") from None


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and _QUOTED_FORMULA.match(text) else text


def _sheets_of_xlsx(path: Path) -> Iterator[RawSheet]:
    sheet: RawSheet | None = None
    for line in guard.cells_of(path):
        if "sheet" in line:
            if sheet is not None:
                yield sheet
            sheet = RawSheet(name=line["sheet"])
        elif sheet is not None:
            cells = [_cell(cell) for cell in line["cells"]]
            if not all(_blank(cell) for cell in cells):
                sheet.rows.append((line["row"], cells))
    if sheet is None:
        raise Unreadable("The workbook has no sheets.", "Choose the workbook again.")
    yield sheet


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
