"""From a rule, its members and their sizes to the ratio that amounts are divided in."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from math import gcd, lcm
from typing import Literal

from savings.engine.apportion import apportion
from savings.engine.periods import first_day
from savings.engine.withheld import Withheld

SHOWN_DECIMALS = 4

Method = Literal["SIZE", "FIXED", "EQUAL"]
SizesAsAt = Literal["YEAR", "PERIOD"]


@dataclass(frozen=True)
class Size:
    """A force's size by one measure from a date, as one release published it (a later one restates)."""

    force: str
    measure: str
    effective_on: date
    release: int
    value: Decimal
    source: str = ""


@dataclass(frozen=True)
class Term:
    """A part of a rule: a measure and its weight in the blend, or a force and its stated percentage."""

    measure: str = ""
    weight: Decimal | None = None
    force: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """How costs and savings are shared from a date on. `decimals` None divides by the exact sizes.

    `sizes_as_at` YEAR takes sizes on 1 April of the financial year, PERIOD on the period's first day.
    """

    id: int
    effective_on: date
    method: Method
    sizes_as_at: SizesAsAt = "YEAR"
    decimals: int | None = SHOWN_DECIMALS
    terms: tuple[Term, ...] = ()
    source: str = ""
    agreed_on: date | None = None
    is_area_rule: bool = False


@dataclass(frozen=True)
class Ratio:
    """A sharing ratio: whole weights per force, in the agreed order, and what they came from.

    `weights` are units of the rule's last decimal (4 decimals: parts per million) adding up to
    exactly 100 × 10**decimals; for an exact rule (`decimals` None) the sizes as smallest whole
    numbers, and `percentages` only a picture of them at four decimals. `sizes_on` is the date the
    sizes were read on (rules by year) or since which they have stood (rules by period), None if
    the rule needs no sizes. `rule_id` is the caller's; it is not part of the content.
    """

    forces: tuple[str, ...]
    weights: tuple[int, ...]
    decimals: int | None
    percentages: tuple[str, ...]
    rule_id: int
    rule_effective_on: date
    rule_source: str
    is_area_rule: bool
    sizes_on: date | None
    evidence: tuple[Size, ...]
    basis: str

    @cached_property
    def content_digest(self) -> str:
        """A stable sha256 in hex of everything but the rule's id."""
        parts: list[object] = [
            self.forces, self.weights, self.decimals, self.percentages, self.rule_effective_on.isoformat(),
            self.rule_source, self.is_area_rule, self.sizes_on and self.sizes_on.isoformat(), self.basis,
        ]  # fmt: skip
        for size in self.evidence:
            day, value = size.effective_on.isoformat(), format(size.value.normalize(), "f")
            parts.append((size.force, size.measure, day, size.release, value, size.source))
        return sha256(repr(parts).encode()).hexdigest()


def digest(ratio: Ratio) -> str:
    """A name for the ratio's content: the same wherever and whenever the same ratio is worked out."""
    return ratio.content_digest


class SizeBook:
    """Sizes that answer at once which one was in force on a day."""

    def __init__(self, sizes: Iterable[Size]) -> None:
        newest: dict[tuple[str, str], dict[date, Size]] = {}
        for size in sizes:
            by_day = newest.setdefault((size.force, size.measure), {})
            known = by_day.get(size.effective_on)
            if known is None or _release_order(size) > _release_order(known):
                by_day[size.effective_on] = size
        self._history = {
            key: (sorted(by_day), [by_day[day] for day in sorted(by_day)])
            for key, by_day in newest.items()
        }

    def latest(self, force: str, measure: str, day: date) -> Size | None:
        """The size effective latest on or before `day`, by its latest release; None if there is none."""
        days, sizes = self._history.get((force, measure), ([], []))
        position = bisect_right(days, day)
        return sizes[position - 1] if position else None


def _release_order(size: Size) -> tuple[int, Decimal, str]:
    return size.release, size.value, size.source


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
    units = apportion(100 * 10**_decimals(rule), whole)
    return Ratio(
        forces=tuple(forces),
        weights=tuple(whole if rule.decimals is None else units),
        decimals=rule.decimals,
        percentages=tuple(percentage(part, _decimals(rule)) for part in units),
        rule_id=rule.id,
        rule_effective_on=rule.effective_on,
        rule_source=rule.source,
        is_area_rule=rule.is_area_rule,
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
    """What the rule shares by, in a few words: a measure, a blend with its percentages, or how else."""
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
