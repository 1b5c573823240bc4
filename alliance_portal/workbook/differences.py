"""What a load changes, value by value, in the words of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from alliance_portal.workbook.columns import Column, Row
from alliance_portal.workbook.comparing import SheetChanges
from alliance_portal.workbook.figures import shortest
from alliance_portal.workbook.rules import Rule, Term
from alliance_portal.workbook.sheets import COLUMNS, ForceRow, ForceSizeRow, Workbook
from alliance_portal.workbook.values import Raw


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes: where it stands, what it was and what it becomes; blank is empty."""

    sheet: str
    key: str
    column: str
    old: str
    new: str


def differences(stored: Workbook, sheet: str, changes: SheetChanges) -> Iterator[Difference]:
    """The values of the sheet that the changes give another value, in the order of its rows.

    A restated size is told as a change of the size on record, though both stay there.
    """
    if sheet == "sharing_rules":
        for before, after in changes.changed:
            yield from _of_rule(before, after)
        return
    for before, after in changes.changed:
        for column in COLUMNS[sheet]:
            old, new = _word(column, before), _word(column, after)
            if old != new:
                yield Difference(sheet, _key(before), column.header, old, new)
        if isinstance(after, ForceRow) and before.position != after.position:
            places = str(before.position), str(after.position)
            yield Difference(sheet, _key(before), "place in the agreed order", *places)
    if sheet == "force_sizes":
        yield from _restated(stored.force_sizes, changes.created)


def _restated(
    stored: tuple[ForceSizeRow, ...], created: tuple[ForceSizeRow, ...]
) -> Iterator[Difference]:
    latest = {row.key: row for row in stored}
    for row in created:
        before = latest.get(row.key)
        if before is not None:
            for column in COLUMNS["force_sizes"]:
                old, new = _word(column, before), _word(column, row)
                if old != new:
                    yield Difference("force_sizes", _key(row), column.header, old, new)
        latest[row.key] = row


def _of_rule(before: Rule, after: Rule) -> Iterator[Difference]:
    columns = {column.attribute: column for column in COLUMNS["sharing_rules"]}
    key = f"{before.area or 'the alliance'}, {_text(before.effective_on or '')}"
    for name in ("method", "sizes_as_at", "decimals", "agreed_on", "source"):
        old, new = _word(columns[name], before), _word(columns[name], after)
        if old != new:
            yield Difference("sharing_rules", key, name, old, new)
    if before.terms != after.terms:
        terms = "; ".join(map(_term, before.terms)), "; ".join(map(_term, after.terms))
        yield Difference("sharing_rules", key, "measures, forces and percentages", *terms)


def _term(term: Term) -> str:
    if term.measure:
        return f"{term.measure} {_text(shortest(term.weight or Decimal(1)))}"
    return f"{term.force} {_text(shortest(term.percent or Decimal(0)))}%"


def _key(row: Row) -> str:
    columns = {column.attribute: column for column in COLUMNS[row.SHEET]}
    return ", ".join(filter(None, (_word(columns[name], row) for name in row.KEY)))


def _word(column: Column, row: Any) -> str:
    return _text(column.kind.write(getattr(row, column.attribute)))


def _text(cell: Raw) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
