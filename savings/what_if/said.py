"""Supposed changes in words, by the names that the alliance's book gives its codes."""

from collections.abc import Mapping
from decimal import Decimal

from programmes import words
from savings.book import Book
from savings.what_if.merging import ForcesMerge
from savings.what_if.supposed import (
    DateMoves,
    ForceJoins,
    ForceLeaves,
    MoneyMoves,
    RuleHolds,
    SizeMoves,
    Supposed,
)

_METHODS = {
    "EQUAL": "in equal shares",
    "ALLIANCE": "as the whole alliance shares",
}


def said(change: Supposed, book: Book) -> str:
    """One line: "From 1 April 2019, Dorset Police leaves"; a code that is gone stands for itself."""
    names = book.sharing.names
    match change:
        case SizeMoves():
            whose = f"{names.get(change.force, change.force)}’s {change.measure}"
            return f"From {words.day(change.on)}, {whose}: {_size(change)}"
        case RuleHolds():
            areas = {area.code: area.name for area in book.areas.values()}
            whose = areas.get(change.area, change.area) if change.area else "the whole alliance"
            return f"From {words.day(change.on)}, {whose} is shared {_rule(change, names)}"
        case DateMoves():
            return f"{_milestone(change.milestone, book)} on {words.day(change.on)}"
        case MoneyMoves():
            found = [item.name for item in book.items.values() if item.code == change.item]
            return (
                f"From {words.day(change.on)}, the forecast of {(found or [change.item])[0]} is "
                f"{_more(change.percent)}"
            )
        case ForceLeaves():
            return f"{names.get(change.force, change.force)} leaves on {words.day(change.on)}"
        case ForceJoins():
            name = change.name or names.get(change.force, change.force)
            sizes = [f"{measure} {words.size(value)}" for measure, value in change.sizes.items()]
            more = f", with {words.listed(sizes)}" if sizes else ""
            return f"{name} joins on {words.day(change.on)}{more}"
        case ForcesMerge():
            both = f"{names.get(change.first, change.first)} and {names.get(change.second, change.second)}"
            called = f", called {change.name}" if change.name else ""
            return f"{both} become one force on {words.day(change.on)}{called}"
    raise TypeError(change)


def _size(change: SizeMoves) -> str:
    return words.size(change.value) if change.value is not None else _more(change.percent)


def _more(percent: Decimal | None) -> str:
    given = percent or Decimal(0)
    return f"{words.size(abs(given).normalize())}% {'higher' if given >= 0 else 'lower'}"


def _rule(change: RuleHolds, names: Mapping[str, str]) -> str:
    if change.method in _METHODS:
        return _METHODS[change.method]
    if change.method == "FIXED":
        parts = [
            f"{names.get(force, force)} {words.size(percent.normalize())}%"
            for force, percent in change.percents.items()
        ]
        return f"by stated percentages: {words.listed(parts)}"
    if len(change.weights) == 1:
        return f"by {next(iter(change.weights))}"
    parts = [
        f"{name} × {words.size(weight.normalize())}" for name, weight in change.weights.items()
    ]
    return f"by {words.listed(parts)}"


def _milestone(code: str, book: Book) -> str:
    for each in book.milestones.values():
        if each.code == code:
            area = book.areas.get(each.area_id or 0)
            return f"{area.name}: {each.name}" if area else each.name
    return code
