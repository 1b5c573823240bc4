"""Two forces become one on a day: memberships, sizes and stated percentages pass to the successor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from savings.book import Book
from savings.engine.rules import Rule, Size, Stay, Term
from savings.what_if.supposed import (
    SOURCE,
    Supposed,
    check_force,
    next_release,
    next_rule,
    with_force,
    with_sizes,
    with_stays_ended,
)


@dataclass(frozen=True)
class ForcesMerge(Supposed):
    """Two forces become one on a day. The successor's sizes are the sums of theirs, of every day.

    So a financial year that is shared by the sizes of its first day has them too, when the forces
    merge in the middle of it.
    """

    kind: ClassVar[str] = "merge"
    first: str
    second: str
    on: date
    name: str = ""

    def apply(self, book: Book) -> Book:
        """The successor stands in for both from that day; what came before stays theirs."""
        for code in (self.first, self.second):
            check_force(book, code)
        both = {self.first, self.second}
        names = {force.code: force.short_name for force in book.sharing.forces}
        name = self.name or f"{names[self.first]} and {names[self.second]}"
        stays, area_stays = book.sharing.stays, book.sharing.area_stays
        book, code = with_force(book, name, after=self.second)
        book = with_sizes(book, self._sizes(book, code))
        for area, rules in [(None, book.sharing.rules), *book.sharing.area_rules.items()]:
            book = self._restated(book, area, rules, code)
        book = with_stays_ended(book, both, self.on)
        if _any_covers(stays, both, self.on):
            book = book.with_sharing(stays=(*book.sharing.stays, Stay(code, self.on)))
        joined = {
            area: (*own, Stay(code, self.on))
            for area, own in book.sharing.area_stays.items()
            if _any_covers(area_stays[area], both, self.on)
        }
        return book.with_sharing(area_stays={**book.sharing.area_stays, **joined})

    def _sizes(self, book: Book, code: str) -> Iterator[Size]:
        """The sum of what both have on each day that either has a size of; of one alone, its own."""
        both, known = (self.first, self.second), book.sharing.book
        release = next_release(book.sharing.sizes)
        own = [size for size in book.sharing.sizes if size.force in both]
        for measure, day in sorted({(size.measure, size.effective_on) for size in own}):
            parts = [known.latest(force, measure, day) for force in both]
            value = sum((part.value for part in parts if part), Decimal(0))
            yield Size(code, measure, day, release, value, SOURCE)

    def _restated(self, book: Book, area: int | None, rules: Iterable[Rule], code: str) -> Book:
        """Rules of stated percentages that hold on the day or later, with the two parts in one."""
        rules = list(rules)
        begun = [rule for rule in rules if rule.effective_on <= self.on]
        holding = max(begun, key=lambda rule: rule.effective_on, default=None)
        kept: list[Rule] = []
        number = next_rule(book)
        for rule in rules:
            if rule.effective_on > self.on:
                kept.append(replace(rule, terms=self._terms(rule, code)))
                continue
            if rule is holding and rule.method == "FIXED" and rule.effective_on == self.on:
                rule = replace(rule, terms=self._terms(rule, code))
            elif rule is holding and rule.method == "FIXED":
                terms = self._terms(rule, code)
                kept.append(replace(rule, id=number, effective_on=self.on, terms=terms))
            kept.append(rule)
        if area is None:
            return book.with_sharing(rules=tuple(kept))
        return book.with_sharing(area_rules={**book.sharing.area_rules, area: tuple(kept)})

    def _terms(self, rule: Rule, code: str) -> tuple[Term, ...]:
        both = {self.first, self.second}
        parts = [term.percent or Decimal(0) for term in rule.terms if term.force in both]
        others = tuple(term for term in rule.terms if term.force not in both)
        return (*others, Term(force=code, percent=sum(parts, Decimal(0)))) if parts else rule.terms


def _any_covers(stays: Iterable[Stay], codes: set[str], on: date) -> bool:
    return any(stay.force in codes and stay.covers(on) for stay in stays)
