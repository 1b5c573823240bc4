"""From a rule, its members and their sizes to the ratio that amounts are divided in."""

import json
from bisect import bisect_right
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from math import gcd, lcm

from savings.engine.apportion import apportion
from savings.engine.periods import financial_year_of, first_day
from savings.engine.rules import (
    SHOWN_DECIMALS,
    Rule,
    Size,
    SizeBook,
    Stay,
    Term,
    change_days,
    members_on,
    rule_on,
)
from savings.engine.withheld import Withheld

__all__ = [
    "Ratio",
    "Rule",
    "Size",
    "SizeBook",
    "Stay",
    "Term",
    "Withheld",
    "digest",
    "members_on",
    "rule_on",
    "split_by_ratio",
    "work_out_ratio",
]

Known = MutableMapping[tuple[int | None, date, tuple[str, ...]], "Ratio | Withheld"]


@dataclass(frozen=True)
class Ratio:
    """A sharing ratio: whole weights per force, in the agreed order, and what they came from.

    `weights` are units of the rule's last decimal (4 decimals: parts per million) adding up to
    exactly 100 * 10**decimals; for an exact rule (`decimals` None) the sizes as smallest whole
    numbers, and `percentages` only a picture of them at four decimals. `sizes_on` is the date the
    sizes were read on (rules by year) or since which they have stood (rules by period), None if
    the rule needs no sizes. `scope` is the rule's area, blank for the alliance's own. `rule_id` is
    the caller's; it is not part of the content.
    """

    forces: tuple[str, ...]
    weights: tuple[int, ...]
    decimals: int | None
    percentages: tuple[str, ...]
    rule_id: int
    rule_effective_on: date
    rule_source: str
    scope: str
    sizes_on: date | None
    evidence: tuple[Size, ...]
    basis: str

    @cached_property
    def content_digest(self) -> str:
        """A stable sha256 in hex of everything but the rule's id."""
        parts: list[object] = [self.forces, self.weights, self.decimals, self.percentages]
        parts += [self.rule_effective_on.isoformat(), self.rule_source, self.scope]
        parts += [self.sizes_on.isoformat() if self.sizes_on else None, self.basis]
        for size in self.evidence:
            day, value = size.effective_on.isoformat(), format(size.value.normalize(), "f")
            parts.append((size.force, size.measure, day, size.release, value, size.source))
        return sha256(json.dumps(parts).encode()).hexdigest()


def digest(ratio: Ratio) -> str:
    """A name for the ratio's content, the same wherever and whenever it is worked out."""
    return ratio.content_digest


def work_out_ratio(
    rule: Rule | None, forces: Sequence[str], day: date, book: SizeBook, year: int
) -> Ratio:
    """The ratio for amounts dated `day` in financial year `year`, between `forces` in agreed order.

    Raises Withheld, saying why in one sentence, if there is no rule, no member, no size on record
    for a member, nothing but zeros, or stated percentages that don't fit the members.
    """
    if rule is None:
        raise Withheld("NO_RULE", day)
    if not forces:
        raise Withheld("NO_MEMBERS", day)
    sizes_on: date | None = None
    evidence: tuple[Size, ...] = ()
    if rule.method == "SIZE":
        read_on = first_day(year) if rule.sizes_as_at == "YEAR" else day
        exact, evidence = _by_size(rule, forces, read_on, book)
        by_year = rule.sizes_as_at == "YEAR"
        sizes_on = read_on if by_year else max(size.effective_on for size in evidence)
    elif rule.method == "FIXED":
        exact = _as_stated(rule, forces, day)
    else:
        exact = [Fraction(1)] * len(forces)
    whole = smallest_whole(exact)
    units = apportion(100 * 10 ** _decimals(rule), whole)
    return Ratio(
        forces=tuple(forces),
        weights=tuple(whole if rule.decimals is None else units),
        decimals=rule.decimals,
        percentages=tuple(percentage(part, _decimals(rule)) for part in units),
        rule_id=rule.id,
        rule_effective_on=rule.effective_on,
        rule_source=rule.source,
        scope=rule.scope,
        sizes_on=sizes_on,
        evidence=evidence,
        basis=basis_of(rule),
    )


def _decimals(rule: Rule) -> int:
    return SHOWN_DECIMALS if rule.decimals is None else rule.decimals


def _by_size(
    rule: Rule, forces: Sequence[str], day: date, book: SizeBook
) -> tuple[list[Fraction], tuple[Size, ...]]:
    """Each force's exact part, and the sizes used, measure by measure."""
    parts = [Fraction(0)] * len(forces)
    evidence: list[Size] = []
    for measure, weight in blend(rule):
        sizes = []
        for force in forces:
            size = book.latest(force, measure, day)
            if size is None:
                raise Withheld("NO_SIZE", day, force, measure)
            sizes.append(size)
        whole = sum((Fraction(size.value) for size in sizes), Fraction(0))
        if whole == 0:
            raise Withheld("ALL_ZERO", day, "", measure)
        for index, size in enumerate(sizes):
            parts[index] += weight * Fraction(size.value) / whole
        evidence += sizes
    if not evidence:
        raise Withheld("NO_MEASURE", day)
    return parts, tuple(evidence)


def _as_stated(rule: Rule, forces: Sequence[str], day: date) -> list[Fraction]:
    """Each force's stated percentage; zero may be left stated for a force that is not a member."""
    stated = {term.force: Fraction(term.percent or 0) for term in rule.terms if term.force}
    for force in forces:
        if force not in stated:
            raise Withheld("NOT_STATED", day, force)
    for force, percent in stated.items():
        if percent and force not in forces:
            raise Withheld("NOT_A_MEMBER", day, force)
    parts = [stated[force] for force in forces]
    if sum(parts) != 100:
        raise Withheld("NOT_100", day)
    return parts


def blend(rule: Rule) -> list[tuple[str, Fraction]]:
    """The measures of a rule by size with their parts of the whole, in the rule's order.

    Terms without a weight count as one; terms of weight zero are left out.
    """
    weights = [
        (term.measure, Fraction(1 if term.weight is None else term.weight))
        for term in rule.terms
        if term.measure
    ]
    whole = sum((weight for _, weight in weights), Fraction(0))
    return [(measure, weight / whole) for measure, weight in weights if weight]


def basis_of(rule: Rule) -> str:
    """What the rule shares by, in a few words, for example its measures and their percentages."""
    if rule.method == "FIXED":
        return "Stated percentages"
    if rule.method == "EQUAL":
        return "Equal shares"
    measures = blend(rule)
    if len(measures) == 1:
        return measures[0][0]
    units = apportion(100 * 10**SHOWN_DECIMALS, smallest_whole([part for _, part in measures]))
    shown = (percentage(unit, SHOWN_DECIMALS).rstrip("0").rstrip(".") for unit in units)
    return ", ".join(
        f"{measure} {percent}%" for (measure, _), percent in zip(measures, shown, strict=True)
    )


def smallest_whole(parts: Sequence[Fraction]) -> list[int]:
    """The smallest whole numbers in the same proportions as `parts`."""
    denominator = lcm(*(part.denominator for part in parts))
    whole = [int(part * denominator) for part in parts]
    divisor = gcd(*whole) or 1
    return [part // divisor for part in whole]


def percentage(units: int, decimals: int) -> str:
    """Units of the last decimal written out: 697151 at 4 decimals is 69.7151."""
    if decimals == 0:
        return str(units)
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}"


def split_by_ratio(
    days: Iterable[date],
    *,
    area_rules: Sequence[Rule],
    alliance_rules: Sequence[Rule],
    area_stays: Sequence[Stay],
    alliance_stays: Sequence[Stay],
    order: Sequence[str],
    book: SizeBook,
    known: Known | None = None,
) -> dict[date, Ratio | Withheld]:
    """Each period's first day with its ratio, or with why there is none. Days in ascending order.

    Days with the same ratio have equal ones, whose `digest` they can be grouped by. `known` keeps
    what was worked out for a rule's id, date and members; pass one dictionary for all areas of an
    alliance to save doing it again, for as long as the rules, their ids and the `book` stay.
    """
    known = {} if known is None else known
    changes = change_days(area_rules, alliance_rules, area_stays, alliance_stays)
    standing: dict[int, tuple[Rule | None, tuple[str, ...]]] = {}
    ratios: dict[date, Ratio | Withheld] = {}
    for day in sorted(set(days)):
        stretch = bisect_right(changes, day)
        if stretch not in standing:
            members = members_on(day, area_stays, alliance_stays, order)
            standing[stretch] = rule_on(day, area_rules, alliance_rules), members
        rule, members = standing[stretch]
        year = financial_year_of(day)
        # Without members the reason names the day itself, which may not depend on who asked first.
        by_year = (
            bool(members)
            and rule is not None
            and rule.method == "SIZE"
            and rule.sizes_as_at == "YEAR"
        )
        key = (rule.id if rule else None, first_day(year) if by_year else day, members)
        if key not in known:
            known[key] = _ratio_or_reason(rule, members, day, book, year)
        ratios[day] = known[key]
    return ratios


def _ratio_or_reason(
    rule: Rule | None, members: tuple[str, ...], day: date, book: SizeBook, year: int
) -> Ratio | Withheld:
    try:
        return work_out_ratio(rule, members, day, book, year)
    except Withheld as reason:
        return reason.with_traceback(None)
