"""A table of a page as a file: CSV, or a spreadsheet with typed cells; nothing in it is a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from programmes.csv_lines import Cell, csv_lines
from programmes.models import Alliance

_FIRST_SURE_DATE = date(1900, 3, 1)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROWEST, _WIDEST = 10, 50


About = Sequence[tuple[str, Cell]]


def about(alliance: Alliance, day: date, what: str) -> About:
    """What a file says of itself: the table's name, whose it is, as at when, and the data note."""
    note = (("Data note", alliance.data_note),) if alliance.data_note else ()
    return (("Table", what), ("Alliance", alliance.name), ("As at", day), *note)


def csv_file(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], says: About = ()
) -> HttpResponse:
    """The table as UTF-8 CSV called `name`: dates as 2017-12-31, text that would run made inert.

    What it says of itself follows the rows, after an empty line.
    """
    after: Sequence[Sequence[Cell]] = ((), *says) if says else ()
    content = "".join(csv_lines(chain([columns], rows, after))).encode()
    return _attachment(name, "text/csv; charset=utf-8", content)


def xlsx_file(
    name: str,
    sheet_name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    says: About = (),
) -> HttpResponse:
    """The table as a workbook called `name`: real dates, real numbers, text that stays text.

    What it says of itself is on a sheet of its own.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "d mmmm yyyy", "align": "left"})
    sheet = book.add_worksheet(sheet_name)
    widths = [max(_NARROWEST, len(column)) for column in columns]
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], _width(cell))
            if isinstance(cell, date) and cell >= _FIRST_SURE_DATE:
                sheet.write_datetime(line, column, cell, day)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(line, column, float(cell))
            elif cell is not None and cell != "":
                sheet.write_string(line, column, str(cell))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 1)
    if says:
        _write_about(book.add_worksheet("about"), says, day)
    book.close()
    return _attachment(name, _XLSX, out.getvalue())


def table_file(
    name: str,
    ending: str,
    sheet_name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    says: About = (),
) -> HttpResponse:
    """The table as `name` with `ending`: xlsx, or else CSV."""
    if ending == "xlsx":
        return xlsx_file(f"{name}.{ending}", sheet_name, columns, rows, says)
    return csv_file(f"{name}.{ending}", columns, rows, says)


def _write_about(sheet: Any, says: About, day: Any) -> None:
    for line, (name, cell) in enumerate(says):
        sheet.write_string(line, 0, name)
        if isinstance(cell, date) and cell >= _FIRST_SURE_DATE:
            sheet.write_datetime(line, 1, cell, day)
        else:
            sheet.write_string(line, 1, str(cell))
    sheet.set_column(0, 0, _NARROWEST + 2)
    sheet.set_column(1, 1, _WIDEST)


def _attachment(name: str, content_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _width(cell: Cell) -> int:
    return 17 if isinstance(cell, date) else len(str(cell or ""))
