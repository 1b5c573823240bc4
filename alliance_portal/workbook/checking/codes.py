"""Rows that say the same thing twice, and codes that nothing has."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.sheets import (
    COLUMNS,
    AmountRow,
    ForceSizeRow,
    ItemRow,
    Workbook,
)

After = Mapping[str, tuple[Any, ...]]

# Rows with one key are releases of a size, in order; a rule's terms are checked as a rule.
_REPEATABLE = {"force_sizes"}

MOST_GUESSES = 20
MOST_TO_GUESS_FROM = 5_000


def find(given: Workbook, after: After, unread: frozenset[str]) -> Iterator[Problem]:
    """Repeated rows and unknown codes of every sheet; sheets `unread` are not missed."""
    for sheet in COLUMNS:
        if sheet not in _REPEATABLE:
            yield from _repeated(given.rows(sheet))
    yield from _restated_by_the_same(given.force_sizes)
    for sheet in COLUMNS:
        yield from _unknown(sheet, given, after, unread)
    if "milestones" not in unread:
        yield from _unknown_milestones(given.items, after)


def _repeated(rows: tuple[Row, ...]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if row.unreadable.intersection(row.KEY):
            continue
        before = first.setdefault(row.key, row)
        if before is not row:
            headers = [c.header for c in COLUMNS[row.SHEET] if c.attribute in row.KEY]
            same = " and ".join([", ".join(headers[:-1]), headers[-1]] if headers[1:] else headers)
            what = f"Row {before.row} has the same {same}."
            mend = "Keep one of the two rows."
            if isinstance(row, AmountRow) and isinstance(before, AmountRow):
                mend = _added_up(before, row) or mend
            yield Problem(row.SHEET, row.row, headers[-1], what, mend)


def _added_up(one: AmountRow, other: AmountRow) -> str:
    """Two payments in one month are one amount: their sum. The same twice may be a copy."""
    if one.pence is None or other.pence is None:
        return ""
    both = f"{Decimal(one.pence + other.pence).scaleb(-2):,f}"
    if one.pence == other.pence:
        return f"Keep one of the two rows; if both were paid, write {both} in it."
    return f"If both were paid, add them up: one row with {both}; otherwise keep the right one."


def _restated_by_the_same(rows: tuple[ForceSizeRow, ...]) -> Iterator[Problem]:
    """A further row for a size restates it; one that says the same is a copy."""
    last: dict[tuple[Any, ...], ForceSizeRow] = {}
    for row in rows:
        before = last.get(row.key)
        if before is not None and not row.unreadable and before == row:
            what = f"Row {before.row} says the same."
            yield Problem(row.SHEET, row.row, "value", what, "Take one of the two rows out.")
        last[row.key] = row


def _unknown(
    sheet: str, given: Workbook, after: After, unread: frozenset[str]
) -> Iterator[Problem]:
    for column in COLUMNS[sheet]:
        if not column.references or column.references in unread:
            continue
        known = Codes(column.references, (row.code for row in after[column.references]))
        for row in given.rows(sheet):
            code = getattr(row, column.attribute)
            if code and code not in known:
                what = f"There is no {code} in the sheet {column.references}."
                yield Problem(sheet, row.row, column.header, what, known.mend(code))


def _unknown_milestones(items: tuple[ItemRow, ...], after: After) -> Iterator[Problem]:
    """An item waits for a milestone of its own area, or of the programme."""
    areas_of: dict[str, set[str]] = {}
    for milestone in after["milestones"]:
        if "area" not in milestone.unreadable:
            areas_of.setdefault(milestone.code, set()).add(milestone.area)
    known = Codes("milestones", areas_of)
    for item in items:
        areas = areas_of.get(item.milestone)
        if not item.milestone or "area" in item.unreadable or (areas and areas & {"", item.area}):
            continue
        if areas:
            what = f"The milestone {item.milestone} belongs to {min(areas)}, not to {item.area}."
            mend = "Choose a milestone of the item's own area or of the programme."
        else:
            what = f"There is no {item.milestone} in the sheet milestones."
            mend = known.mend(item.milestone)
        yield Problem("items", item.row, "milestone", what, mend)


class Codes:
    """The codes that a sheet has, and what to do about one that it has not.

    The nearest code is looked for a few times only: a file may have a wrong code in every row.
    """

    def __init__(self, sheet: str, codes: Iterable[str]) -> None:
        self._sheet = sheet
        self._codes = frozenset(codes)
        self._guesses = MOST_GUESSES if len(self._codes) <= MOST_TO_GUESS_FROM else 0
        self._mends: dict[str, str] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._codes

    def mend(self, code: str) -> str:
        """The code that may be meant, or that the sheet can have it."""
        if code not in self._mends and self._guesses:
            self._guesses -= 1
            close = get_close_matches(code, sorted(self._codes), n=1)
            if close:
                self._mends[code] = f"Write {close[0]}, if that is meant."
        return self._mends.get(code, f"Add it to {self._sheet} or change it.")
