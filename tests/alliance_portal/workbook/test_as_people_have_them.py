"""Spreadsheets in the shapes in which they really arrive: read where there is no doubt, else a sentence."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.reading import Read, read
from alliance_portal.workbook.sheets import COLUMNS
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder, as_xlsx, with_cell
from tests.alliance_portal.workbook.conftest import Lines
from tests.alliance_portal.workbook.test_any_cell import FULL
from tests.alliance_portal.workbook.test_reading import reread

SHEETS = sorted(FULL)


def lines_of(found: Read) -> list[str]:
    return as_lines(found.problems)


def content(sheet: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(FULL[sheet])
    return out.getvalue()


def full(tmp_path: Path, sheet: str, text: bytes) -> Read:
    folder = as_folder(FULL, tmp_path / "book")
    (folder / f"{sheet}.csv").write_bytes(text)
    return read(folder)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize(
    "separator, before, encoding",
    [
        ("\t", "", "utf-8"),
        (",", "sep=,\r\n", "utf-8-sig"),
        ("\t", "sep=\t\r\n", "utf-8"),
        ("\t", "", "utf-16"),
    ],
)
def test_tabs_and_a_line_that_names_the_separator_are_read(
    tmp_path: Path, sheet: str, separator: str, before: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(FULL[sheet])
    found = full(tmp_path, sheet, (before + out.getvalue()).encode(encoding))
    assert not found.problems
    assert found.workbook == read(as_folder(FULL, tmp_path / "same")).workbook


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line(
    tmp_path: Path, sheet: str
) -> None:
    first, *rest = content(sheet).splitlines()[1:]
    header = content(sheet).splitlines()[0]
    opened = ",".join([*first.split(",")[:-1], '"' + first.split(",")[-1].strip('"')])
    found = full(tmp_path, sheet, "\r\n".join([header, opened, *rest]).encode())
    assert len(found.problems) == 1
    assert lines_of(found)[0].startswith(
        f"{sheet}, row 2: A quotation mark in line 2 of the file is never closed."
    )


@pytest.mark.parametrize(
    "bad, says",
    [
        ("Siôn".encode() + b"\x92s", "Line 3 of forces.csv has a byte, 92,"),
        (b"Andr\x8e", "Line 3 of forces.csv has a byte, 8E,"),  # as a Mac wrote it
        (b"\x81\x8d", "Line 3 of forces.csv has a byte, 81,"),
    ],
)
def test_a_stray_byte_is_named_by_its_line_and_no_name_is_garbled(
    tmp_path: Path, bad: bytes, says: str
) -> None:
    forces = b"code,name\nnorth-police,North\nsouth-police," + bad + b"\n"
    found = reread(tmp_path, "forces", forces)
    assert [line for line in lines_of(found) if line.startswith(f"forces: {says}")]
    assert found.workbook.forces == ()


def test_windows_text_is_read_and_told_of(tmp_path: Path) -> None:
    forces = "code,name\nnorth-police,Siôn’s “North” – £\nsouth-police,S\n".encode("cp1252")
    found = reread(tmp_path, "forces", forces)
    assert not found.problems
    assert found.workbook.forces[0].name == "Siôn’s “North” – £"
    assert found.notes == (
        "forces: forces.csv is not in UTF-8; it was read as Windows text (code page 1252).",
    )


@pytest.mark.parametrize("sheet", SHEETS)
def test_rows_above_the_header_and_totals_are_named_and_nothing_else_is(
    tmp_path: Path, sheet: str
) -> None:
    header, *rows = FULL[sheet]
    titled = [["Our figures (£000s)"], ["Printed on Friday"], [""], header, *rows, ["Total"]]
    lines = lines_of(read(as_folder({**FULL, sheet: titled}, tmp_path / "book")))
    assert lines[0].startswith(f"{sheet}, row 1: The rows above the header speak of thousands")
    assert lines[1].startswith(f"{sheet}, row 4: The header seems to be in row 4")
    assert "The row seems to be a total: it says “Total”." in lines[2]
    assert len(lines) == 3


MONEY = [
    (sheet, column.header)
    for sheet, columns in COLUMNS.items()
    for column in columns
    if column.attribute.endswith("pence")
]


@pytest.mark.parametrize("sheet, header", MONEY)
@pytest.mark.parametrize("said", ["(£000s)", "£'000", "in thousands", "£m", "(£k)"])
def test_a_header_that_speaks_of_thousands_is_never_to_be_renamed(
    problems: Lines, sheet: str, header: str, said: str
) -> None:
    book = with_cell(sheet, 2, header, "5", FULL)
    titles = [f"{title} {said}" if title == header else title for title in book[sheet][0]]
    lines = problems({**book, sheet: [titles, *book[sheet][1:]]})
    assert len(lines) == 1
    assert "speaks of thousands or millions. Write every figure in whole pounds" in lines[0]
    assert "Name it" not in lines[0]


def merged(sheets: Sheets, sheet: str, path: Path) -> Path:
    """As an .xlsx in which the last column of the sheet is merged over its rows."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                page.write_row(number, 0, cells)
            if name == sheet:
                last = len(rows[0]) - 1
                page.merge_range(1, last, len(rows), last, rows[1][last])
    return path


@pytest.mark.parametrize("sheet", SHEETS)
def test_merged_cells_are_named(tmp_path: Path, sheet: str) -> None:
    lines = lines_of(read(merged(FULL, sheet, tmp_path / "book.xlsx")))
    assert len(lines) == 1
    assert lines[0].startswith(f"{sheet}: The cells ")
    assert lines[0].endswith("are merged, so only the first of each has a value. Unmerge them and "
                             "fill in each row.")  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_coloured_cell_far_below_the_data_is_nothing(tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        yellow = book.add_format({"bg_color": "yellow"})
        for name, rows in FULL.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                page.write_row(number, 0, cells)
            if name == sheet:
                page.write_blank(1_048_575, 20, None, yellow)
    assert not read(path).problems


def test_hidden_rows_columns_and_sheets_are_told_of(tmp_path: Path) -> None:
    path = as_xlsx(FULL, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    book["amounts"].row_dimensions[3].hidden = True
    book["items"].column_dimensions["B"].hidden = True
    book["raid"].sheet_state = "hidden"
    book.save(path)
    found = read(path)
    assert not found.problems
    assert found.notes == (
        "items: Hidden columns were read like the others: B.",
        "amounts: Hidden rows were read like the others: 3.",
        "raid: The sheet is hidden; it was read like the others.",
    )


def test_a_strict_workbook_is_told_how_to_be_saved(tmp_path: Path) -> None:
    path, strict = as_xlsx(SMALL, tmp_path / "book.xlsx"), tmp_path / "strict.xlsx"
    ours = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    theirs = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(strict, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry).replace(ours, theirs))
    (line,) = lines_of(read(strict))
    assert line.startswith("The workbook is a Strict Open XML Spreadsheet. Save it as Excel")


def test_line_ends_that_a_spreadsheet_escaped_are_line_ends(tmp_path: Path) -> None:
    notes = with_cell("raid", 2, "note", "One\r\nTwo", FULL)
    found = read(as_xlsx(notes, tmp_path / "book.xlsx"))
    assert not found.problems
    assert found.workbook.raid[0].note == "One\nTwo"


DATES = [
    (sheet, column.header, column.attribute)
    for sheet, columns in COLUMNS.items()
    for column in columns
    if column.header.endswith("_on") and sheet not in ("alliance", "sharing_rules")
]


@pytest.mark.parametrize("sheet, header, attribute", DATES)
def test_dates_in_numbers_are_read_where_their_column_leaves_no_doubt(
    tmp_path: Path, sheet: str, header: str, attribute: str
) -> None:
    one = with_cell(sheet, 2, header, "01/04/2016", FULL)
    (line,) = lines_of(read(as_folder(one, tmp_path / "doubt")))
    assert line.startswith(f"{sheet}, row 2, column {header}: “01/04/2016” can be 1 April 2016 or")
    more = {**one, sheet: [*one[sheet], list(one[sheet][1])]}
    sure = with_cell(sheet, len(more[sheet]), header, "31/03/2017", more)
    found = read(as_folder(sure, tmp_path / "sure"))
    assert not found.problems
    days = [getattr(row, attribute) for row in found.workbook.rows(sheet)]
    assert (days[0], days[-1]) == (date(2016, 4, 1), date(2017, 3, 31))


def test_a_column_of_dates_in_doubt_takes_one_sentence(problems: Lines) -> None:
    rows = [[*row[:1], "01/04/2016", *row[2:]] for row in SMALL["members"][1:]]
    lines = problems({**SMALL, "members": [SMALL["members"][0], *rows]})
    assert len(lines) == 1
    assert "So can 1 more of this column." in lines[0]


def test_the_noise_of_a_spreadsheets_arithmetic_is_no_decimal(tmp_path: Path) -> None:
    noisy = with_cell("force_sizes", 2, "value", "1859.1799999999998")
    found = read(as_folder(noisy, tmp_path / "book"))
    assert found.workbook.force_sizes[0].value == Decimal("1859.18")


def test_two_payments_in_a_month_are_to_be_added_up(problems: Lines) -> None:
    amounts = [*SMALL["amounts"], ["fleet-parts", "actual", "2016-04", "100.05", "north-police"]]
    (line,) = problems({**SMALL, "amounts": amounts})
    assert line.endswith(
        "If both were paid, add them up: one row with 1,334.55; otherwise keep the right one."
    )


def test_the_same_size_twice_is_told(problems: Lines) -> None:
    sizes = [*SMALL["force_sizes"], SMALL["force_sizes"][1]]
    assert problems({**SMALL, "force_sizes": sizes}) == [
        "force_sizes, row 4, column value: Row 2 says the same. Take one of the two rows out."
    ]
