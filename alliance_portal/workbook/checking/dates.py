"""Periods that end before they start, stays that overlap, baselines that would move."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from alliance_portal.workbook.checking.codes import After
from alliance_portal.workbook.comparing import compare
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.sheets import Workbook
from business_areas.rules import (
    DATES_OF_AN_ENTRY,
    approval_of_reached_refusal,
    approval_refusal,
)
from programmes.rules import DATES_OF_AN_ALLIANCE

# Sheet, the earlier date, the later one, whether the same day is allowed.
_IN_ORDER = (
    *(("alliance", *pair, True) for pair in DATES_OF_AN_ALLIANCE),
    ("members", "joined_on", "left_on", False),
    ("area_members", "joined_on", "left_on", False),
    *(("raid", *pair, True) for pair in DATES_OF_AN_ENTRY),
)


def find(given: Workbook, stored: Workbook, after: After) -> Iterator[Problem]:
    """The dates that cannot be together."""
    for sheet, first, last, same_day in _IN_ORDER:
        for row in given.rows(sheet):
            start, end = getattr(row, first), getattr(row, last)
            if start and end and (end < start or (end == start and not same_day)):
                than = "before" if end < start else "on the same day as"
                what = f"{end.isoformat()} is {than} {first}, {start.isoformat()}."
                yield Problem(sheet, row.row, last, what, "Correct one of the two dates.")
    yield from _overlapping("members", after, ("force",))
    yield from _overlapping("area_members", after, ("area", "force"))
    yield from _moved_baselines(stored, given)
    yield from _approved_dates(stored, given)


def _overlapping(sheet: str, after: After, whose: tuple[str, ...]) -> Iterator[Problem]:
    stays: dict[tuple[str, ...], list[Any]] = {}
    for row in after[sheet]:
        if not row.unreadable:
            stays.setdefault(tuple(getattr(row, name) for name in whose), []).append(row)
    for rows in stays.values():
        rows.sort(key=lambda row: row.joined_on or date.min)
        for earlier, later in pairwise(rows):
            told = later if later.row is not None else earlier
            overlap = (earlier.left_on or date.max) > (later.joined_on or date.min)
            if overlap and told.row is not None and earlier.key != later.key:
                other = earlier if told is later else later
                place = f"row {other.row}" if other.row else "a stay on record"
                what = f"The force is a member on some of the days of {place} already."
                mend = "End the earlier stay with left_on, on or before the later joined_on."
                yield Problem(sheet, told.row, "joined_on", what, mend)


def _moved_baselines(stored: Workbook, given: Workbook) -> Iterator[Problem]:
    for before, after in compare(stored, given, "milestones").changed:
        moved = before.baseline_on is not None and before.baseline_on != after.baseline_on
        if moved and "baseline_on" not in after.unreadable:
            what = f"The original baseline is {before.baseline_on.isoformat()} and never changes."
            mend = "Write it as it was, and the new date in approved_on or forecast_on."
            yield Problem("milestones", after.row, "baseline_on", what, mend)


def _approved_dates(stored: Workbook, given: Workbook) -> Iterator[Problem]:
    """A new milestone may bring its approved date; one on record keeps it until somebody agrees."""
    for before, after in compare(stored, given, "milestones").changed:
        if before.approved_on == after.approved_on or "approved_on" in after.unreadable:
            continue
        if before.actual_on:
            what = approval_of_reached_refusal(before.name, before.actual_on.isoformat())
        elif before.approved_on:
            what = approval_refusal(before.approved_on.isoformat())
        else:
            continue
        mend = "Write approved_on as it is on record, or leave the column out."
        yield Problem("milestones", after.row, "approved_on", what, mend)
