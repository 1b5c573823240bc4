"""Files to rows: what real spreadsheets hold is tolerated, and what is wrong is named."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.reading import Read, read
from savings.engine.periods import Period
from tests.alliance_portal.workbook.books import SMALL, as_folder, as_xlsx, small
from tests.alliance_portal.workbook.conftest import Lines


def reread(path: Path, sheet: str, content: bytes) -> Read:
    folder = as_folder(SMALL, path / "book")
    (folder / f"{sheet}.csv").write_bytes(content)
    return read(folder)


def test_csv_and_xlsx_of_the_same_cells_give_the_same_rows(tmp_path: Path) -> None:
    folder, book = as_folder(SMALL, tmp_path / "a"), as_xlsx(SMALL, tmp_path / "a.xlsx")
    from_csv, from_xlsx = read(folder), read(book)
    assert not from_csv.problems
    assert not from_xlsx.problems
    assert from_csv.workbook == from_xlsx.workbook
    assert from_csv.sheets == from_xlsx.sheets


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    forces = b"\xef\xbb\xbfcode,name\r\nnorth-police,North\r\nsouth-police,South\r\n"
    found = reread(tmp_path, "forces", forces)
    assert not found.problems
    assert [force.name for force in found.workbook.forces] == ["North", "South"]


def test_windows_text_with_its_own_pound_sign_is_accepted(tmp_path: Path) -> None:
    amounts = 'item,version,period,amount\nfleet-parts,actual,2016-04,"£1,234.50"\n'
    found = reread(tmp_path, "amounts", amounts.encode("cp1252"))
    assert not found.problems
    assert found.workbook.amounts[0].pence == 123450


def test_blank_rows_and_trailing_blanks_are_passed_over_and_row_numbers_stay(
    tmp_path: Path,
) -> None:
    forces = b"code,name,,\n\n , ,,\nnorth-police,North,,,,\n,,\nBAD,South,,\n"
    found = reread(tmp_path, "forces", forces)
    assert [force.row for force in found.workbook.forces] == [4, 6]
    assert as_lines(found.problems)[0].startswith(
        "forces, row 6, column code: “BAD” is not a code."
    )


def test_missing_columns_read_as_blank_where_blank_is_allowed(tmp_path: Path) -> None:
    found = read(as_folder(SMALL, tmp_path / "a"))
    assert found.workbook.alliance[0].agreed_on is None
    assert found.workbook.items[0].offset_months == 0
    assert found.workbook.sharing_rules[0].decimals == 4


def test_headers_may_be_in_any_order_and_case(tmp_path: Path) -> None:
    found = reread(tmp_path, "forces", b" NAME ,Code\nNorth,north-police\nSouth,south-police\n")
    assert not found.problems
    assert found.workbook.forces[0].code == "north-police"


def test_excel_dates_numbers_truths_and_percentages_are_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        as_percent = book.add_format({"num_format": "0.0%"})
        page = book.add_worksheet("alliance")
        page.write_row(0, 0, ["code", "name", "agreed_on", "total_budget"])
        page.write_row(1, 0, ["north", 42])
        page.write_datetime(1, 2, datetime(2015, 3, 1), as_date)
        page.write_number(1, 3, 0.1 + 0.2)
        page = book.add_worksheet("sharing_rules")
        page.write_row(0, 0, ["effective_on", "method", "force", "percent"])
        page.write_row(1, 0, ["2016-04-01", "fixed", "north"])
        page.write_number(1, 3, 0.697, as_percent)
        page = book.add_worksheet("amounts")
        page.write_row(0, 0, ["item", "version", "period", "amount"])
        page.write_row(1, 0, ["fleet", "actual"])
        page.write_datetime(1, 2, datetime(2016, 4, 1), as_date)
        page.write_number(1, 3, 1234.5)
        page = book.add_worksheet("business_areas")
        page.write_row(0, 0, ["code", "name", "category", "stage", "publish"])
        page.write_row(1, 0, ["fleet", "Fleet", "business support", "live", True])
    found = read(path)
    assert not found.problems
    alliance = found.workbook.alliance[0]
    assert (alliance.name, alliance.agreed_on) == ("42", date(2015, 3, 1))
    assert alliance.total_budget_pence == 30
    assert found.workbook.sharing_rules[0].percent == Decimal("69.7")
    assert found.workbook.amounts[0].period == Period(date(2016, 4, 1))
    assert found.workbook.amounts[0].pence == 123450
    assert found.workbook.business_areas[0].publish


@pytest.mark.parametrize("xlsx", [False, True])
def test_unknown_sheets_and_columns_are_named(problems: Lines, xlsx: bool) -> None:
    sheets = small(amount=[["x"]], forces=[["code", "nme", "colour"], ["a", "b", "c"]])
    lines = problems(sheets, xlsx=xlsx)
    no_column = "The sheet has no column of this name."
    for line in (
        "amount: The portal does not know a sheet of this name. Name it amounts, if that is meant.",
        f"forces, row 1, column nme: {no_column} Name it name, if that is meant.",
        f"forces, row 1, column colour: {no_column} Take it out.",
        "forces, row 2, column name: The column is missing. Add the column: a new row needs it.",
    ):
        assert line in lines


def test_a_required_cell_that_is_blank_is_named(problems: Lines) -> None:
    lines = problems(small(forces=[["code", "name"], ["north-police", ""], ["south-police", "S"]]))
    assert lines == ["forces, row 2, column name: The cell is blank. Fill it in."]


def test_a_formula_in_a_cell_is_refused_with_its_place(problems: Lines) -> None:
    amounts = [*SMALL["amounts"], ["dogs-move", "actual", "2017-06", "=1+1", ""]]
    assert problems(small(amounts=amounts), xlsx=True) == [
        (
            "amounts, row 5, column amount: The cell has a formula, “=1+1”. "
            "Copy the cell and paste it back as a value."
        )
    ]


def test_an_error_value_in_a_cell_is_refused_with_its_place(problems: Lines) -> None:
    amounts = [*SMALL["amounts"], ["dogs-move", "actual", "2017-06", "#REF!", ""]]
    assert problems(small(amounts=amounts), xlsx=True)[0].startswith(
        "amounts, row 5, column amount:"
    )


def test_more_cells_than_columns_are_told_of(tmp_path: Path) -> None:
    found = reread(tmp_path, "forces", b"code,name\nnorth-police,North, and more\nsouth-police,S\n")
    assert "put quotation marks round a text with commas" in as_lines(found.problems)[0]


def test_a_column_twice_and_semicolons_are_told_of(tmp_path: Path) -> None:
    twice = reread(tmp_path, "forces", b"code,name,code\na,b,c\n")
    assert "has this column twice" in as_lines(twice.problems)[0]
    semicolons = reread(tmp_path, "forces", b"code;name;website\na;b;c\n")
    assert "Save it as CSV with commas" in as_lines(semicolons.problems)[0]


@pytest.mark.parametrize(
    "content, says",
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "forces.csv is not a CSV file in UTF-8"),
        ("code,name".encode("utf-16")[:-1], "forces.csv is not a CSV file in UTF-8"),
        (b"\x81\x8d\x8f", "Line 1 of forces.csv has a byte, 81, that is no letter in UTF-8"),
        (b"", "The sheet is empty"),
        (b'code,name\n"a' + b"x" * 2_000_000, "Line 2 of the file has more than a million"),
    ],
)
def test_a_csv_that_is_not_is_refused_and_nothing_else_blamed(
    tmp_path: Path, content: bytes, says: str
) -> None:
    lines = as_lines(reread(tmp_path, "forces", content).problems)
    assert len(lines) == 1
    assert lines[0].startswith(f"forces: {says}")


@pytest.mark.parametrize(
    "name, says",
    [
        ("nowhere", "There is nothing at"),
        ("folder", "The folder has no CSV files."),
        ("one.csv", "A single CSV file is not a workbook."),
    ],
)
def test_a_path_that_is_no_workbook_is_refused(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "one.csv").write_text("code,name\n")
    assert as_lines(read(tmp_path / name).problems)[0].startswith(says)


def test_a_path_that_the_system_refuses_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be opened" in as_lines(read(tmp_path / ("x" * 300)).problems)[0]


def test_a_folder_without_its_alliance_is_refused(tmp_path: Path) -> None:
    sheets = {name: rows for name, rows in SMALL.items() if name != "alliance"}
    assert as_lines(read(as_folder(sheets, tmp_path / "a")).problems) == [
        "The workbook has no sheet named alliance. Add it, with the alliance's code and name."
    ]


def test_a_spreadsheet_among_the_csv_files_is_not_passed_over(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "a")
    (folder / "raid.xlsx").write_bytes(b"PK")
    (folder / "README.md").write_text("About this workbook.")
    (folder / "~$amounts.xlsx").write_bytes(b"lock")
    lines = as_lines(read(folder).problems)
    assert lines == [
        "raid: raid.xlsx is not a CSV file. Save it as CSV UTF-8, or take it out of the folder."
    ]


def test_an_apostrophe_that_guards_a_text_is_taken_away(tmp_path: Path) -> None:
    found = reread(tmp_path, "forces", b"code,name\nnorth-police,'=1+1\nsouth-police,'tis\n")
    assert [force.name for force in found.workbook.forces] == ["=1+1", "'tis"]
