"""Shares of the outturn: those of the actual amounts, and of the forecasts that still count.

They are stored with plan, forecast and actual, and chosen from these; none is stored for the outturn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from programmes.models import Alliance
from savings.book import Book
from savings.engine.apportion import apportion
from savings.engine.periods import Period, parse_period, parse_year
from savings.exports import NOT_SHARED, ShareRow, in_pounds, word
from savings.past_shares import past_share_rows
from savings.selectors.outturn import OUTTURN, Saved, months_made, still_counts

# What an outturn is chosen from.
CHOSEN_FROM = ("FORECAST", "ACTUAL")
_ACTUAL, _FORECAST = word("ACTUAL"), word("FORECAST")


def versions_of(version: str) -> list[str]:
    """The stored versions that a version of a page is read from."""
    return list(CHOSEN_FROM) if version == OUTTURN else [version]


def shares_left(shares: Sequence[int], left: int) -> list[int]:
    """The shares of what is left of an amount, in proportion to those of all of it; to the penny."""
    if sum(shares) == left:
        return list(shares)
    return apportion(left, [abs(each) for each in shares]) if left else [0] * len(shares)


class ShareSum(NamedTuple):
    """A force's pence of an area's year, as they count in its costs or savings, and pence not yet shared
    with the reasons; `force_id` is None where there is no force."""

    area_id: int
    year: int
    kind: str
    force_id: int | None
    pence: int
    unshared: int
    why: Sequence[str] | None


# The forecasts of items that have an actual amount in the same year, with the months that those are of.
_BESIDE = """
    WITH made AS MATERIALIZED (
        SELECT item_id, year, array_agg(DISTINCT starts_on) AS months, bool_or(whole_year) AS whole
          FROM savings_amount WHERE alliance_id = %(alliance)s AND version = 'ACTUAL'
         GROUP BY 1, 2
    ), forces AS MATERIALIZED (
        SELECT ratio_id, array_agg(force_id ORDER BY position) AS ids
          FROM savings_ratiopart rp JOIN savings_sharingratio r ON r.id = rp.ratio_id
         WHERE r.alliance_id = %(alliance)s GROUP BY 1
    )
    SELECT i.area_id, a.year, CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END,
           i.kind = 'GRANT', a.starts_on, a.whole_year, a.pence, m.months, m.whole, s.pence, forces.ids
      FROM savings_amount a
      JOIN made m ON m.item_id = a.item_id AND m.year = a.year
      JOIN savings_item i ON i.id = a.item_id
      LEFT JOIN LATERAL (
           SELECT s.pence, p.ratio_id FROM savings_pool p
             JOIN savings_amountshares s ON s.pool_id = p.id AND s.amount_id = a.id
            WHERE p.area_id = i.area_id AND p.year = a.year AND p.version = a.version
              AND p.kind = CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END) s ON true
      LEFT JOIN forces ON forces.ratio_id = s.ratio_id
     WHERE a.alliance_id = %(alliance)s AND a.version = 'FORECAST'
       AND CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END = ANY(%(kinds)s)
"""


def replaced(alliance_id: int, kinds: Sequence[str], day: date) -> Iterator[ShareSum]:
    """What of the stored forecast actual amounts stand for as at `day`, taken off it. One query."""
    found: dict[tuple[int, int, str], Counter[int]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"alliance": alliance_id, "kinds": list(kinds)})
        for area, year, kind, is_grant, on, whole, pence, months, of_year, shares, ids in cursor:
            made = months_made([(each, of_year) for each in months], day)
            stored = pence if shares is None else sum(shares)
            gone = stored - still_counts(stored, on, whole, made)
            sign = 1 if is_grant else -1
            if shares is None:
                yield ShareSum(area, year, kind, None, 0, sign * gone, None)
            elif gone:
                left, by_force = shares_left(shares, stored - gone), found[area, year, kind]
                for force, share, kept in zip(ids, shares, left, strict=True):
                    by_force[force] += sign * (share - kept)
    for of, by_force in found.items():
        for force, pence in by_force.items():
            yield ShareSum(*of, force, pence, 0, None)


_PERIODS = """
    SELECT a.item_id, a.version, a.starts_on, a.whole_year, sum(abs(a.pence))::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %(alliance)s AND a.year = %(year)s AND a.version = ANY(%(versions)s)
       AND CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END = ANY(%(kinds)s)
     GROUP BY 1, 2, 3, 4
"""


def read_periods(alliance_id: int, year: int, kinds: Sequence[str]) -> list[Saved]:
    """The actual and forecast amounts of a year, each item's of a period as one, without sign. One query."""
    asked: dict[str, Any] = {
        "alliance": alliance_id,
        "year": year,
        "versions": list(CHOSEN_FROM),
        "kinds": list(kinds),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, asked)
        return [
            Saved(version, on, whole, pence, item) for item, version, on, whole, pence in cursor
        ]


def outturn_rows(rows: Iterable[ShareRow], day: date) -> Iterator[ShareRow]:
    """The rows of the shares file that count in the outturn as at `day`, in their order.

    A whole year's forecast of which some months are in has a row of what is left of it. An item's rows
    are together, and are held while they are looked at.
    """
    for _, found in groupby(rows, key=lambda row: (row.area, row.item)):
        of_item = list(found)
        periods = {
            parse_period(row.period): row.financial_year
            for row in of_item
            if row.version == _ACTUAL
        }
        made: dict[str, set[date]] = {
            year: months_made(
                [(each.starts_on, each.whole_year) for each, of in periods.items() if of == year],
                day,
            )
            for year in set(periods.values())
        }
        for (version, period, _), amount in groupby(of_item, key=_amount_of):
            if version == _ACTUAL:
                yield from amount
            elif version == _FORECAST:
                yield from _left(list(amount), parse_period(period), made)


def outturn_stood(
    alliance: Alliance, book: Book, at: datetime, kinds: Sequence[str]
) -> Iterator[ShareSum]:
    """The outturn's shares as they stood at the moment of the book. Two queries, and one a closed year."""
    areas = {area.code: area_id for area_id, area in book.areas.items()}
    for row in outturn_rows(past_share_rows(alliance=alliance, at=at), alliance.today(at.date())):
        kind = "SAVING" if row.kind == word("SAVING") else "COST"
        if kind not in kinds:
            continue
        sign = -1 if row.kind == word("GRANT") else 1
        of = areas[row.area], parse_year(row.financial_year), kind
        if row.share is None:
            why = [row.basis.removeprefix(NOT_SHARED)]
            yield ShareSum(*of, None, 0, sign * _pence(row.amount), why)
        else:
            yield ShareSum(
                *of, book.sharing.force_ids[row.force], sign * _pence(row.share), 0, None
            )


def _amount_of(row: ShareRow) -> tuple[str, str, str]:
    return row.version, row.period, row.borne_by


def _left(
    rows: Sequence[ShareRow], period: Period, made: dict[str, set[date]]
) -> Iterator[ShareRow]:
    """The rows of one forecast amount, of what still counts of it."""
    months = made.get(rows[0].financial_year, set())
    pence = _pence(rows[0].amount)
    left = still_counts(pence, period.starts_on, period.whole_year, months)
    if left == pence:
        yield from rows
    elif left:
        amount = in_pounds(left)
        shares = [row.share for row in rows]
        if None in shares:
            parts: Sequence[int | None] = [None] * len(rows)
        else:
            parts = shares_left([_pence(each) for each in shares if each is not None], left)
        for row, part in zip(rows, parts, strict=True):
            yield replace(row, amount=amount, share=None if part is None else in_pounds(part))


def _pence(pounds: Decimal) -> int:
    return int(pounds.scaleb(2))
