"""Whatever stands in a cell, the answer is a load or a list of problems, never an error."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_portal.workbook.loading import NotLoadable, load
from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import COLUMNS
from tests.alliance_portal.workbook.books import SMALL, as_folder, as_xlsx, with_cell

FULL = {
    **SMALL,
    "gates": [["code", "name", "order"], ["explore", "Explore", "1"]],
    "sign_offs": [["gate", "force", "office"], ["explore", "north-police", "Chief constable"]],
    "area_members": [["area", "force"], ["dogs", "north-police"], ["dogs", "south-police"]],
    "staffing": [["area", "force", "as_at"], ["dogs", "north-police", "2016-04-01"]],
    "design": [["area", "strand", "status"], ["dogs", "structure", "agreed"]],
    "raid": [["code", "kind", "title"], ["r-1", "risk", "Something"]],
}

TELLING = st.sampled_from(
    [
        *("", "-", "0", "-1", "1", "6", "100", "100.0001", "99999999999", "0.00001", "£5", "(5)"),
        *("2016-04-01", "2016-04-02", "1900-01-01", "2100-12-31", "2016-04", "2016/17", "2100/01"),
        *("fleet", "dogs", "north-police", "south-police", "go-live", "explore", "dogs-kennels"),
        *("size", "fixed", "equal", "exact", "year", "cost", "grant", "forecast", "risk", "yes"),
        *("50;100", "0", "Officers (FTE)", "Population", "x" * 150, "a\u0000b", "\U0001f694"),
        *("https://x.uk", "javascript:1", "=1+1", "'=1", "9" * 400, "1e400", "NaN", "Infinity"),
    ]
)

CELLS = [
    (sheet, row, column.header)
    for sheet, rows in FULL.items()
    for row in range(2, len(rows) + 1)
    for column in COLUMNS[sheet]
]


def outcome(path: Path) -> str:
    """What a load refused, or nothing if it loaded."""
    try:
        load(path)
    except NotLoadable as refusal:
        return str(refusal)
    return ""


@pytest.mark.django_db
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(CELLS), TELLING | st.text(max_size=8)), min_size=1, max_size=3
    ),
    st.booleans(),
)
def test_any_text_in_any_cell_is_loaded_or_is_a_problem(
    cells: list[tuple[tuple[str, int, str], str]], already_there: bool
) -> None:
    sheets = FULL
    for (sheet, row, header), text in cells:
        sheets = with_cell(sheet, row, header, text.replace("\r", " "), sheets)
    with TemporaryDirectory() as folder, transaction.atomic():
        if already_there:
            load(as_folder(FULL, Path(folder, "before")))
        after = as_folder(sheets, Path(folder, "after"))
        said = outcome(after)
        assert "The database refused" not in said
        assert said or not load(after)
        transaction.set_rollback(True)


def each_in_a_cell(*texts: str) -> list[tuple[tuple[str, int, str], str]]:
    return list(zip(CELLS, texts, strict=False))


@settings(max_examples=10)
@example(each_in_a_cell("=\x1f", "{=\x1f}", "=\ufffe", "{=\uffff}"))
@example(each_in_a_cell("http://\x01", "mailto:\x02", "internal:\x03", "external:\x04"))
@given(st.lists(st.tuples(st.sampled_from(CELLS), st.text(max_size=8)), min_size=1, max_size=3))
def test_the_guard_passes_any_text_on(cells: list[tuple[tuple[str, int, str], str]]) -> None:
    sheets = FULL
    for (sheet, row, header), text in cells:
        sheets = with_cell(sheet, row, header, text, sheets)
    with TemporaryDirectory() as folder:
        found = read(as_xlsx(sheets, Path(folder, "book.xlsx")))
    assert found.sheets
