"""What is stored, by its natural keys and row by row, and how it differs from a fresh working-out."""

from collections import Counter
from typing import Any

from django.db import connection

from savings.apportioned import work_out
from savings.book import Cell, Place
from savings.inputs import Unit, read_lines
from savings.share_rows import share_rows
from savings.sharing_inputs import read_sharing_inputs

Rows = dict[Any, Any]

_SHARES = """
    SELECT a.code, i.code, m.version, m.starts_on, m.whole_year, coalesce(b.code, ''), f.code,
           s.pence, {more}
      FROM savings_share s
      JOIN savings_amountshares o ON o.pool_id = s.pool_id AND o.amount_id = s.amount_id
      JOIN savings_amount m ON m.id = s.amount_id JOIN savings_item i ON i.id = m.item_id
      JOIN business_areas_businessarea a ON a.id = i.area_id
      JOIN programmes_force f ON f.id = s.force_id
      LEFT JOIN programmes_force b ON b.id = m.borne_by_id
     WHERE i.alliance_id = %s
"""
_POOL_SHARES = """
    SELECT p.area_id, p.year, p.kind, p.version, f.code, s.pence
      FROM savings_poolshare s JOIN savings_pool p ON p.id = s.pool_id
      JOIN programmes_force f ON f.id = s.force_id
     WHERE p.alliance_id = %s
"""
_WAITING = """
    SELECT area_id, year, kind, version, total_pence FROM savings_pool
     WHERE alliance_id = %s AND ratio_id IS NULL
"""
_POOLS = """
    SELECT id, area_id, year, kind, version, coalesce(digest, ''), withheld, starts_on,
           total_pence, inputs_hash
      FROM savings_pool LEFT JOIN (SELECT id AS ratio_id, digest FROM savings_sharingratio) r
           USING (ratio_id)
     WHERE alliance_id = %s
"""


def shares(alliance_id: int) -> Rows:
    """Pence by area, item, version, period, whole year or month, bearer and force."""
    return {row[:7]: row[7] for row in _all(_SHARES.format(more="0"), alliance_id)}


def by_force(alliance_id: int, item: str) -> dict[str, int]:
    """Pence by force of all an item's amounts together."""
    totals: dict[str, int] = {}
    for key, pence in shares(alliance_id).items():
        if key[1] == item:
            totals[key[6]] = totals.get(key[6], 0) + pence
    return totals


def by_place(alliance_id: int) -> tuple[Counter[Cell], Counter[Place]]:
    """Every force's pence of the pools, and what waits for a rule or a size, by place."""
    cells: Counter[Cell] = Counter()
    waiting: Counter[Place] = Counter()
    for *place, pence in _all(_POOL_SHARES, alliance_id):
        cells[Cell(*place)] += pence
    for *place, pence in _all(_WAITING, alliance_id):
        waiting[tuple(place)] += pence
    return cells, waiting


def moved(before: Counter[Any], after: Counter[Any]) -> Rows:
    """What lies between two readings of by_place, where anything does."""
    found = {key: after[key] - before[key] for key in before.keys() | after.keys()}
    return {key: pence for key, pence in found.items() if pence}


def row_places(alliance_id: int) -> Rows:
    """Where each share's row lies and who wrote it: changes with any write, even of the same."""
    found = _all(_SHARES.format(more="o.ctid::text, o.xmin::text"), alliance_id)
    return {row[:7]: row[7:] for row in found}


def pool_places(alliance_id: int) -> Rows:
    """The same for pools and their own shares."""
    pools = _all(
        "SELECT id, ctid::text, xmin::text FROM savings_pool WHERE alliance_id = %s", alliance_id
    )
    own = _all(
        "SELECT s.pool_id, s.force_id, s.pence, s.ctid::text, s.xmin::text"
        "  FROM savings_poolshare s JOIN savings_pool p ON p.id = s.pool_id"
        " WHERE p.alliance_id = %s",
        alliance_id,
    )
    return {row[0]: row[1:] for row in pools} | {row[:2]: row[2:] for row in own}


def differences(alliance_id: int) -> list[str]:
    """How what is stored differs from working everything out again now; empty if in nothing."""
    inputs = read_sharing_inputs(alliance_id)
    units = [
        Unit(*row)
        for row in _all(
            "SELECT DISTINCT i.area_id, a.year FROM savings_amount a"
            " JOIN savings_item i ON i.id = a.item_id WHERE i.alliance_id = %s",
            alliance_id,
        )
    ]
    worked = work_out(inputs, read_lines(units))
    shared = worked.share([pool for pool in worked.pools if pool.ratio is not None])
    shared.check_sums()
    stored = {row[1:7]: row for row in _all(_POOLS, alliance_id)}
    ids = {key: row[0] for key, row in stored.items()}
    fresh = {
        tuple(pool.key): (pool.starts_on, pool.total_pence, pool.inputs_hash)
        for pool in worked.pools
    }
    wrong = _compared("pool", fresh, {key: row[7:] for key, row in stored.items()})
    if wrong:
        return wrong
    places = {key: ids[tuple(key)] for key in (pool.key for pool in worked.pools)}
    fresh_rows = {
        (pool, amount): pence
        for rows in share_rows(shared, places)
        for pool, amount, pence in zip(*(column.tolist() for column in rows), strict=True)
    }
    found = _all(
        "SELECT s.pool_id, s.amount_id, s.pence FROM savings_amountshares s"
        " JOIN savings_pool p ON p.id = s.pool_id WHERE p.alliance_id = %s",
        alliance_id,
    )
    wrong += _compared("shares", fresh_rows, {row[:2]: row[2] for row in found})
    totals = {
        (places[pool.key], inputs.force_ids[force]): pence
        for pool, force, pence in shared.force_totals()
    }
    found = _all(
        "SELECT s.pool_id, s.force_id, s.pence FROM savings_poolshare s"
        " JOIN savings_pool p ON p.id = s.pool_id WHERE p.alliance_id = %s",
        alliance_id,
    )
    return wrong + _compared("pool's share", totals, {row[:2]: row[2] for row in found})


def orphans() -> int:
    """Amounts’ shares whose pool or amount is no more."""
    found = _all(
        "SELECT count(*) FROM savings_amountshares s WHERE %s >= 0 AND ("
        " NOT EXISTS (SELECT 1 FROM savings_pool p WHERE p.id = s.pool_id)"
        " OR NOT EXISTS (SELECT 1 FROM savings_amount a WHERE a.id = s.amount_id))",
        0,
    )
    return int(found[0][0])


def _compared(what: str, fresh: Rows, stored: Rows) -> list[str]:
    wrong = [f"{what} {key} is missing" for key in fresh.keys() - stored.keys()]
    wrong += [f"{what} {key} is left over" for key in stored.keys() - fresh.keys()]
    return wrong + [
        f"{what} {key} is {stored[key]} instead of {fresh[key]}"
        for key in fresh.keys() & stored.keys()
        if fresh[key] != stored[key]
    ]


def _all(sql: str, parameter: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [parameter])
        return list(cursor.fetchall())
