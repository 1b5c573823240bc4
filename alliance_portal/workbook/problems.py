"""What is wrong with a workbook, said so that a person can find it and mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

# Of each sheet; whoever made a mistake in every row learns no more from the next ten thousand.
MOST_KEPT = 1_000
MOST_LINES = 100


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


class Problems:
    """Problems as they are found: the first thousand of each sheet are kept, all are counted."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._kept: dict[str, dict[Problem, None]] = {}
        self._others = 0
        self.add_all(problems)

    def add(self, problem: Problem) -> None:
        """Keep the problem, or count it; one that is kept already is nothing new."""
        of_sheet = self._kept.setdefault(problem.sheet, {})
        if len(of_sheet) < MOST_KEPT:
            of_sheet[problem] = None
        elif problem not in of_sheet:
            self._others += 1

    def add_all(self, problems: Iterable[Problem]) -> None:
        """Keep or count each."""
        for problem in problems:
            self.add(problem)

    def copy(self) -> "Problems":
        """The same problems, to add more to."""
        other = Problems()
        other._kept = {sheet: dict(kept) for sheet, kept in self._kept.items()}
        other._others = self._others
        return other

    def __iter__(self) -> Iterator[Problem]:
        """Those kept: by row within sheet, sheets in order of first mention."""
        for of_sheet in self._kept.values():
            yield from sorted(of_sheet, key=lambda problem: problem.row or 0)

    def __len__(self) -> int:
        """How many there are, kept or not."""
        return sum(map(len, self._kept.values())) + self._others


def as_lines(problems: Problems) -> list[str]:
    """A line for each problem, a hundred at most; the same fault in many rows of a column takes one.

    The last line counts the problems that no line tells of.
    """
    rows_by_fault: dict[tuple[str, str, str, str], list[int | None]] = {}
    for p in problems:
        rows_by_fault.setdefault((p.sheet, p.column, p.what, p.mend), []).append(p.row)
    lines = []
    told = 0
    for (sheet, column, what, mend), rows in islice(rows_by_fault.items(), MOST_LINES):
        numbers = [row for row in rows if row is not None]
        lines.append(f"{_place(sheet, _rows_in_words(numbers), column)}{what} {mend}")
        told += len(rows)
    others = len(problems) - told
    if others:
        more = f"There {'is 1 problem' if others == 1 else f'are {others:,} problems'} more."
        lines.append(f"{more} Mend these and load the workbook again to see them.")
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
