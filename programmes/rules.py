"""What an alliance's own facts may be, a sentence each; plain Python, asked by page and workbook."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from programmes.written.dates import check_day
from programmes.written.refusal import Unreadable
from programmes.written.texts import check_code, check_text

# The earlier and the later of two dates, by their fields; the same day is in order.
DATES_OF_AN_ALLIANCE = (("explored_on", "agreed_on"), ("agreed_on", "target_on"))


def out_of_order(row: Any, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """The later field of each pair whose date is before the earlier one, with what is wrong."""
    for first, last in pairs:
        start, end = getattr(row, first), getattr(row, last)
        if start and end and end < start:
            yield last, f"{end:%-d %B %Y} is before {first.removesuffix('_on')}, {start:%-d %B %Y}."


def budgets_refusal(in_scope: int | None, total: int | None) -> str:
    """Why these budgets, in pence, cannot be together; empty if they can."""
    if in_scope is not None and total is not None and in_scope > total:
        return "The budget in scope is more than the total budget."
    return ""


def code_refusal(code: str, longest: int) -> str:
    """Why this is not a code; empty if it is one."""
    return _refusal(check_code, code, longest)


def text_refusal(text: str, longest: int) -> str:
    """Why this is not a text of at most `longest` characters; empty if it is one."""
    return _refusal(check_text, text, longest)


def day_refusal(day: date) -> str:
    """Why the portal keeps no such day; empty if it does."""
    return _refusal(check_day, day)


def _refusal(check: Callable[..., None], *given: object) -> str:
    try:
        check(*given)
    except Unreadable as refusal:
        return str(refusal)
    return ""
