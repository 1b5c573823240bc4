"""What a workbook would create and change in what the portal holds.

A workbook adds and changes; it never deletes, and says nothing of rows that it does not have. The
terms of a rule that it gives are taken as a set. Among the releases of a force's size nothing is
ever overwritten: what differs is a further release.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.rules import rules_of
from alliance_portal.workbook.sheets import (
    AmountRow,
    AreaMemberRow,
    ForceSizeRow,
    MemberRow,
    Workbook,
)

Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """What happens to one sheet: rows created, pairs of before and after, rows that stay.

    Rows are those of `sheets`, but of `sharing_rules`, where they are whole `Rule`s.
    """

    created: tuple[Any, ...] = ()
    changed: tuple[Pair, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.changed)


def compare(stored: Workbook, given: Workbook, sheet: str) -> SheetChanges:
    """The changes of one sheet, in the order of the workbook's rows."""
    created, changed, unchanged = [], [], 0
    for before, after in _pairs(stored, given, sheet):
        if before is None:
            created.append(after)
        elif before == after:
            unchanged += 1
        else:
            changed.append((before, after))
    return SheetChanges(tuple(created), tuple(changed), unchanged)


def overlay(stored: Workbook, given: Workbook, sheet: str) -> tuple[Any, ...]:
    """A sheet as it would stand after the load; a row with no `row` is on record only."""
    pairs = _pairs(stored, given, sheet)
    replaced = {before.pk for before, _ in pairs if before is not None}
    kept = tuple(row for row in _units(stored, sheet) if row.pk not in replaced)
    return tuple(after for _, after in pairs) + kept


def in_agreed_order(stored: Workbook, given: Workbook) -> Workbook:
    """The given workbook with the position of each force.

    The order of the sheet holds if it names every force on record; otherwise the order on record,
    with new forces at its end. Positions on record stay where the order allows it.
    """
    on_record = {force.code: force.position or 0 for force in stored.forces}
    in_sheet = [force.code for force in given.forces]
    if set(on_record) <= set(in_sheet):
        order = list(dict.fromkeys(in_sheet))
    else:
        order = list(dict.fromkeys([*on_record, *in_sheet]))
    if order[: len(on_record)] == list(on_record):
        last = max(on_record.values(), default=0)
        new = {code: at for at, code in enumerate(order[len(on_record) :], start=last + 1)}
        positions = on_record | new
    else:
        positions = {code: at for at, code in enumerate(order, start=1)}
    forces = tuple(replace(force, position=positions[force.code]) for force in given.forces)
    return replace(given, forces=forces)


def _units(workbook: Workbook, sheet: str) -> tuple[Any, ...]:
    if sheet == "sharing_rules":
        return rules_of(workbook.sharing_rules)
    return workbook.rows(sheet)


def _pairs(stored: Workbook, given: Workbook, sheet: str) -> list[Pair]:
    """Each row of the workbook with the row on record that it speaks of, or None."""
    before, after = _units(stored, sheet), _units(given, sheet)
    if sheet == "members":
        return _pair_stays(before, after, lambda row: row.force)
    if sheet == "area_members":
        return _pair_stays(before, after, lambda row: (row.area, row.force))
    if sheet == "force_sizes":
        return _pair_releases(before, after)
    if sheet == "amounts":
        return _pair_amounts(before, after)
    on_record = {row.key: row for row in before}
    return [(on_record.get(row.key), row) for row in after]


def _pair_stays(
    stored: Sequence[MemberRow | AreaMemberRow],
    given: Sequence[MemberRow | AreaMemberRow],
    whose: Callable[[Any], object],
) -> list[Pair]:
    """By force and joining date; a force's stays left over are paired in order of their dates.

    So a corrected joining date changes a stay and does not add one beside it.
    """
    on_record = {row.key: row for row in stored}
    matched = {row.key for row in given if row.key in on_record}
    spare: dict[object, list[Row]] = {}
    for row in sorted(stored, key=lambda row: (row.joined_on is not None, str(row.joined_on))):
        if row.key not in matched:
            spare.setdefault(whose(row), []).append(row)
    pairs: list[Pair] = []
    for row in given:
        left_over = spare.get(whose(row), [])
        if row.key in matched:
            pairs.append((on_record[row.key], row))
        else:
            pairs.append((left_over.pop(0) if left_over else None, row))
    return pairs


def place_of(row: AmountRow) -> tuple[Any, ...]:
    """What tells an amount from every other, whoever bore it."""
    return row.item, row.version, row.period


def _pair_amounts(stored: Sequence[AmountRow], given: Sequence[AmountRow]) -> list[Pair]:
    """By item, version, period and who bore it; else who bore it is what changes.

    A force is named for the amount that names nobody yet; a blank cell empties the only one there.
    """
    on_record = {row.key: row for row in stored}
    matched = {row.key for row in given if row.key in on_record}
    spare: dict[object, list[AmountRow]] = {}
    for row in stored:
        if row.key not in matched:
            spare.setdefault(place_of(row), []).append(row)
    pairs: list[Pair] = []
    for row in given:
        left_over = spare.get(place_of(row), [])
        names_nobody = [each for each in left_over if not each.borne_by]
        if row.key in matched:
            pairs.append((on_record[row.key], row))
        elif names_nobody or (not row.borne_by and len(left_over) == 1):
            before = (names_nobody or left_over)[0]
            left_over.remove(before)
            pairs.append((before, row))
        else:
            pairs.append((None, row))
    return pairs


def _pair_releases(stored: Iterable[ForceSizeRow], given: Iterable[ForceSizeRow]) -> list[Pair]:
    """The longest end of those on record that begins the sheet's rows stays; the rest is new."""
    on_record: dict[object, list[ForceSizeRow]] = {}
    for row in stored:
        on_record.setdefault(row.key, []).append(row)
    in_sheet: dict[object, list[ForceSizeRow]] = {}
    for row in given:
        in_sheet.setdefault(row.key, []).append(row)
    pairs: list[Pair] = []
    for key, rows in in_sheet.items():
        releases = on_record.get(key, [])
        known = _overlap(releases, rows)
        pairs += zip(releases[len(releases) - known :], rows[:known], strict=True)
        pairs += [(None, row) for row in rows[known:]]
    return pairs


def _overlap(releases: list[ForceSizeRow], rows: list[ForceSizeRow]) -> int:
    """How many rows at the start of `rows` are the last of `releases`, at most.

    Knuth, Morris and Pratt: as many steps as there are rows, however alike they are.
    """
    borders = [0]
    for row in rows[1:]:
        borders.append(_longer(borders, rows, borders[-1], row))
    length = 0
    for release in releases:
        length = _longer(borders, rows, length, release)
    return length


def _longer(borders: list[int], rows: list[ForceSizeRow], length: int, row: ForceSizeRow) -> int:
    """The length of the longest start of `rows` that ends with `row`, after one of `length`."""
    while length and (length == len(rows) or rows[length] != row):
        length = borders[length - 1]
    return length + 1 if rows[length] == row else 0
