"""What the tests of the workbook share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alliance_portal.workbook.checking import check
from alliance_portal.workbook.completing import completed
from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import Workbook
from tests.alliance_portal.workbook.books import Sheets, as_folder, as_xlsx

Lines = Callable[..., list[str]]


@pytest.fixture
def problems(tmp_path: Path) -> Lines:
    """The problems of these sheets, a line each, read from CSV or from an .xlsx."""

    def found(sheets: Sheets, *, xlsx: bool = False, stored: Workbook | None = None) -> list[str]:
        path = as_xlsx(sheets, tmp_path / "b.xlsx") if xlsx else as_folder(sheets, tmp_path / "b")
        on_record = stored or Workbook()
        return as_lines(check(completed(read(path), on_record), on_record))

    return found
