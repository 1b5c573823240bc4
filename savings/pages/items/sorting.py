"""How the list of items is sorted: by a column's head, the other way round by the same head again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from savings.selectors.items import ItemRow

# The address's word for each column, its head, and what a row has of it; what is missing comes last.
_BY: dict[str, tuple[str, Callable[[ItemRow], Any]]] = {
    "item": ("Item", lambda row: row.item.name.casefold()),
    "area": ("Business area", lambda row: row.item.area.name.casefold()),
    "plan": ("Plan", lambda row: row.figures.plan),
    "actual": ("Actual to date", lambda row: row.figures.actual),
    "to-go": ("Forecast to go", lambda row: row.figures.to_go),
    "outturn": ("Outturn", lambda row: row.figures.outturn),
    "variance": ("Variance", lambda row: row.figures.variance),
    "kind": ("Kind", lambda row: row.item.get_kind_display()),
    "recurrence": ("Recurrence", lambda row: row.item.get_recurrence_display()),
    "cashable": ("Cashable", lambda row: row.item.get_cashable_display() or None),
    "owner": ("Owner", lambda row: row.item.owner.casefold() or None),
    "start": ("Start", lambda row: row.starts_on),
}
_MONEY = frozenset({"plan", "actual", "to-go", "outturn", "variance"})
_AFTER_NUMBERS = "kind"


def known_order(asked: str) -> str:
    """The order that the address asks for; blank for none and for what is none."""
    return asked if asked.removeprefix("-") in _BY else ""


def in_order(rows: Sequence[ItemRow], order: str) -> list[ItemRow]:
    """The rows so sorted, equal ones as they were; without an order as they are."""
    if not order:
        return list(rows)
    value = _BY[order.removeprefix("-")][1]
    known = [row for row in rows if value(row) is not None]
    missing = [row for row in rows if value(row) is None]
    return [*sorted(known, key=value, reverse=order.startswith("-")), *missing]


def heads(asked: Mapping[str, str], now: str) -> list[dict[str, str]]:
    """Each column's head: its class, the address that sorts by it, and how it sorts now."""
    return [
        {
            "label": label,
            "query": urlencode({**asked, "sort": f"-{name}" if now == name else name}),
            "sorts": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
            "css": "app-money"
            if name in _MONEY
            else "app-after-numbers"
            if name == _AFTER_NUMBERS
            else "",
        }
        for name, (label, _) in _BY.items()
    ]
