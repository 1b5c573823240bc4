"""Dates in numbers, such as 01/04/2016: read where their column leaves no doubt."""

from dataclasses import dataclass, field, replace
from typing import Any

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.raw import Cell
from alliance_portal.workbook.values import Date
from programmes.written.dates import AS_IN, InDoubt, numbers_order


@dataclass
class _OfColumn:
    header: str
    orders: set[str] = field(default_factory=set)
    doubts: dict[int, InDoubt] = field(default_factory=dict)


class DaysInDoubt:
    """The dates of a sheet that can be two days, until all of its rows have been read.

    One date such as 31/03/2016 in the same column settles that the day comes first in the others.
    """

    def __init__(self, sheet: str, problems: Problems) -> None:
        self._sheet = sheet
        self._problems = problems
        self._columns: dict[str, _OfColumn] = {}

    def note(self, column: Column, cell: Cell) -> None:
        """A cell that was read: it may say in which order its numbers stand."""
        if isinstance(cell, str) and isinstance(column.kind, Date):
            order = numbers_order(cell)
            if order:
                self._of(column).orders.add(order)

    def add(self, column: Column, row: int, doubt: InDoubt) -> None:
        """A cell that can be two days."""
        self._of(column).doubts[row] = doubt

    def settled(self, rows: list[Row]) -> tuple[Row, ...]:
        """The rows with their days; one problem for each column that stays in doubt."""
        for attribute, found in self._columns.items():
            if not found.doubts:
                continue
            if len(found.orders) != 1:
                self._tell(found)
            rows = [self._settle(attribute, found, row) for row in rows]
        return tuple(rows)

    def _settle(self, attribute: str, found: _OfColumn, row: Row) -> Row:
        doubt = found.doubts.get(row.row or 0)
        if doubt is None:
            return row
        if len(found.orders) != 1:
            return replace(row, unreadable=row.unreadable | {attribute})
        day = doubt.day_first if "day" in found.orders else doubt.month_first
        day_read: dict[str, Any] = {attribute: day}
        return replace(row, **day_read)

    def _tell(self, found: _OfColumn) -> None:
        row, doubt = next(iter(found.doubts.items()))
        others = len(found.doubts) - 1
        more = f" So can {others:,} more of this column." if others else ""
        problem = Problem(self._sheet, row, found.header, f"{doubt.what}{more}", AS_IN)
        self._problems.add(problem)

    def _of(self, column: Column) -> _OfColumn:
        return self._columns.setdefault(column.attribute, _OfColumn(column.header))
