"""The rows of shares: arrays of pence, millions of them, compared and written without touching each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection

from savings.apportioned import PoolKey, SharedPools
from savings.inputs import IntArray
from savings.rows import INT8, binary_rows_type, int8_array, read_columns, write_binary_rows

_TABLE = "savings_amountshares"
# A row that the database should have refused is as good as missing.
_WHOLE = "array_ndims(pence) = 1 AND array_position(pence, NULL) IS NULL"


class ShareRows(NamedTuple):
    """Amounts that equally many forces share: the pool and id of each, and its shares side by side.

    `pence` is amounts by forces, the forces in the order of the pool's ratio.
    """

    pools: IntArray
    amounts: IntArray
    pence: IntArray

    @property
    def forces(self) -> int:
        """How many forces share each amount."""
        return int(self.pence.shape[1])

    def where(self, chosen: npt.NDArray[np.bool_]) -> "ShareRows":
        """The rows for which `chosen` is true."""
        return ShareRows(self.pools[chosen], self.amounts[chosen], self.pence[chosen])


def share_rows(shared: SharedPools, ids: Mapping[PoolKey, int]) -> list[ShareRows]:
    """The rows of `shared`, by number of forces; a grant's pence with the grant's own sign."""
    amounts_of = np.diff(shared.starts)
    forces_of = np.array([len(totals) for totals in shared.shares.totals], np.int64)
    pools = np.repeat(np.array([ids[pool.key] for pool in shared.pools], np.int64), amounts_of)
    found = []
    for forces in np.unique(forces_of).tolist():
        alike = forces_of == forces
        rows = np.repeat(alike, amounts_of)
        cells = np.repeat(alike, np.diff(shared.shares.offsets))
        pence = shared.shares.shares[cells].reshape(-1, forces)
        lines = shared.lines[rows]
        pence[lines["grant"] == 1] *= -1
        found.append(ShareRows(pools[rows], lines["amount"], pence))
    return found


def write_shares(rows: Sequence[ShareRows], stored: Sequence[ShareRows]) -> None:
    """Write `rows` over the `stored` ones of the same pools; rows that are the same stay."""
    differences = compare(rows, stored)
    for old in differences.stale:
        _delete(old)
    for new in differences.fresh:
        if len(new.amounts):
            columns = {"pool_id": new.pools, "amount_id": new.amounts, "pence": new.pence}
            write_binary_rows(_TABLE, _row(new.forces), columns)


def count_changed(
    new: Sequence[ShareRows], old: Sequence[ShareRows], forces_of: Mapping[int, Sequence[int]]
) -> int:
    """How many forces' shares of amounts are not what they were, whichever pools they lie in.

    `forces_of` has the forces of each pool, in the order of its rows' pence. A share that was not
    there, or is no more, counts too.
    """
    every = sorted({force for forces in forces_of.values() for force in forces})
    place = {force: at for at, force in enumerate(every)}
    places = {pool: [place[force] for force in forces] for pool, forces in forces_of.items()}
    cells, pence = _cells(new, places, len(every))
    old_cells, old_pence = _cells(old, places, len(every))
    both, here, there = np.intersect1d(cells, old_cells, assume_unique=True, return_indices=True)
    same = np.count_nonzero(pence[here] == old_pence[there])
    return len(cells) + len(old_cells) - len(both) - int(same)


def _cells(
    rows: Sequence[ShareRows], places: Mapping[int, Sequence[int]], forces: int
) -> tuple[IntArray, IntArray]:
    """A number for the amount and force of each share, and its pence."""
    cells, pence = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for each in rows:
        pools, at = np.unique(each.pools, return_inverse=True)
        of_pools = np.array([places[pool] for pool in pools.tolist()], np.int64)
        of_rows = of_pools.reshape(-1, each.forces)[at]
        cells.append((each.amounts[:, None] * forces + of_rows).ravel())
        pence.append(each.pence.ravel())
    return np.concatenate(cells), np.concatenate(pence)


def read_shares(pools: Iterable[int]) -> list[ShareRows]:
    """The stored rows of these pools, by number of forces. A query for each number, and one."""
    ids = ",".join(str(int(pool)) for pool in sorted(pools))
    if not ids:
        return []
    stored = f"FROM {_TABLE} WHERE pool_id = ANY(ARRAY[{ids}]::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT cardinality(pence) {stored} AND {_WHOLE}")
        lengths = [length for (length,) in cursor.fetchall()]
    return [_read(f"{stored} AND {_WHOLE} AND cardinality(pence) = {n:d}", n) for n in lengths]


def _read(stored: str, forces: int) -> ShareRows:
    found = read_columns(f"SELECT pool_id, amount_id, pence {stored}", _row(forces))
    return ShareRows(found["pool_id"], found["amount_id"], found["pence"])


def _row(forces: int) -> np.dtype[np.void]:
    """A row of the table that so many forces share, as COPY has it."""
    return binary_rows_type(pool_id=INT8, amount_id=INT8, pence=int8_array(forces))


@dataclass(frozen=True)
class Differences:
    """What is to be written and what is to go, and which forces' shares that changes.

    `pools` has the pool of each amount that differs and `shares` how many of its shares do.
    """

    fresh: list[ShareRows]
    stale: list[ShareRows]
    pools: IntArray
    shares: IntArray

    def by_pool(self) -> dict[int, int]:
        """How many shares differ, by pool."""
        pools, at = np.unique(self.pools, return_inverse=True)
        counts = np.zeros(len(pools), np.int64)
        np.add.at(counts, at, self.shares)
        return dict(zip(pools.tolist(), counts.tolist(), strict=True))


def compare(new: Sequence[ShareRows], old: Sequence[ShareRows]) -> Differences:
    """How `new` differs from `old`; no amount is twice in a pool in either."""
    by_length = {rows.forces: rows for rows in old}
    fresh, stale = [], []
    pools, shares = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for rows in new:
        before = by_length.pop(rows.forces, None)
        if before is None:
            fresh.append(rows)
            pools.append(rows.pools)
            shares.append(np.full(len(rows.pools), rows.forces))
            continue
        here, there = _in_both(rows, before)
        unlike = rows.pence[here] != before.pence[there]
        same = ~unlike.any(axis=1)
        changed, gone = np.ones(len(rows.pools), np.bool_), np.ones(len(before.pools), np.bool_)
        changed[here[same]] = gone[there[same]] = False
        count = np.full(len(rows.pools), rows.forces)
        count[here] = unlike.sum(axis=1)
        fresh.append(rows.where(changed))
        stale.append(before.where(gone))
        gone[there] = False
        pools += [rows.pools[changed], before.pools[gone]]
        shares += [count[changed], np.full(gone.sum(), rows.forces)]
    for before in by_length.values():
        stale.append(before)
        pools.append(before.pools)
        shares.append(np.full(len(before.pools), before.forces))
    return Differences(fresh, stale, np.concatenate(pools), np.concatenate(shares))


def _in_both(some: ShareRows, others: ShareRows) -> tuple[IntArray, IntArray]:
    """The places, in one and in the other, of the amounts that are in the same pool in both."""
    pools = np.concatenate([some.pools, others.pools])
    amounts = np.concatenate([some.amounts, others.amounts])
    order = np.lexsort((amounts, pools))
    pools, amounts = pools[order], amounts[order]
    pairs = np.flatnonzero((pools[1:] == pools[:-1]) & (amounts[1:] == amounts[:-1]))
    # The order is stable, so of two alike the one of `some` comes first.
    return order[pairs], order[pairs + 1] - len(some.pools)


def _delete(rows: ShareRows) -> None:
    if not len(rows.amounts):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_TABLE} s USING unnest(%s::bigint[], %s::bigint[]) AS old (pool, amount)"  # noqa: S608
            " WHERE s.pool_id = old.pool AND s.amount_id = old.amount",
            [rows.pools.tolist(), rows.amounts.tolist()],
        )
