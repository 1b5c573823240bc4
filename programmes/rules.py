"""What an alliance's own facts may be, a sentence each; plain Python, asked by page and workbook."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from programmes.written.dates import check_day
from programmes.written.refusal import Unreadable
from programmes.written.texts import check_code, check_text

# The earlier and the later of two dates, by their fields; the same day is in order.
DATES_OF_AN_ALLIANCE = (("explored_on", "agreed_on"), ("agreed_on", "target_on"))

# A size that differs from the one before by more than this is asked about; in per cent.
MOST_CHANGE = 5


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


def size_doubts(
    value: Decimal, effective_on: date, before: tuple[date, Decimal] | None, today: date
) -> tuple[str, ...]:
    """What makes one ask whether a size is right, a sentence each; nothing if it is as expected.

    `before` is the figure that counts until then, with its date. A doubt is asked about, and refuses
    nothing: a force can shrink, and a count can be announced.
    """
    found = []
    if not value:
        found.append("It is nought: the force would have no share at all.")
    elif before and not before[1]:
        found.append(f"It was nought on {_day(before[0])}.")
    elif before and abs(value - before[1]) * 100 > MOST_CHANGE * before[1]:
        found.append(
            f"It is {_change(value, before[1])} than the {_figure(before[1])} of "
            f"{_day(before[0])}; a change above {MOST_CHANGE}% is unusual."
        )
    if effective_on > today:
        found.append(f"{_day(effective_on)} is still to come.")
    return tuple(found)


def days_without_size(sizes: Iterable[tuple[str, date, Decimal]], forces: int) -> tuple[date, ...]:
    """The days on which every one of so many forces has a size of a measure, and all are nought.

    `sizes` are force, day and figure, by day and within it by release: the last one counts.
    """
    latest: dict[str, Decimal] = {}
    found = []
    for day, of_day in groupby(sizes, key=lambda size: size[1]):
        latest |= {force: value for force, _, value in of_day}
        if len(latest) == forces and not any(latest.values()):
            found.append(day)
    return tuple(found)


def _change(value: Decimal, before: Decimal) -> str:
    """“5.2% more”, with as many decimals as it takes to be above what is usual."""
    change = abs(value - before) * 100 / before
    places = next(n for n in range(1, 30) if round(change, n) > MOST_CHANGE)
    return f"{change:,.{places}f}% {'more' if value > before else 'less'}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _figure(value: Decimal) -> str:
    return f"{value.normalize():,f}"
