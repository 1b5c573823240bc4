"""The book of an alliance with a workbook's changes in it: what a load would store, saving nothing.

Plain values from the book as it is and the changes sheet by sheet. What is new has a number of its
own until it is stored, far above every real one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, cast

import numpy as np

from alliance_portal.workbook.comparing import SheetChanges
from alliance_portal.workbook.rules import Rule as RuleRow
from programmes.models import Force
from savings.book import Book, BookArea, BookItem, BookMilestone
from savings.book.values import amounts_of
from savings.engine.rules import Method, Rule, Size, SizesAsAt, Stay, Term
from savings.inputs import EPOCH, VERSIONS, SharingInputs

Changes = Mapping[str, SheetChanges]

_NEW = 2**40


def empty_book() -> Book:
    """The book of an alliance that is not there yet."""
    nothing = SharingInputs(0, (), (), {}, (), {}, ())
    return Book(nothing, {}, {}, {}, amounts_of(()), frozenset(), None)


def upon(book: Book, changes: Changes) -> Book:
    """The book as it would be after the load. No query."""
    return _Loaded(book, changes, count(_NEW)).book()


@dataclass
class _Loaded:
    """One load: the book as it is, what changes, and numbers for what is new."""

    now: Book
    changes: Changes
    numbers: "count[int]"

    def book(self) -> Book:
        """Each part after those that it refers to."""
        forces = self._forces()
        areas = self._areas()
        milestones = self._milestones({area.code: area.id for area in areas.values()})
        items = self._items(areas, milestones)
        targets = [row.target_on for row in _written(self.changes["alliance"])]
        return replace(
            self.now,
            sharing=self._sharing(forces, {area.code: area.id for area in areas.values()}),
            areas=areas,
            milestones=milestones,
            items=items,
            typed=self._typed(items, {force.code: force.pk for force in forces}),
            target_on=targets[0] if targets else self.now.target_on,
        )

    def _rows(self, sheet: str) -> Iterable[tuple[int, Any]]:
        """What is written of a sheet: the number on record or a new one, and the row."""
        changes = self.changes[sheet]
        yield from ((before.pk, after) for before, after in changes.changed)
        yield from ((next(self.numbers), row) for row in changes.created)

    def _forces(self) -> tuple[Force, ...]:
        found = {force.pk: force for force in self.now.sharing.forces}
        for pk, row in self._rows("forces"):
            found[pk] = Force(id=pk, code=row.code, name=row.name, position=row.position)
        return tuple(sorted(found.values(), key=lambda force: force.position))

    def _areas(self) -> dict[int, BookArea]:
        found = dict(self.now.areas)
        for pk, row in self._rows("business_areas"):
            found[pk] = BookArea(pk, row.code, row.name, row.stage)
        return found

    def _milestones(self, areas: Mapping[str, int]) -> dict[int, BookMilestone]:
        found = dict(self.now.milestones)
        for pk, row in self._rows("milestones"):
            dates = (row.baseline_on, row.approved_on, row.forecast_on, row.actual_on)
            area_id = areas[row.area] if row.area else None
            found[pk] = BookMilestone(pk, area_id, row.code, row.name, row.kind, *dates)
        return found

    def _items(
        self, areas: Mapping[int, BookArea], milestones: Mapping[int, BookMilestone]
    ) -> dict[int, BookItem]:
        ids = {area.code: area.id for area in areas.values()}
        by_code = {(each.area_id, each.code): each.id for each in milestones.values()}
        found = dict(self.now.items)
        for pk, row in self._rows("items"):
            area_id = ids[row.area]
            # The area's own milestone of that code goes before the programme's.
            start = by_code.get((area_id, row.milestone), by_code.get((None, row.milestone)))
            found[pk] = BookItem(
                id=pk,
                code=row.code,
                name=row.name,
                area_id=area_id,
                kind=row.kind,
                recurrence=row.recurrence,
                cashable=row.cashable,
                milestone_id=start if row.milestone else None,
                offset_months=row.offset_months,
                full_year_pence=row.full_year_pence,
                ramp=tuple(row.ramp),
            )
        return found

    def _typed(self, items: Mapping[int, BookItem], forces: Mapping[str, int]) -> Any:
        ids = {item.code: item.id for item in items.values()}
        rows = [
            (
                pk,
                ids[row.item],
                VERSIONS.index(row.version),
                (row.period.starts_on - EPOCH).days,
                int(row.period.whole_year),
                forces[row.borne_by] if row.borne_by else 0,
                0,
                row.pence,
            )
            for pk, row in self._rows("amounts")
        ]
        written = amounts_of(rows)
        kept = self.now.typed[~np.isin(self.now.typed["amount"], written["amount"])]
        return np.concatenate([kept, written])

    def _sharing(self, forces: tuple[Force, ...], areas: Mapping[str, int]) -> SharingInputs:
        now = self.now.sharing
        stays = _restayed(now.stays, self.changes["members"])
        by_area = dict(now.area_stays)
        for code, changes in _by_area(self.changes["area_members"]).items():
            by_area[areas[code]] = _restayed(by_area.get(areas[code], ()), changes)
        rules: dict[int, tuple[int | None, Rule]] = {rule.id: (None, rule) for rule in now.rules}
        for area_id, own in now.area_rules.items():
            rules |= {rule.id: (area_id, rule) for rule in own}
        for pk, row in self._rows("sharing_rules"):
            rules[pk] = (areas[row.area] if row.area else None, _rule(pk, row))
        ordered = sorted(rules.values(), key=lambda each: each[1].effective_on)
        area_rules: dict[int, list[Rule]] = {}
        for scope, rule in ordered:
            if scope is not None:
                area_rules.setdefault(scope, []).append(rule)
        return replace(
            now,
            forces=forces,
            stays=stays,
            area_stays=by_area,
            rules=tuple(rule for scope, rule in ordered if scope is None),
            area_rules={scope: tuple(own) for scope, own in area_rules.items()},
            sizes=self._sizes(),
            _known={},
        )

    def _sizes(self) -> tuple[Size, ...]:
        """Each new size is the next release of its force, measure and date."""
        sizes = list(self.now.sharing.sizes)
        last: dict[tuple[str, str, date], int] = {}
        for size in sizes:
            key = (size.force, size.measure, size.effective_on)
            last[key] = max(size.release, last.get(key, 0))
        for row in self.changes["force_sizes"].created:
            last[row.key] = last.get(row.key, 0) + 1
            size = Size(
                force=row.force,
                measure=row.measure,
                effective_on=row.effective_on,
                release=last[row.key],
                value=row.value,
                source=row.source,
            )
            sizes.append(size)
        return tuple(sizes)


def _written(changes: SheetChanges) -> list[Any]:
    return [*(after for _, after in changes.changed), *changes.created]


def _by_area(changes: SheetChanges) -> dict[str, SheetChanges]:
    """Changes of areas' members, apart."""
    codes = {row.area for row in changes.created} | {row.area for _, row in changes.changed}
    return {
        code: SheetChanges(
            tuple(row for row in changes.created if row.area == code),
            tuple(pair for pair in changes.changed if pair[1].area == code),
        )
        for code in codes
    }


def _restayed(stays: tuple[Stay, ...], changes: SheetChanges) -> tuple[Stay, ...]:
    gone = {_stay(before) for before, _ in changes.changed}
    return (*(stay for stay in stays if stay not in gone), *map(_stay, _written(changes)))


def _stay(row: Any) -> Stay:
    return Stay(row.force, row.joined_on, row.left_on)


def _rule(pk: int, row: RuleRow) -> Rule:
    assert row.effective_on is not None
    terms = (Term(term.measure, term.weight, term.force, term.percent) for term in row.terms)
    return Rule(
        id=pk,
        effective_on=row.effective_on,
        method=cast(Method, row.method),
        sizes_as_at=cast(SizesAsAt, row.sizes_as_at),
        decimals=row.decimals,
        terms=tuple(sorted(terms, key=lambda term: (term.measure, term.force))),
        source=row.source,
        agreed_on=row.agreed_on,
        scope=row.area,
    )
