"""The rows of the share table: millions of whole numbers, compared and written as arrays."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import numpy.typing as npt
from django.db import connection

from savings.apportioned import PoolKey, SharedPools
from savings.inputs import IntArray, SharingInputs
from savings.rows import INT8, binary_rows_type, read_binary_rows, write_binary_rows

_COLUMNS = ("pool_id", "amount_id", "force_id", "pence")
_SHARE = binary_rows_type(**dict.fromkeys(_COLUMNS, INT8))

# Rows × (pool, amount, force, pence).
ShareRows = npt.NDArray[np.int64]


def share_rows(inputs: SharingInputs, shared: SharedPools, ids: Mapping[PoolKey, int]) -> ShareRows:
    """The rows of `shared`: pool, amount, force, pence; a grant's pence with the grant's own sign."""
    rows = np.empty((len(shared.shares.shares), 4), np.int64)
    if not len(rows):
        return rows
    per_line = shared.line_lengths()
    lines_per_pool = np.diff(shared.starts)
    pool_ids = np.array([ids[pool.key] for pool in shared.pools], np.int64)
    rows[:, 0] = np.repeat(np.repeat(pool_ids, lines_per_pool), per_line)
    rows[:, 1] = np.repeat(shared.lines["amount"], per_line)
    rows[:, 2] = _forces(inputs, shared, per_line)
    sign = np.where(shared.lines["grant"] == 1, -1, 1)
    rows[:, 3] = shared.shares.shares * np.repeat(sign, per_line)
    return rows


def _forces(inputs: SharingInputs, shared: SharedPools, per_line: IntArray) -> IntArray:
    """The id of each row's force: a ratio's forces side by side, again and again for its lines."""
    place: dict[str, int] = {}
    force_ids: list[int] = []
    for pool in shared.pools:
        if pool.ratio is not None and pool.key.digest not in place:
            place[pool.key.digest] = len(force_ids)
            force_ids += [inputs.force_ids[code] for code in pool.ratio.forces]
    places = np.array([place[pool.key.digest] for pool in shared.pools], np.int64)
    # How far the forces of a line lie from its rows, for every line.
    shift = np.repeat(places, np.diff(shared.starts)) - (np.cumsum(per_line) - per_line)
    found: IntArray = np.array(force_ids, np.int64)[
        np.arange(per_line.sum()) + np.repeat(shift, per_line)
    ]
    return found


def write_shares(rows: ShareRows, kept: set[int]) -> int:
    """Write `rows`, over those of pools in `kept`; how many rows were written or removed."""
    if kept:
        old = read_shares(kept)
        rows, stale = differences(rows, old)
        _delete_shares(stale)
        replaced, _ = _in_both(stale[:, :3], rows[:, :3])
        removed_only = len(stale) - int(replaced.sum())
    else:
        removed_only = 0
    if len(rows):
        write_binary_rows(
            "savings_share", _SHARE, {name: rows[:, at] for at, name in enumerate(_COLUMNS)}
        )
    return len(rows) + removed_only


def read_shares(pools: set[int]) -> ShareRows:
    """The stored rows of these pools. One query."""
    out = BytesIO()
    ids = ",".join(str(int(pool)) for pool in sorted(pools))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY (SELECT pool_id, amount_id, force_id, pence FROM savings_share"  # noqa: S608
            f" WHERE pool_id = ANY(ARRAY[{ids}]::bigint[])) TO STDOUT (FORMAT binary)",
            out,
        )
    found = read_binary_rows(out, _SHARE)
    return np.stack([found[name] for name in _COLUMNS], axis=1)


def differences(new: ShareRows, old: ShareRows) -> tuple[ShareRows, ShareRows]:
    """The rows of `new` that `old` lacks, and the rows of `old` that `new` lacks."""
    in_old, in_new = _in_both(new, old)
    return new[~in_old], old[~in_new]


def _in_both(some: ShareRows, others: ShareRows) -> tuple[npt.NDArray[np.bool_], ...]:
    """For each of `some` whether it is among `others`, and the reverse; no row twice in either."""
    both = np.concatenate([some, others])
    order = np.lexsort(both.T[::-1])
    in_order = both[order]
    pairs = np.flatnonzero((in_order[1:] == in_order[:-1]).all(axis=1))
    found = np.zeros(len(both), np.bool_)
    found[order[pairs]] = True
    found[order[pairs + 1]] = True
    return found[: len(some)], found[len(some) :]


def _delete_shares(rows: ShareRows) -> None:
    if not len(rows):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM savings_share s"
            " USING unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS old (pool, amount, force)"
            " WHERE s.pool_id = old.pool AND s.amount_id = old.amount AND s.force_id = old.force",
            [rows[:, column].tolist() for column in range(3)],
        )
