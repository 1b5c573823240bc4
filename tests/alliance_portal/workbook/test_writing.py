"""What is written reads back as the same rows, and runs nothing in a spreadsheet."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import AllianceRow, ForceRow, Workbook
from alliance_portal.workbook.writing import as_xlsx, write
from programmes.written.texts import tidy_text
from tests.alliance_portal.workbook.books import SMALL, as_folder, generated

FORMULAS = [
    "=1+1",
    "+44 20",
    "-1",
    "@SUM(A1)",
    "'=x",
    "''-x",
    "'tis",
    "=cmd|' /C calc'!A0",
    "_x0041_",
]
ENDINGS = ["book", "book.xlsx"]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_large_workbook_is_read_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    book = generated()
    write(book, tmp_path / name)
    found = read(tmp_path / name)
    assert not found.problems
    assert found.workbook == book


@pytest.mark.parametrize("name", ENDINGS)
def test_texts_like_formulas_stay_texts(tmp_path: Path, name: str) -> None:
    forces = tuple(ForceRow(code=f"f-{n}", name=text) for n, text in enumerate(FORMULAS))
    book = Workbook(alliance=(AllianceRow(code="a", name="A"),), forces=forces)
    write(book, tmp_path / name)
    found = read(tmp_path / name)
    assert not found.problems
    assert [force.name for force in found.workbook.forces] == FORMULAS


def test_no_cell_of_a_csv_file_starts_like_a_formula(tmp_path: Path) -> None:
    forces = tuple(ForceRow(code=f"f-{n}", name=text) for n, text in enumerate(FORMULAS))
    write(Workbook(forces=forces), tmp_path / "book")
    lines = (tmp_path / "book" / "forces.csv").read_text(encoding="utf-8-sig").splitlines()
    assert not any(line.partition(",")[2].lstrip('"').startswith(tuple("=+-@")) for line in lines)


def test_an_xlsx_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    write(read(as_folder(SMALL, tmp_path / "small")).workbook, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    amounts, milestones = book["amounts"], book["milestones"]
    assert (amounts["D2"].value, amounts["D2"].number_format) == (1234.5, "#,##0.00")
    assert milestones["E2"].is_date
    assert not any(c.data_type == "f" for page in book for row in page.iter_rows() for c in row)


def test_the_same_rows_are_the_same_bytes() -> None:
    assert as_xlsx(generated(amounts=10)) == as_xlsx(generated(amounts=10))


@settings(max_examples=25)
@given(text=st.text(max_size=60).map(tidy_text))
def test_any_text_without_control_characters_comes_back(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("book")
    alliance = AllianceRow(code="a", name="A", summary=text)
    write(Workbook(alliance=(alliance,)), folder)
    found = read(folder)
    if not found.problems:
        assert found.workbook.alliance == (replace(alliance, row=2),)
