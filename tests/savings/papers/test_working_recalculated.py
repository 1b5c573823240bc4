"""The working workbook as LibreOffice works it out, every formula afresh.

`.ci/libreoffice` runs these; they are left out of other runs, because LibreOffice is large.
"""

import random
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from savings.papers.working import write_working
from savings.papers.year import read_year
from tests.savings.papers.alliances import YEAR, any_alliance

pytestmark = [pytest.mark.libreoffice, pytest.mark.django_db]

# LibreOffice takes the values that it finds in a file; this has it work them out.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
Cells = dict[tuple[str, str], Any]


@pytest.fixture(params=range(8))
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "working.xlsx"
    with path.open("wb") as out:
        write_working(read_year(any_alliance(request.param), YEAR), out)
    return path


def recalculated(path: Path) -> Cells:
    """Every cell of the file after LibreOffice has worked it out."""
    profile = path.parent / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS)
    folder = path.parent / "recalculated"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{profile.parent}",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return cells(folder / path.name)


def cells(path: Path) -> Cells:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def changed(path: Path, sheet: str, cell: str, by: float) -> Path:
    """A copy in which one cell holds more, without any value that was worked out."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = book[sheet][cell].value + by
    found = path.with_name(f"changed-{sheet}-{cell}.xlsx")
    book.save(found)
    return found


def false_of(found: Cells) -> set[tuple[str, int]]:
    """The sheet and row of each check that fails."""
    return {
        (sheet, int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        for (sheet, cell), value in found.items()
        if value is False
    }


def test_what_it_works_out_is_what_the_portal_has(book: Path) -> None:
    expected, found = cells(book), recalculated(book)

    assert found["Read me", "B6"] is True
    assert false_of(found) == set()
    checks = [value for value in expected.values() if isinstance(value, bool)]
    assert [value for value in found.values() if isinstance(value, bool)] == checks
    for place, value in expected.items():
        if isinstance(value, int | float):
            assert found[place] == pytest.approx(value, rel=1e-12, abs=1e-6), place
        else:
            assert found[place] == value, place


def test_a_penny_more_turns_the_checks_false_that_hang_on_it_and_no_other(book: Path) -> None:
    before = cells(book)
    shared = [
        cell for (sheet, cell), value in before.items()
        if sheet == "Amounts" and cell.startswith("I") and value not in ("", 0) and cell != "I1"
        and isinstance(before.get(("Amounts", f"J{cell[1:]}")), int | float)
    ]  # fmt: skip
    row = int(random.Random(1).choice(shared)[1:])
    pool = int(before["Amounts", f"G{row}"]) + 1
    kind, version = before["Pools", f"C{pool}"], before["Pools", f"D{pool}"]
    words = "Savings" if kind == "saving" else "Costs less grants"
    in_totals = {
        ("Totals", int(cell[1:]))
        for (sheet, cell), value in before.items()
        if sheet == "Totals" and cell[0] == "A"
        and before["Totals", f"B{cell[1:]}"] == version
        and (value == words or (version == "actual" and value.startswith((words[:4], "Net"))))
    }  # fmt: skip

    found = recalculated(changed(book, "Amounts", f"H{row}", 0.01))

    wrong = false_of(found)
    assert found["Read me", "B6"] is False
    assert {("Amounts", row), ("Pools", pool)} <= wrong
    assert wrong - in_totals == {("Amounts", row), ("Pools", pool), ("Read me", 6)}
    assert wrong & in_totals


def test_a_penny_placed_elsewhere_is_found(book: Path) -> None:
    """The yellow cells are held by the checks beside them."""
    sheet = openpyxl.load_workbook(book)["Amounts"]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    moved = next(letter for head, letter in heads.items() if head.startswith("Penny placed"))
    row = next(
        row for row in range(2, sheet.max_row + 1) if sheet[f"{moved}{row}"].value is not None
    )

    found = recalculated(changed(book, "Amounts", f"{moved}{row}", 1))

    pool = int(sheet[f"G{row}"].value) + 1
    assert {("Amounts", row), ("Pools", pool)} <= false_of(found)
