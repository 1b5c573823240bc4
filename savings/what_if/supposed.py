"""The changes that can be supposed: what each says, and the book with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np

from programmes.models import Force
from savings.book import Book
from savings.book.values import FORECAST, financial_years
from savings.engine.rules import Method, Rule, Size, SizesAsAt, Stay, Term
from savings.inputs import EPOCH

SOURCE = "Supposed"


class NoLongerFits(Exception):
    """A supposed change speaks of something that the alliance no longer has; a sentence for people."""


@dataclass(frozen=True)
class Supposed:
    """A change that nobody made. Names are codes; days, percentages and sizes are exact."""

    kind: ClassVar[str] = ""

    def apply(self, book: Book) -> Book:
        """The book with it. Raises NoLongerFits."""
        raise NotImplementedError


@dataclass(frozen=True)
class SizeMoves(Supposed):
    """A force's size from a day on: another value, or so many percent more or less for good."""

    kind: ClassVar[str] = "size"
    force: str
    measure: str
    on: date
    percent: Decimal | None = None
    value: Decimal | None = None

    def apply(self, book: Book) -> Book:
        """A size of that day; by percent also those that are recorded for later days."""
        check_force(book, self.force)
        sizes = book.sharing.sizes
        if self.value is not None:
            return with_sizes(book, [self._size(sizes, self.on, self.value)])
        factor = 1 + Fraction(self.percent or 0) / 100
        own = {s.effective_on for s in sizes if (s.force, s.measure) == (self.force, self.measure)}
        days = [self.on, *(day for day in sorted(own) if day > self.on)]
        found = [(day, book.sharing.book.latest(self.force, self.measure, day)) for day in days]
        return with_sizes(
            book,
            [
                self._size(sizes, day, exact(Fraction(size.value) * factor))
                for day, size in found
                if size
            ],
        )

    def _size(self, sizes: Iterable[Size], day: date, value: Decimal) -> Size:
        return Size(self.force, self.measure, day, next_release(sizes), value, SOURCE)


@dataclass(frozen=True)
class RuleHolds(Supposed):
    """Another rule from a day on, of the alliance or of an area (its code)."""

    kind: ClassVar[str] = "rule"
    on: date
    method: Method
    area: str = ""
    sizes_as_at: SizesAsAt = "YEAR"
    decimals: int | None = 4
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    percents: Mapping[str, Decimal] = field(default_factory=dict)

    def apply(self, book: Book) -> Book:
        """The rule, in place of another of the same day and scope."""
        for force in self.percents:
            check_force(book, force)
        terms = (
            *(Term(measure=name, weight=weight) for name, weight in self.weights.items()),
            *(Term(force=force, percent=percent) for force, percent in self.percents.items()),
        )
        rule = Rule(
            id=next_rule(book),
            effective_on=self.on,
            method=self.method,
            sizes_as_at=self.sizes_as_at,
            decimals=self.decimals,
            terms=terms,
            source=SOURCE,
            scope=self.area,
        )
        return with_rule(book, rule)


@dataclass(frozen=True)
class DateMoves(Supposed):
    """A milestone (its code) expected on another day."""

    kind: ClassVar[str] = "date"
    milestone: str
    on: date

    def apply(self, book: Book) -> Book:
        """What hangs on it follows, as it does when the date is changed."""
        found = [pk for pk, each in book.milestones.items() if each.code == self.milestone]
        if not found:
            raise NoLongerFits(f"There is no milestone {self.milestone} any more.")
        return book.expecting(found[0], self.on)


@dataclass(frozen=True)
class MoneyMoves(Supposed):
    """An item's forecast so many percent higher or lower from a day on."""

    kind: ClassVar[str] = "money"
    item: str
    on: date
    percent: Decimal

    def apply(self, book: Book) -> Book:
        """Its typed forecast of open years; of an item that follows a date, what a full year comes to."""
        found = [item for item in book.items.values() if item.code == self.item]
        if not found:
            raise NoLongerFits(f"There is no item {self.item} any more.")
        item, factor = found[0], 1 + Fraction(self.percent) / 100
        items = dict(book.items)
        if item.derives_forecast:
            full = round((item.full_year_pence or 0) * factor)
            items[item.id] = replace(item, full_year_pence=full)
        typed = book.typed.copy()
        moved = (
            (typed["item"] == item.id)
            & (typed["version"] == FORECAST)
            & (typed["derived"] == 0)
            & (typed["day"] >= (self.on - EPOCH).days)
            & ~np.isin(financial_years(typed["day"]), np.array(sorted(book.closed), np.int64))
        )
        typed["pence"][moved] = [round(pence * factor) for pence in typed["pence"][moved].tolist()]
        return replace(book, typed=typed, items=items)


@dataclass(frozen=True)
class ForceLeaves(Supposed):
    """A force leaves the alliance on a day, and every area with it."""

    kind: ClassVar[str] = "leaves"
    force: str
    on: date

    def apply(self, book: Book) -> Book:
        """Its stays end. A rule that states its percentage then waits for another."""
        check_force(book, self.force)
        return with_stays_ended(book, {self.force}, self.on)


@dataclass(frozen=True)
class ForceJoins(Supposed):
    """A force joins on a day: one on record, or another by its name and sizes by measure."""

    kind: ClassVar[str] = "joins"
    on: date
    force: str = ""
    name: str = ""
    sizes: Mapping[str, Decimal] = field(default_factory=dict)

    def apply(self, book: Book) -> Book:
        """A member from that day. An area with forces of its own keeps them."""
        code = self.force
        if code:
            check_force(book, code)
        else:
            book, code = with_force(book, self.name, after=None)
            release = next_release(book.sharing.sizes)
            book = with_sizes(
                book,
                [
                    Size(code, name, date.min, release, value, SOURCE)
                    for name, value in self.sizes.items()
                ],
            )
        return book.with_sharing(stays=(*book.sharing.stays, Stay(code, self.on)))


def check_force(book: Book, code: str) -> None:
    """Raise NoLongerFits unless the alliance has the force."""
    if code not in book.sharing.force_ids:
        raise NoLongerFits(f"There is no force {code} any more.")


def exact(value: Fraction) -> Decimal:
    """A size to the four decimals that a size may have."""
    return Decimal(round(value * 10_000)).scaleb(-4)


def next_release(sizes: Iterable[Size]) -> int:
    """A release that restates every one there is."""
    return max((size.release for size in sizes), default=0) + 1


def next_rule(book: Book) -> int:
    """A number below zero, which no rule on record has."""
    every = [*book.sharing.rules]
    for rules in book.sharing.area_rules.values():
        every += rules
    return min([0, *(rule.id for rule in every)]) - 1


def with_sizes(book: Book, sizes: Iterable[Size]) -> Book:
    """The book with more sizes."""
    return book.with_sharing(sizes=(*book.sharing.sizes, *sizes))


def with_rule(book: Book, rule: Rule) -> Book:
    """The book with the rule, in place of one of the same day and scope. Raises NoLongerFits."""
    sharing = book.sharing
    if not rule.scope:
        kept = [each for each in sharing.rules if each.effective_on != rule.effective_on]
        return book.with_sharing(rules=(*kept, rule))
    area = next((each.id for each in book.areas.values() if each.code == rule.scope), None)
    if area is None:
        raise NoLongerFits(f"There is no business area {rule.scope} any more.")
    kept = [
        each for each in sharing.area_rules.get(area, ()) if each.effective_on != rule.effective_on
    ]
    return book.with_sharing(area_rules={**sharing.area_rules, area: (*kept, rule)})


def with_force(book: Book, name: str, *, after: str | None) -> tuple[Book, str]:
    """The book with another force, behind `after` or at the end, and its code."""
    forces = list(book.sharing.forces)
    number = 1 + sum(force.pk < 0 for force in forces)
    force = Force(
        id=-number,
        alliance_id=book.sharing.alliance_id,
        code=f"supposed-{number}",
        name=name,
        position=1 + max((force.position for force in forces), default=0),
    )
    codes = [each.code for each in forces]
    at = codes.index(after) + 1 if after in codes else len(forces)
    forces.insert(at, force)
    return book.with_sharing(forces=tuple(forces)), force.code


def with_stays_ended(book: Book, codes: set[str], on: date) -> Book:
    """The book without these forces from that day on, in the alliance and in every area."""
    sharing = book.sharing
    return book.with_sharing(
        stays=_ended(sharing.stays, codes, on),
        area_stays={area: _ended(stays, codes, on) for area, stays in sharing.area_stays.items()},
    )


def _ended(stays: Iterable[Stay], codes: set[str], on: date) -> tuple[Stay, ...]:
    """A stay that would begin later ends as it begins, so that an area's own list stays one."""
    return tuple(
        replace(stay, left_on=max(stay.joined_on or on, min(stay.left_on or on, on)))
        if stay.force in codes
        else stay
        for stay in stays
    )
