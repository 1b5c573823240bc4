"""What is wrong with a workbook, said so that a person can find it and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it is, what is wrong, and what to do.

    `sheet` is empty when the file as a whole is at fault. `row` counts as a spreadsheet does:
    the header is row 1. `what` and `mend` are sentences, each with its full stop.
    """

    sheet: str
    row: int | None
    column: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = _place(self.sheet, "" if self.row is None else f"row {self.row}", self.column)
        return f"{place}{self.what} {self.mend}"


class Unreadable(Exception):
    """A cell or a file that cannot be read as what it should be; carries `what` and `mend`."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without repeats, by row within sheet, sheets in order of first mention."""
    unique = list(dict.fromkeys(problems))
    sheets = {name: at for at, name in enumerate(dict.fromkeys(p.sheet for p in unique))}
    return tuple(sorted(unique, key=lambda p: (sheets[p.sheet], p.row or 0)))


def as_lines(problems: Iterable[Problem]) -> list[str]:
    """One line for each problem; the same fault in many rows of a column takes one line."""
    rows_by_fault: dict[tuple[str, str, str, str], list[int | None]] = {}
    for p in in_order(problems):
        rows_by_fault.setdefault((p.sheet, p.column, p.what, p.mend), []).append(p.row)
    lines = []
    for (sheet, column, what, mend), rows in rows_by_fault.items():
        numbers = [row for row in rows if row is not None]
        lines.append(f"{_place(sheet, _rows_in_words(numbers), column)}{what} {mend}")
    return lines


def _rows_in_words(rows: list[int]) -> str:
    if not rows:
        return ""
    if len(rows) == 1:
        return f"row {rows[0]}"
    if len(rows) <= 5:
        return f"rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"
    return f"rows {', '.join(map(str, rows[:4]))} and {len(rows) - 4:,} more"


def _place(sheet: str, rows: str, column: str) -> str:
    parts = [sheet, rows, f"column {column}" if column else ""]
    place = ", ".join(part for part in parts if part)
    return f"{place}: " if place else ""
