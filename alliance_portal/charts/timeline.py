"""The dates at which a chart over time is read: quarter ends, or further apart over many years."""

from collections.abc import Iterable
from datetime import date, timedelta

from savings.engine.periods import add_months, financial_year_of, first_day

MOST = 48
_STEPS = (3, 12, 60, 120, 600)  # months
_DAY = timedelta(days=1)


def month_end(day: date) -> date:
    """The last day of its month."""
    return add_months(day.replace(day=1), 1) - _DAY


def is_year_end(day: date) -> bool:
    """True for 31 March."""
    return (day.month, day.day) == (3, 31)


def reading_dates(known: Iterable[date], *, also: Iterable[date] = ()) -> tuple[date, ...]:
    """Ends of quarters from before the first known date up to the last, and the dates in `also`.

    The first is before every known date, so that what adds up begins at nought; the last is on or
    after all of them. Over more than twelve years they are ends of financial years, and so on.
    Empty if no date is known.
    """
    known, also = tuple(known), tuple(also)
    if not known and not also:
        return ()
    first = min([*known, *(each + _DAY for each in also)])
    last = max([*known, *also])
    for step in _STEPS:
        found = _ends(first, last, step)
        if len(found) <= MOST:
            break
    return tuple(sorted({*found, *also}))


def _ends(first: date, last: date, step: int) -> list[date]:
    """The days before 1 April and each `step` months from it that lie round first … last."""
    start = first_day(financial_year_of(first))
    if step < 12:
        start = add_months(start, (first.month - start.month) % 12 // step * step)
    found = [start - _DAY]
    while found[-1] < last:
        start = add_months(start, step)
        found.append(start - _DAY)
    return found
