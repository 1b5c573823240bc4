"""What is asked about the sizes of a workbook before it is loaded: is that right?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from alliance_portal.workbook.comparing import SheetChanges
from alliance_portal.workbook.sheets import ForceSizeRow
from programmes.rules import size_doubts

MOST_LINES = 100


def doubts(stored: tuple[ForceSizeRow, ...], changes: SheetChanges, today: date) -> Iterator[str]:
    """A line for each new size that one would ask about, a hundred at most; it refuses nothing."""
    lines = list(_doubts(stored, changes, today))
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"And {len(lines) - MOST_LINES:,} more sizes that one would ask about."


def _doubts(stored: tuple[ForceSizeRow, ...], changes: SheetChanges, today: date) -> Iterator[str]:
    known: dict[tuple[str, str], list[ForceSizeRow]] = {}
    for row in stored:
        known.setdefault((row.force, row.measure), []).append(row)
    for row in sorted(changes.created, key=lambda each: each.effective_on):
        of_force = known.setdefault((row.force, row.measure), [])
        before = _counting(of_force, row.effective_on)
        of_force.append(row)
        for doubt in size_doubts(row.value, row.effective_on, before, today):
            yield f"force_sizes, row {row.row}, {row.force}, {row.measure}: {doubt} Is that right?"


def _counting(sizes: list[ForceSizeRow], day: date) -> tuple[date, Decimal] | None:
    """The figure that counts on the day: of the latest date, the last release."""
    until = [size for size in sizes if size.effective_on and size.effective_on <= day]
    if not until:
        return None
    last = max(enumerate(until), key=lambda one: (one[1].effective_on, one[0]))[1]
    assert last.effective_on is not None
    assert last.value is not None
    return last.effective_on, last.value
