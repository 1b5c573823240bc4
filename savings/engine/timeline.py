"""Which rule, which members and so which ratio hold on each day of an area."""

from bisect import bisect_right
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date

from savings.engine.periods import financial_year_of, first_day
from savings.engine.ratio import Ratio, Rule, SizeBook, work_out_ratio
from savings.engine.withheld import Withheld

Known = MutableMapping[tuple[int | None, date, tuple[str, ...]], Ratio | Withheld]


@dataclass(frozen=True)
class Stay:
    """A force's membership from `joined_on` (None: from the beginning) up to, not including, `left_on`."""

    force: str
    joined_on: date | None = None
    left_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the force is a member on `day`."""
        return (self.joined_on is None or self.joined_on <= day) and (
            self.left_on is None or day < self.left_on
        )


def rule_on(day: date, area_rules: Iterable[Rule], alliance_rules: Iterable[Rule]) -> Rule | None:
    """The rule in force on `day`: the area's own once one has started, else the alliance's; or None."""
    for rules in (area_rules, alliance_rules):
        started = [rule for rule in rules if rule.effective_on <= day]
        if started:
            return max(started, key=lambda rule: rule.effective_on)
    return None


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

    Equal ratios are equal objects, so days can be grouped by them (or by `digest`). `known` keeps
    what was worked out for a rule, date and set of members; pass one dictionary for all areas of an
    alliance to save doing it again. It is good for as long as the rules and the `book` are the same.
    """
    known = {} if known is None else known
    changes = _change_days(area_rules, alliance_rules, area_stays, alliance_stays)
    standing: dict[int, tuple[Rule | None, tuple[str, ...]]] = {}
    ratios: dict[date, Ratio | Withheld] = {}
    for day in sorted(set(days)):
        stretch = bisect_right(changes, day)
        if stretch not in standing:
            members = members_on(day, area_stays, alliance_stays, order)
            standing[stretch] = rule_on(day, area_rules, alliance_rules), members
        rule, members = standing[stretch]
        year = financial_year_of(day)
        by_year = rule is not None and rule.method == "SIZE" and rule.sizes_as_at == "YEAR"
        key = (rule and rule.id, first_day(year) if by_year else day, members)
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


def _change_days(
    area_rules: Sequence[Rule],
    alliance_rules: Sequence[Rule],
    area_stays: Sequence[Stay],
    alliance_stays: Sequence[Stay],
) -> list[date]:
    """The days on which the rule in force or the members may change, ascending."""
    days = {rule.effective_on for rule in (*area_rules, *alliance_rules)}
    for stay in (*area_stays, *alliance_stays):
        days |= {day for day in (stay.joined_on, stay.left_on) if day}
    return sorted(days)
