"""Files in the layouts of the Home Office and the Office for National Statistics, made for the tests."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[Any]]
HEAD = (
    *("As at 31 March", "Geocode", "Force name", "Region", "Sex", "Rank", "Worker type"),
    *("Total (Headcount)", "Total (FTE)"),
)
CODES = {"Devon and Cornwall": "E23000035", "Dorset": "E23000039", "North": "", "South": ""}


def open_data(figures: Iterable[tuple[int, str, float]]) -> Rows:
    """Year, force and its officers (FTE): in two rows each, with another worker type beside them.

    The parts carry the noise of binary fractions, as the publication's do.
    """
    rows: list[Sequence[Any]] = [HEAD]
    for year, force, officers in figures:
        part = round(officers / 3, 2)
        start = (year, CODES.get(force, ""), force, "South West")
        rows.append((*start, "Female", "Constable", "Police Officer", 900, part + 1e-12))
        rows.append((*start, "Male", "Sergeant", "Police Officer", 2000, officers - part))
        rows.append((*start, "Male", "Police Staff", "Police Staff", 10, 5000.5))
    return rows


def table_1(days: Sequence[Any], figures: Sequence[tuple[str, Sequence[Any]]], total: Any) -> Rows:
    """An older table: titles, “As at:”, dates in row 6, a region, forces with notes, a total."""
    return [
        ("Table 1: Police officer strength (FTE), by police force area",),
        (),
        ("England and Wales",),
        (),
        ("Police force area", "As at:"),
        ("", *days, "Change"),
        ("South West Region", *("" for _ in days)),
        *((name, *values, "") for name, values in figures),
        ("Total England and Wales1", *total),
        ("1. Excludes central services.",),
    ]


def table_p3(head: str, figures: Sequence[tuple[str, str, Any]], total: Any) -> Rows:
    """Population by police force area."""
    return [
        ("Table P3: Population and household figures by police force area",),
        (),
        ("Area Code", "Area Name", head, "Household figures (mid-2018)"),
        ("K04000001", "ENGLAND AND WALES", total, 1),
        ("E12000009", "South West", total, 1),
        *((code, name, value, 1) for code, name, value in figures),
    ]


def xlsx(**sheets: Rows) -> bytes:
    """A workbook; an underscore at a sheet's end is dropped, a double one is a space."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("__", " "))
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: Rows) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def ods(repeated: int = 1, **sheets: Rows) -> bytes:
    """An OpenDocument spreadsheet; its last row stands so many times."""
    tables = "".join(
        f'<table:table table:name="{name.replace("__", " ")}">'
        + "".join(
            f'<table:table-row table:number-rows-repeated="{repeated if row is rows[-1] else 1}">'
            f"{''.join(map(_ods_cell, row))}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return out.getvalue()


def _ods_cell(value: Any) -> str:
    if isinstance(value, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value}'
            "</text:p></table:table-cell>"
        )
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value}'
            "</text:p></table:table-cell>"
        )
    if value == "":
        return "<table:table-cell/>"
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p>'
        "</table:table-cell>"
    )
