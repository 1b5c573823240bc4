"""Amounts that would count twice: with and without who bore them, for a year and for its months."""

from collections.abc import Iterator
from typing import Any

from alliance_portal.workbook.checking.codes import After
from alliance_portal.workbook.comparing import place_of
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.sheets import AmountRow, Workbook
from savings.rules import beside_refusal

_KEY = frozenset(AmountRow.KEY)


def find(stored: Workbook, after: After) -> Iterator[Problem]:
    """What stands beside another amount and cannot; what the record alone has is left alone."""
    on_record = {row.key for row in stored.amounts}
    by_year: dict[tuple[str, str, int], list[AmountRow]] = {}
    for row in after["amounts"]:
        if not row.unreadable & _KEY:
            by_year.setdefault((row.item, row.version, row.period.year), []).append(row)
    for rows in by_year.values():
        if any(row.key not in on_record for row in rows):
            yield from _twice(rows, on_record)
            yield from _left_over(rows, on_record)


def _twice(rows: list[AmountRow], on_record: set[Any]) -> Iterator[Problem]:
    """Each row of the file, with one beside it that is new or is in the file as well."""
    for row in rows:
        if row.row is None:
            continue
        others = [other for other in rows if other is not row]
        if row.key in on_record:
            others = [other for other in others if other.key not in on_record]
        beside = ((_period(other), other.borne_by) for other in others)
        what = beside_refusal(_period(row), row.borne_by, beside, row.version)
        if what:
            months = any(_period(other).whole_year != _period(row).whole_year for other in others)
            column = "period" if months else "borne_by"
            yield Problem("amounts", row.row, column, what, _mend(row, others, is_year=months))


def _mend(row: AmountRow, others: list[AmountRow], *, is_year: bool) -> str:
    of_record = any(other.row is None for other in others)
    if is_year and of_record:
        return "Take the row out, or spread the year into months on the area’s money page first."
    if is_year:
        return "Keep the year or its months."
    if row.borne_by:
        return "Take the row without a force out, or this one."
    return "Take this row out, or name the force in it."


def _left_over(rows: list[AmountRow], on_record: set[Any]) -> Iterator[Problem]:
    """A force named anew beside one that only the record names: which bore it, or both?"""
    for row in rows:
        if row.row is None or row.key in on_record or not row.borne_by:
            continue
        only_there = [
            other.borne_by
            for other in rows
            if other.row is None and other.borne_by and place_of(other) == place_of(row)
        ]
        if only_there:
            what = f"The portal holds this amount as borne by {' and '.join(only_there)}."
            mend = "Give that part a row too, with 0 if it bore none of it."
            yield Problem("amounts", row.row, "borne_by", what, mend)


def _period(row: AmountRow) -> Any:
    return row.period
