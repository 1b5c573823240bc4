"""What counts of an area's pools in the outturn: every actual, and the forecasts that none stands for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from programmes.models import Alliance
from savings.models import Amount, Pool
from savings.outturn_shares import replaced, shares_left
from savings.selectors.outturn import months_made, still_counts
from savings.selectors.pool_workings import PoolLine, PoolWorking


def counted(
    alliance: Alliance, workings: Sequence[PoolWorking], day: date
) -> Iterator[PoolWorking]:
    """What counts of these pools on `day`; one of which nothing counts is left out.

    One query if some of them is not shared, else none.
    """
    periods: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for working in workings:
        if working.pool.version == Amount.Version.ACTUAL:
            for line in working.lines:
                periods[line.item_id].append((line.starts_on, line.whole_year))
    made = {item: months_made(of_item, day) for item, of_item in periods.items()}
    gone = _unshared(alliance, workings, day)
    for working in workings:
        pool = working.pool
        if pool.version == Amount.Version.ACTUAL:
            yield replace(working, names_version=True)
        elif pool.ratio_id is None:
            pence = pool.total_pence + gone.pop((pool.area_id, pool.year, pool.kind), 0)
            yield replace(working, pence=pence, names_version=True)
        elif lines := tuple(_still_counting(working.lines, made)):
            by_force = zip(*(line.signed_shares for line in lines), strict=True)
            yield replace(
                working,
                lines=lines,
                shares=tuple(sum(of_force) for of_force in by_force),
                pence=sum(line.signed_pence for line in lines),
                names_version=True,
            )


def _unshared(
    alliance: Alliance, workings: Sequence[PoolWorking], day: date
) -> dict[tuple[int, int, str], int]:
    """What counts no more of forecasts that are not shared, by area, year and kind; below zero."""
    gone: dict[tuple[int, int, str], int] = defaultdict(int)
    if any(working.pool.ratio_id is None for working in workings):
        for each in replaced(alliance.pk, Pool.Kind.values, day):
            gone[each.area_id, each.year, each.kind] += each.unshared
    return gone


def _still_counting(lines: Sequence[PoolLine], made: Mapping[int, set[date]]) -> Iterator[PoolLine]:
    """The forecast's lines that count, each with what is left of it."""
    for line in lines:
        months = made.get(line.item_id, set())
        left = still_counts(line.pence, line.starts_on, line.whole_year, months)
        if left == line.pence:
            yield line
        elif left:
            yield replace(line, pence=left, shares=tuple(shares_left(line.shares, left)))
