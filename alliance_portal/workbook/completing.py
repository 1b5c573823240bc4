"""Columns that are not in a sheet leave their values alone: its rows get them from the record.

A row that is on record takes what its sheet has no column for from there; a new row reads it as
blank, and where blank is not allowed the column is missing. A column of the key that is not there
is left out of the search for the row on record, which must then be the only one.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.problems import Problem, Problems
from alliance_portal.workbook.reading import Read
from alliance_portal.workbook.sheets import COLUMNS, SharingRuleRow, Workbook

_OF_A_RULE = ("method", "sizes_as_at", "decimals", "agreed_on", "source")
_TERM = frozenset({"measure", "force", "weight", "percent"})
_STAYS = frozenset({"members", "area_members"})


def completed(book: Read, stored: Workbook) -> Read:
    """The same workbook with every column of its sheets; problems where that cannot be."""
    problems = book.problems.copy()
    sheets: dict[str, Any] = {}
    for sheet in book.sheets:
        rows = book.workbook.rows(sheet)
        if rows and rows[0].absent:
            sheets[sheet] = tuple(_Sheet(stored.rows(sheet), problems).complete(rows))
    return replace(book, workbook=replace(book.workbook, **sheets), problems=problems)


class _Sheet:
    """The rows on record of one sheet, to be found by the columns that the file has."""

    def __init__(self, stored: tuple[Row, ...], problems: Problems) -> None:
        self._stored = stored
        self._problems = problems

    def complete(self, rows: tuple[Any, ...]) -> Iterable[Row]:
        if rows[0].SHEET == "sharing_rules":
            return self._rules(rows)
        if rows[0].SHEET == "force_sizes":
            return self._sizes(rows)
        return self._rows(rows)

    def _rows(self, rows: tuple[Row, ...]) -> Iterable[Row]:
        absent = rows[0].absent
        names = [name for name in rows[0].KEY if name not in absent]
        on_record = _by(names, self._stored)
        for row in rows:
            found = on_record.get(_values(names, row), [])
            if row.SHEET in _STAYS:  # told apart by their dates, in order: see `comparing`
                yield self._filled(row, found.pop(0) if found else None, absent)
            elif len(found) > 1:
                self._in_doubt(row)
                yield replace(row, absent=frozenset(), unreadable=row.unreadable | absent)
            else:
                yield self._filled(row, found[0] if found else None, absent)

    def _sizes(self, rows: tuple[Row, ...]) -> Iterable[Row]:
        """A size from no source is that of a release with the same value, if there is one."""
        absent = rows[0].absent
        names = [name for name in (*rows[0].KEY, "value") if name not in absent]
        on_record = _by(names, self._stored)
        for row in rows:
            found = on_record.get(_values(names, row), [])
            yield self._filled(row, found[-1] if found else None, absent)

    def _rules(self, rows: tuple[SharingRuleRow, ...]) -> Iterable[Row]:
        """What a rule says as a whole comes from any of its rows; a term from the same term's row.

        Without columns for measures and forces a rule keeps its terms.
        """
        absent = rows[0].absent
        names = [name for name in ("area", "effective_on") if name not in absent]
        on_record = _by(names, self._stored)
        for row in rows:
            of_rule = on_record.get(_values(names, row), [])
            terms = [name for name in ("measure", "force") if name not in absent]
            same = _by(terms, of_rule).get(_values(terms, row), [])
            several = len({(each.area, each.effective_on) for each in of_rule}) > 1
            if of_rule and not several and not terms:
                for each in of_rule:
                    yield self._filled(row, each, absent | _TERM)
            elif several or len(same) > 1:
                self._in_doubt(row)
                yield replace(row, absent=frozenset(), unreadable=row.unreadable | absent)
            else:
                whole = self._filled(row, of_rule[0] if of_rule else None, absent - _TERM)
                yield self._filled(whole, same[0] if same else None, absent & _TERM)

    def _filled(self, row: Row, before: Row | None, absent: frozenset[str]) -> Row:
        if before is not None:
            kept = {name: getattr(before, name) for name in absent}
            return replace(row, absent=frozenset(), **kept)
        missing = [c for c in COLUMNS[row.SHEET] if c.required and c.attribute in absent]
        for column in missing:
            what = "The column is missing."
            mend = "Add the column: a new row needs it."
            self._problems.add(Problem(row.SHEET, row.row, column.header, what, mend))
        unreadable = row.unreadable | {column.attribute for column in missing}
        return replace(row, absent=frozenset(), unreadable=frozenset(unreadable))

    def _in_doubt(self, row: Row) -> None:
        headers = [c.header for c in COLUMNS[row.SHEET] if c.attribute in row.absent]
        column = next(header for header in headers if header in row.KEY)
        what = f"The portal holds several rows that this can be, told apart by {column}."
        self._problems.add(Problem(row.SHEET, row.row, column, what, "Add the column."))


def _by(names: Iterable[str], rows: Iterable[Any]) -> dict[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(_values(names, row), []).append(row)
    return found


def _values(names: Iterable[str], row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)
