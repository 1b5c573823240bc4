"""A `Workbook` to a folder of CSV files or to an .xlsx, so that reading it gives the same rows.

No cell is a formula, and no text can become one: an .xlsx holds it as a text cell; in a CSV file a
text that a spreadsheet would run has an apostrophe before it, which `raw` takes away again.
"""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.figures import Money
from alliance_portal.workbook.sheets import COLUMNS, Workbook
from alliance_portal.workbook.values import Raw
from programmes.csv_lines import csv_lines

_FIRST_SURE_DATE = date(1900, 3, 1)
_MOST_DIGITS = 15
_WIDEST = 60


def write(workbook: Workbook, path: Path) -> None:
    """Writes an .xlsx if the path ends so, else a folder of CSV files; raises OSError.

    Each file is complete before it takes the place of an older one.
    """
    if path.suffix.lower() == ".xlsx":
        _replace(path, as_xlsx(workbook))
        return
    path.mkdir(parents=True, exist_ok=True)
    for sheet in COLUMNS:
        _replace(path / f"{sheet}.csv", _csv(workbook, sheet))


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _cells(rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Iterator[list[Raw]]:
    for row in rows:
        yield [column.kind.write(getattr(row, column.attribute)) for column in columns]


def _csv(workbook: Workbook, sheet: str) -> bytes:
    header = [column.header for column in COLUMNS[sheet]]
    rows = _cells(workbook.rows(sheet), COLUMNS[sheet])
    return "".join(csv_lines(chain([header], rows))).encode()


def as_xlsx(workbook: Workbook) -> bytes:
    """The content of an .xlsx file, the same bytes for the same rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {"created": datetime(2000, 1, 1, tzinfo=UTC)}
    )  # the same rows, the same bytes
    formats = {
        "header": book.add_format({"bold": True, "bottom": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for sheet, columns in COLUMNS.items():
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            page.write_string(0, at, column.header, formats["header"])
        widths = [len(column.header) for column in columns]
        for number, cells in enumerate(_cells(workbook.rows(sheet), columns), start=1):
            for at, cell in enumerate(cells):
                _write_cell(page, number, at, columns[at], cell, formats)
                widths[at] = min(max(widths[at], len(str(cell))), _WIDEST)
        for at, width in enumerate(widths):
            page.set_column(at, at, width + 2)
    book.close()
    return out.getvalue()


def _write_cell(
    page: Any, row: int, at: int, column: Column, cell: Raw, formats: dict[str, Any]
) -> None:
    if cell == "":
        return
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _MOST_DIGITS:
        money = formats["money"] if isinstance(column.kind, Money) else None
        page.write_number(row, at, float(cell), money)
    elif isinstance(cell, date) and cell >= _FIRST_SURE_DATE:
        page.write_datetime(row, at, cell, formats["date"])
    else:
        text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
        page.write_string(row, at, text, formats["text"])
