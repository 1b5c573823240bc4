"""What the portal writes as CSV: nothing in it runs, and what it writes it reads back."""

import ast
import csv
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.csv_lines import bare, csv_lines, inert

ROOT = Path(__file__).resolve().parents[2]
APPS = ("alliance_portal", "savings", "business_areas", "programmes")
# Copies rows into PostgreSQL, which no spreadsheet opens.
NOT_FOR_PEOPLE = {"savings/rows.py"}


def test_whatever_looks_like_a_formula_to_any_excel_is_made_inert() -> None:
    beginnings = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.normalize("NFKC", chr(code)).startswith(("=", "+", "-", "@"))
    ]
    assert "＝" in beginnings
    assert [each for each in beginnings if not inert(f"{each}1+1").startswith("'")] == []


@pytest.mark.parametrize("text", ["\t=1", "\r1", "\n1", " =1", "\u00a0=1", "'=1", "'' -1"])
def test_nothing_before_it_wakes_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


@given(st.text(max_size=6) | st.text(alphabet="'=+-@＝ \t\r\nx", max_size=6))
def test_what_was_made_inert_is_read_back(text: str) -> None:
    assert bare(inert(text)) == text


@given(st.lists(st.text(alphabet="'=,\"\n\r x£", max_size=8), min_size=1, max_size=3))
def test_a_line_is_read_back_as_its_cells(cells: list[str]) -> None:
    mark, *text = "".join(csv_lines([cells]))
    (line,) = csv.reader("".join(text).splitlines(keepends=True), strict=True)
    assert mark == "\ufeff"
    assert [bare(cell) for cell in line] == cells


def test_nothing_else_writes_csv() -> None:
    writers = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter"):
                    writers.add(name)
    assert writers == {"programmes/csv_lines.py"} | NOT_FOR_PEOPLE
