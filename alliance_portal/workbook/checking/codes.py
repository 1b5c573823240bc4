"""Rows that say the same thing twice, and codes that nothing has."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.sheets import COLUMNS, ItemRow, Workbook

After = Mapping[str, tuple[Any, ...]]

# Rows with one key are releases of a size, in order; a rule's terms are checked as a rule.
_REPEATABLE = {"force_sizes"}


def find(given: Workbook, after: After, unread: frozenset[str]) -> Iterator[Problem]:
    """Repeated rows and unknown codes of every sheet; sheets `unread` are not missed."""
    for sheet in COLUMNS:
        if sheet not in _REPEATABLE:
            yield from _repeated(given.rows(sheet))
        yield from _unknown(sheet, given, after, unread)
    if "milestones" not in unread:
        yield from _unknown_milestones(given.items, after)


def _repeated(rows: tuple[Row, ...]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int | None] = {}
    for row in rows:
        if row.unreadable.intersection(row.KEY):
            continue
        if row.key in first:
            headers = [c.header for c in COLUMNS[row.SHEET] if c.attribute in row.KEY]
            same = " and ".join([", ".join(headers[:-1]), headers[-1]] if headers[1:] else headers)
            what = f"Row {first[row.key]} has the same {same}."
            yield Problem(row.SHEET, row.row, headers[-1], what, "Keep one of the two rows.")
        first.setdefault(row.key, row.row)


def _unknown(
    sheet: str, given: Workbook, after: After, unread: frozenset[str]
) -> Iterator[Problem]:
    for column in COLUMNS[sheet]:
        if not column.references or column.references in unread:
            continue
        known = {row.code for row in after[column.references]}
        for row in given.rows(sheet):
            code = getattr(row, column.attribute)
            if code and code not in known:
                what = f"There is no {code} in the sheet {column.references}."
                mend = _mend(code, known, column.references)
                yield Problem(sheet, row.row, column.header, what, mend)


def _unknown_milestones(items: tuple[ItemRow, ...], after: After) -> Iterator[Problem]:
    """An item waits for a milestone of its own area, or of the programme."""
    known: dict[str, set[str]] = {}
    for milestone in after["milestones"]:
        if "area" not in milestone.unreadable:
            known.setdefault(milestone.code, set()).add(milestone.area)
    for item in items:
        areas = known.get(item.milestone)
        if not item.milestone or "area" in item.unreadable or (areas and areas & {"", item.area}):
            continue
        if areas:
            what = f"The milestone {item.milestone} belongs to {min(areas)}, not to {item.area}."
            mend = "Choose a milestone of the item's own area or of the programme."
        else:
            what = f"There is no {item.milestone} in the sheet milestones."
            mend = _mend(item.milestone, set(known), "milestones")
        yield Problem("items", item.row, "milestone", what, mend)


def _mend(code: str, known: set[str], sheet: str) -> str:
    close = get_close_matches(code, known, n=1)
    return f"Write {close[0]}, if that is meant." if close else f"Add it to {sheet} or change it."
