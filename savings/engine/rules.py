"""What the agreement and its evidence say: rules, sizes, memberships, and which hold on a day."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

SHOWN_DECIMALS = 4

Method = Literal["SIZE", "FIXED", "EQUAL", "ALLIANCE"]
SizesAsAt = Literal["YEAR", "PERIOD"]


@dataclass(frozen=True)
class Size:
    """A force's size by one measure from a date on; a later release restates an earlier one."""

    force: str
    measure: str
    effective_on: date
    release: int
    value: Decimal
    source: str = ""


@dataclass(frozen=True)
class Term:
    """A part of a rule: a measure and its weight in a blend, or a force and its percentage."""

    measure: str = ""
    weight: Decimal | None = None
    force: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """How costs and savings are shared from a date on.

    `sizes_as_at` YEAR takes sizes on 1 April of the financial year, PERIOD on the period's first
    day. `decimals` None divides by the exact sizes. `scope` names the area whose own rule it is; it
    is blank for the alliance's. Method ALLIANCE ends the area's own: from then on the alliance's rule
    holds there again.
    """

    id: int
    effective_on: date
    method: Method
    sizes_as_at: SizesAsAt = "YEAR"
    decimals: int | None = SHOWN_DECIMALS
    terms: tuple[Term, ...] = ()
    source: str = ""
    agreed_on: date | None = None
    scope: str = ""


@dataclass(frozen=True)
class Stay:
    """A force's membership from `joined_on` (None: ever since) up to, not including, `left_on`."""

    force: str
    joined_on: date | None = None
    left_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the force is a member on `day`."""
        return (self.joined_on is None or self.joined_on <= day) and (
            self.left_on is None or day < self.left_on
        )


def rule_on(day: date, area_rules: Iterable[Rule], alliance_rules: Iterable[Rule]) -> Rule | None:
    """The rule in force on `day`: the area's own from its start to its end, else the alliance's."""
    own = _latest(day, area_rules)
    if own is not None and own.method != "ALLIANCE":
        return own
    return _latest(day, alliance_rules)


def _latest(day: date, rules: Iterable[Rule]) -> Rule | None:
    started = (rule for rule in rules if rule.effective_on <= day)
    return max(started, key=lambda rule: rule.effective_on, default=None)


def members_on(
    day: date, area_stays: Sequence[Stay], alliance_stays: Sequence[Stay], order: Sequence[str]
) -> tuple[str, ...]:
    """The forces that share the area on `day`, in the agreed `order`.

    A force must be a member of the alliance and, if the area has a list of its own, of the area.
    """
    members = {stay.force for stay in alliance_stays if stay.covers(day)}
    if area_stays:
        members &= {stay.force for stay in area_stays if stay.covers(day)}
    return tuple(force for force in order if force in members)


def change_days(
    area_rules: Sequence[Rule],
    alliance_rules: Sequence[Rule],
    area_stays: Sequence[Stay],
    alliance_stays: Sequence[Stay],
) -> list[date]:
    """The days on which the rule in force or the members may change, ascending and each once."""
    days = {rule.effective_on for rule in (*area_rules, *alliance_rules)}
    for stay in (*area_stays, *alliance_stays):
        days |= {day for day in (stay.joined_on, stay.left_on) if day}
    return sorted(days)


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
        """The size effective latest on or before `day`, in its latest release, or None."""
        days, sizes = self._history.get((force, measure), ([], []))
        position = bisect_right(days, day)
        return sizes[position - 1] if position else None


def _release_order(size: Size) -> tuple[int, Decimal, str]:
    return size.release, size.value, size.source
