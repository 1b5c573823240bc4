"""Sizes, sharing rules, items and amounts: what money can be shared by and what derives it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from alliance_portal.workbook.checking.codes import After
from alliance_portal.workbook.problems import Problem
from alliance_portal.workbook.rules import Rule
from alliance_portal.workbook.sheets import COLUMNS, SharingRuleRow
from programmes.rules import days_without_size
from savings.rules import cashable_refusal

HUNDRED = Decimal(100)


def find(after: After) -> Iterator[Problem]:
    """What keeps money from being shared as the workbook says."""
    yield from _measures(after)
    yield from _all_zero(after)
    for rule in after["sharing_rules"]:
        if rule.row is not None and not rule.unreadable:
            yield from _rule(rule)
    yield from _items(after)


def _measures(after: After) -> Iterator[Problem]:
    """One measure is written in one way."""
    spelled: dict[str, str] = {}
    named = [(row, "force_sizes", row.measure) for row in after["force_sizes"]]
    for rule in after["sharing_rules"]:
        named += [(row, "sharing_rules", row.measure) for row in rule.rows]
    for row, sheet, measure in sorted(named, key=lambda one: one[0].row is not None):
        first = spelled.setdefault(" ".join(measure.lower().split()), measure)
        if measure != first and row.row is not None:
            what = f"The measure is written “{first}” elsewhere."
            yield Problem(sheet, row.row, "measure", what, f"Write “{first}”.")


def _all_zero(after: After) -> Iterator[Problem]:
    """Sizes that are zero for every force on a date divide nothing."""
    by_measure: dict[str, list[Any]] = {}
    for row in after["force_sizes"]:
        if not row.unreadable:
            by_measure.setdefault(row.measure, []).append(row)
    for measure, rows in by_measure.items():
        # Of a date the latest release counts; the file's rows come after those on record.
        rows.sort(key=lambda row: (row.effective_on, row.row is not None, row.row or 0))
        sizes = [(row.force, row.effective_on, row.value) for row in rows]
        told = {row.effective_on: row.row for row in reversed(rows) if row.row is not None}
        for day in days_without_size(sizes, forces=len(after["forces"])):
            if day in told:
                what = f"“{measure}” is zero for every force on {day.isoformat()}."
                mend = "Give at least one force a size above zero."
                yield Problem("force_sizes", told[day], "value", what, mend)


def _rule(rule: Rule) -> Iterator[Problem]:
    yield from _one_rule(rule)
    checks = {"SIZE": _by_size, "FIXED": _fixed, "EQUAL": _equal, "ALLIANCE": _as_the_alliance}
    yield from checks[rule.method](rule)


def _one_rule(rule: Rule) -> Iterator[Problem]:
    """What belongs to the rule as a whole is the same in all its rows."""
    for name in ("method", "sizes_as_at", "decimals", "agreed_on", "source"):
        for row in rule.rows[1:]:
            if getattr(row, name) != getattr(rule.rows[0], name):
                what = f"The rows of one rule must agree; row {rule.row} says something else."
                yield _at(row, name, what, f"Write the same as in row {rule.row}.")


def _by_size(rule: Rule) -> Iterator[Problem]:
    for row in rule.rows:
        yield from _must_be_blank(row, ("force", "percent"))
        if not row.measure:
            what = "A rule by size has a measure in every row."
            yield _at(row, "measure", what, "Write the measure, as in force_sizes.")
        if row.weight is not None and row.weight <= 0:
            yield _at(row, "weight", "A weight is above zero.", "Write 1, or take the row out.")
        if row.weight is None and len(rule.rows) > 1:
            what = "A blend has a weight for each measure."
            yield _at(row, "weight", what, "Write how much the measure counts, as in 0.75.")
    if not rule.rows[0].sizes_as_at:
        what = "A rule by size says when sizes are taken."
        mend = "Write year (1 April of the financial year) or period (its first day)."
        yield _at(rule.rows[0], "sizes_as_at", what, mend)


def _fixed(rule: Rule) -> Iterator[Problem]:
    for row in rule.rows:
        yield from _must_be_blank(row, ("measure", "weight"))
        if not row.force:
            yield _at(row, "force", "A percentage belongs to a force.", "Write the force's code.")
        if row.percent is None:
            yield _at(row, "percent", "The percentage is missing.", "Write it, as in 69.7.")
        elif rule.decimals is not None and row.percent != round(row.percent, rule.decimals):
            what = f"{row.percent:f} has more decimals than the rule's {rule.decimals}."
            yield _at(row, "percent", what, "Round it, or give the rule more decimals.")
    percents = [row.percent for row in rule.rows]
    total = sum((percent for percent in percents if percent is not None), Decimal(0))
    if None not in percents and total != HUNDRED:
        what = f"The percentages of the rule add up to {total:f}, not to 100."
        yield _at(rule.rows[0], "percent", what, "Change them so that they add up to exactly 100.")


def _equal(rule: Rule) -> Iterator[Problem]:
    for row in rule.rows:
        yield from _must_be_blank(row, ("measure", "weight", "force", "percent"))


def _as_the_alliance(rule: Rule) -> Iterator[Problem]:
    yield from _equal(rule)
    if not rule.area:
        what = "Only an area’s rule can be that of the whole alliance."
        yield _at(rule.rows[0], "method", what, "Name the area, or write how the alliance shares.")


def _must_be_blank(row: SharingRuleRow, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if getattr(row, name) not in ("", None):
            what = f"A rule with the method {row.method.lower()} has no {name}."
            yield _at(row, name, what, "Leave the cell blank, or change the method.")


def _items(after: After) -> Iterator[Problem]:
    typed: dict[str, list[Any]] = {}
    for row in after["amounts"]:
        if row.version == "FORECAST":
            typed.setdefault(row.item, []).append(row)
    for item in after["items"]:
        if item.code in typed and item.ramp:
            yield from _typed_forecasts(item, typed[item.code])
        if item.row is None:
            continue
        refusal = cashable_refusal(item.kind, item.cashable)
        if refusal:
            yield _at(item, "cashable", refusal, "Leave it blank.")
        if not item.ramp or item.unreadable & {"full_year_pence", "milestone"}:
            continue
        if item.full_year_pence is None:
            what = "A ramp needs a full-year value."
            yield _at(item, "full_year_pence", what, "Write the value of a full year in pounds.")
        if not item.milestone:
            what = "A ramp needs a milestone to start from."
            yield _at(item, "milestone", what, "Write the milestone's code.")


def _typed_forecasts(item: Any, rows: list[Any]) -> Iterator[Problem]:
    """The portal derives the forecast of an item with a ramp; nobody types one beside it."""
    what = f"The forecast of {item.code} is derived from its ramp."
    in_file = [row for row in rows if row.row is not None]
    for row in in_file:
        mend = "Take the row out, or leave the item's ramp blank."
        yield Problem("amounts", row.row, "version", what, mend)
    if not in_file and item.row is not None:
        what = f"The portal holds forecast amounts of {item.code} that were typed in."
        yield _at(item, "ramp", what, "Leave the ramp blank, or delete those amounts first.")


def _at(row: Any, attribute: str, what: str, mend: str) -> Problem:
    column = next(c for c in COLUMNS[row.SHEET] if c.attribute == attribute)
    return Problem(row.SHEET, row.row, column.header, what, mend)
