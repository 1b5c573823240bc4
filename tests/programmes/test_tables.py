"""A page's table as a file: what a spreadsheet finds in its cells."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from programmes.csv_lines import Cell
from programmes.tables import csv_file, xlsx_file

COLUMNS = ("Area", "Day", "Pounds", "Days")
# What a spreadsheet would run, or take for a number, if it were let.
LIKE_FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=HYPERLINK("http://x")']


def read_csv(row: list[Cell]) -> list[str]:
    sent = csv_file("a.csv", COLUMNS, [row]).content
    assert sent.startswith(b"\xef\xbb\xbf")  # or a spreadsheet takes "£" for something else
    _, line = csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline=""))
    return line


def read_xlsx(row: list[Cell]) -> list[openpyxl.cell.Cell]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file("a.xlsx", "areas", COLUMNS, [row]).content))
    _, line = book.active.iter_rows()
    return list(line)


def test_dates_and_numbers_are_real_ones() -> None:
    row: list[Cell] = ["Dogs", date(2017, 12, 31), Decimal("-1234.56"), 30]

    name, day, pounds, days = read_xlsx(row)

    assert (day.value, day.is_date) == (datetime(2017, 12, 31), True)
    assert (pounds.value, days.value) == (-1234.56, 30)
    assert [cell.data_type for cell in (name, day, pounds, days)] == ["s", "d", "n", "n"]
    assert read_csv(row) == ["Dogs", "2017-12-31", "-1234.56", "30"]


@pytest.mark.parametrize("text", LIKE_FORMULAS)
def test_text_that_would_run_stays_text(text: str) -> None:
    row: list[Cell] = [text, None, None, None]

    (name, *_) = read_xlsx(row)

    assert name.data_type == "s"
    assert str(name.value).replace("_x000D_", "\r") == text
    assert read_csv(row)[0] == f"'{text}"


@pytest.mark.parametrize("text", ["0044", "1/2", "1e5", "2017-12-31", "http://example.org"])
def test_text_that_looks_like_a_number_or_a_link_stays_text_in_a_spreadsheet(text: str) -> None:
    (name, *_) = read_xlsx([text, None, None, None])

    assert (name.value, name.data_type, name.hyperlink) == (text, "s", None)


def test_what_is_not_known_is_an_empty_cell() -> None:
    assert [cell.value for cell in read_xlsx(["Dogs", None, None, None])][1:] == [None] * 3
    assert read_csv(["Dogs", None, None, None]) == ["Dogs", "", "", ""]


def test_a_date_before_spreadsheets_count_days_is_text() -> None:
    (_, day, *_) = read_xlsx(["Dogs", date(1899, 1, 1), None, None])

    assert (day.value, day.data_type) == ("1899-01-01", "s")
