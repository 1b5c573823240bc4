"""The one way in which the portal writes CSV: Excel reads its letters, and nothing in it can run.

Plain Python. A text that a spreadsheet would take for a formula has an apostrophe before it, which
`bare` takes away when the portal reads such a file back.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None

# Without it Excel reads a pound sign as two letters of Windows text.
BYTE_ORDER_MARK = "\ufeff"

# What begins a formula (OWASP, CSV injection), and every character that an East Asian Excel turns
# into one of these: those whose compatible form it is.
_BEGINNINGS = "=+\\-@⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
_LIKE_FORMULA = re.compile(rf"'*[\t\r\n]|['\s]*[{_BEGINNINGS}]")


class _Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows as lines of a CSV file in UTF-8: dates as 2017-12-31, text that would run made inert."""
    writer = csv.writer(_Echo())
    mark = BYTE_ORDER_MARK
    for row in rows:
        yield mark + writer.writerow([_plain(cell) for cell in row])
        mark = ""


def inert(text: str) -> str:
    """The text as a spreadsheet may hold it without running it."""
    return f"'{text}" if _LIKE_FORMULA.match(text) else text


def bare(text: str) -> str:
    """The text that `inert` was given."""
    return text[1:] if text.startswith("'") and _LIKE_FORMULA.match(text) else text


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return inert(cell) if isinstance(cell, str) else str(cell)
