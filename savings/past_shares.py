"""The shares file as it stood at a past moment: the same rows, worked out from the book of then."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from programmes.csv_lines import csv_lines
from programmes.models import Alliance
from savings.apportioned import WorkedPool
from savings.book import Book, read
from savings.engine.periods import Period, parse_period, year_label
from savings.exports import (
    COLUMNS,
    NOT_SHARED,
    OPEN,
    STOOD_AT,
    ShareRow,
    in_pounds,
    share_rows,
    word,
)
from savings.inputs import EPOCH, VERSIONS
from savings.share_rows import share_rows as rows_of_shares

_WORDS = [word(version) for version in VERSIONS]


def past_share_rows(
    *, alliance: Alliance, at: datetime, year: int | None = None, version: str | None = None
) -> list[ShareRow]:
    """The rows as `share_rows` would have given them at that moment, in its order.

    Years that were closed by then are as they were frozen. Two queries, and one for each of those.
    """
    book = read(alliance.pk, as_at=at)
    rows = list(_worked_out(alliance.code, book, year, version))
    for closed in sorted(book.closed):
        if year in (None, closed):
            rows += share_rows(alliance=alliance, year=closed, version=version)
    places = {force.code: force.position for force in book.sharing.forces}
    return sorted(rows, key=lambda row: _order(row, places))


def as_past_csv(rows: Iterable[ShareRow], stood_at: str) -> Iterator[str]:
    """The file as UTF-8 CSV, each row with the moment at which it stood."""
    marked = ((*astuple(row), stood_at) for row in rows)
    return csv_lines(chain([(*COLUMNS, STOOD_AT)], marked))


def _order(row: ShareRow, places: Mapping[str, int]) -> tuple[Any, ...]:
    period = parse_period(row.period)
    when = (_WORDS.index(row.version), period.starts_on, period.whole_year)
    return row.area, row.item, *when, places.get(row.borne_by, -1), places.get(row.force, 0)


def _worked_out(code: str, book: Book, year: int | None, version: str | None) -> Iterator[ShareRow]:
    pools = [
        pool
        for pool in book.worked.pools
        if year in (None, pool.key.year)
        and version in (None, pool.key.version)
        and pool.key.year not in book.closed
    ]
    shared = book.worked.share([pool for pool in pools if pool.ratio is not None])
    ids = {pool.key: place for place, pool in enumerate(pools)}
    shares = {
        amount: pence
        for rows in rows_of_shares(shared, ids)
        for amount, pence in zip(rows.amounts.tolist(), rows.pence.tolist(), strict=True)
    }
    codes = {force.position: force.code for force in book.sharing.forces}
    for pool in pools:
        for line in book.worked.lines[pool.first : pool.last]:
            amount = _amount(code, book, pool, line, codes)
            yield from _of_line(amount, pool, shares.get(int(line["amount"]), ()))


def _amount(
    code: str, book: Book, pool: WorkedPool, line: Any, codes: Mapping[int, str]
) -> dict[str, Any]:
    """What every row of an amount says."""
    item = book.items[int(line["item"])]
    pence = int(line["pence"])
    period = Period(EPOCH + timedelta(days=int(line["day"])), bool(line["whole_year"]))
    return {
        "alliance": code,
        "area": book.areas[item.area_id].code,
        "item": item.code,
        "kind": word(item.kind),
        "recurrence": word(item.recurrence),
        "cashable": word(item.cashable),
        "version": word(pool.key.version),
        "financial_year": year_label(pool.key.year),
        "period": period.label,
        "amount": in_pounds(-pence if line["grant"] else pence),
        "borne_by": codes.get(int(line["bearer"]), ""),
        "year_state": OPEN,  # those of closed years are read as they were frozen
    }


def _of_line(amount: dict[str, Any], pool: WorkedPool, shares: Iterable[int]) -> Iterator[ShareRow]:
    ratio = pool.ratio
    if ratio is None:
        yield ShareRow(
            **amount,
            force="",
            percentage="",
            share=None,
            rule_effective_on=None,
            sizes_as_at=None,
            basis=NOT_SHARED + pool.key.withheld,
        )
        return
    for force, percentage, pence in zip(ratio.forces, ratio.percentages, shares, strict=True):
        yield ShareRow(
            **amount,
            force=force,
            percentage=percentage,
            share=in_pounds(pence),
            rule_effective_on=ratio.rule_effective_on,
            sizes_as_at=ratio.sizes_on,
            basis=ratio.basis,
        )
