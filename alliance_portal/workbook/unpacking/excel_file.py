"""An .xlsx file, row by row."""

import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

from .answering import Answer
from .limits import MOST_COLUMNS, Refused

_STRICT = b"purl.oclc.org/ooxml/"


def read_excel_file(path: str, answer: Answer) -> None:
    """Every sheet that the portal knows; a sheet too large is named and passed over."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it, for nothing
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise Refused("unsafe", whole=True)
    with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as workbook:
        if _STRICT in workbook.read(10_000):
            raise Refused("strict", whole=True)
    book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
    for sheet in book.worksheets:
        try:
            if answer.sheet(sheet.title):
                if sheet.sheet_state != "visible":
                    answer.say(note="hidden_sheet")
                _read_sheet(sheet, answer)
        except Refused as refusal:
            if refusal.whole:
                raise
            answer.refused(refusal)


def _read_sheet(sheet: Any, answer: Answer) -> None:
    """Only cells with something in them count: a coloured one far below the data is nothing."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001  (what openpyxl's own iter_rows does)
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for number, found in parser.parse():
            cells: list[Any] = []
            for cell in found:
                if cell["value"] is None or cell["value"] == "":
                    continue
                if cell["column"] > MOST_COLUMNS:
                    raise Refused("columns", row=number)
                cells.extend([None] * (cell["column"] - len(cells)))
                cells[cell["column"] - 1] = as_json(ReadOnlyCell(sheet, **cell))
            answer.row(number, cells)
        _tell_of_hidden(parser, answer)
        merged = [area.ref for area in parser.merged_cells.mergeCell] if parser.merged_cells else []
        if merged:
            raise Refused("merged", cells=_listed(merged))


def _tell_of_hidden(parser: Any, answer: Answer) -> None:
    rows = [at for at, row in parser.row_dimensions.items() if row.get("hidden") in ("1", "true")]
    if rows:
        answer.say(note="hidden_rows", rows=_listed(rows))
    columns = parser.column_dimensions.values()
    hidden = [each["index"] for each in columns if each.get("hidden") in ("1", "true")]
    if hidden:
        answer.say(note="hidden_columns", columns=_listed(hidden))


def _listed(names: list[str]) -> str:
    """The first five, and how many more there are."""
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def as_json(cell: Any) -> Any:
    """The cell as `Answer` says it; see the package."""
    value = cell.value
    if value is None or cell.data_type == "s":
        return value
    if cell.data_type == "f":
        return ["formula", str(value)]
    if cell.data_type == "e":
        return ["error", str(value)]
    if isinstance(value, bool):
        return ["yes", value]
    if isinstance(value, int | float):
        return ["number", as_number(value, percent="%" in (cell.number_format or ""))]
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return ["date", value.date().isoformat()] if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return str(value)


def as_number(value: int | float, *, percent: bool) -> str:
    """The digits that the spreadsheet shows: 15 at most; a percentage as it is read, with %."""
    if percent:
        return f"{value * 100:.13g}%"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
