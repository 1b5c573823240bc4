"""The rows of the share table: millions of whole numbers, compared and written as arrays."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import numpy.typing as npt
from django.db import connection

from savings.apportioned import PoolKey, SharedPools
from savings.inputs import SharingInputs
from savings.rows import INT8, binary_rows_type, read_binary_rows, write_binary_rows

_COLUMNS = ("pool_id", "amount_id", "force_id", "pence")
_SHARE = binary_rows_type(**dict.fromkeys(_COLUMNS, INT8))

# Rows × (pool, amount, force, pence).
ShareRows = npt.NDArray[np.int64]


def share_rows(
    inputs: SharingInputs, shared: SharedPools, ids: Mapping[PoolKey, int]
) -> ShareRows:
    """The rows of `shared`: pool, amount, force, pence; a grant's pence with the grant's own sign."""
    per_line = shared.line_lengths()
    lines_per_pool = np.diff(shared.starts)
    pool_ids = np.array([ids[pool.key] for pool in shared.pools], np.int64)
    forces = [
        np.array([inputs.force_ids[code] for code in pool.ratio.forces], np.int64)
        for pool in shared.pools
        if pool.ratio is not None
    ]
    rows = np.empty((len(shared.shares.shares), 4), np.int64)
    if not len(rows):
        return rows
    rows[:, 0] = np.repeat(np.repeat(pool_ids, lines_per_pool), per_line)
    rows[:, 1] = np.repeat(shared.lines["amount"], per_line)
    rows[:, 2] = np.concatenate(
        [np.tile(own, count) for own, count in zip(forces, lines_per_pool.tolist(), strict=True)]
    )
    sign = np.where(shared.lines["grant"] == 1, -1, 1)
    rows[:, 3] = shared.shares.shares * np.repeat(sign, per_line)
    return rows


def write_shares(rows: ShareRows, kept: set[int]) -> int:
    """Write `rows`, over those of pools in `kept`; how many rows were written or removed."""
    if kept:
        old = _read_shares(kept)
        rows, stale = _differences(rows, old)
        _delete_shares(stale)
        removed_only = len(stale) - np.isin(_names(stale), _names(rows)).sum()
    else:
        removed_only = 0
    if len(rows):
        write_binary_rows(
            "savings_share", _SHARE, {name: rows[:, at] for at, name in enumerate(_COLUMNS)}
        )
    return len(rows) + int(removed_only)


def _read_shares(pools: set[int]) -> ShareRows:
    out = BytesIO()
    ids = ",".join(str(int(pool)) for pool in sorted(pools))
    with connection.cursor() as cursor:
        cursor.copy_expert(  # type: ignore[attr-defined]
            "COPY (SELECT pool_id, amount_id, force_id, pence FROM savings_share"
            f" WHERE pool_id = ANY(ARRAY[{ids}]::bigint[])) TO STDOUT (FORMAT binary)",
            out,
        )
    found = read_binary_rows(out, _SHARE)
    return np.stack([found[name] for name in _COLUMNS], axis=1)


def _differences(new: ShareRows, old: ShareRows) -> tuple[ShareRows, ShareRows]:
    """The rows of `new` that `old` lacks, and the rows of `old` that `new` lacks."""
    same_new = np.isin(_whole(new), _whole(old))
    same_old = np.isin(_whole(old), _whole(new))
    return new[~same_new], old[~same_old]


def _whole(rows: ShareRows) -> npt.NDArray[np.void]:
    """Rows as single values that compare as wholes."""
    return np.ascontiguousarray(rows).view([("", np.int64)] * rows.shape[1]).ravel()


def _names(rows: ShareRows) -> npt.NDArray[np.void]:
    """The rows' keys: pool, amount, force."""
    return _whole(rows[:, :3])


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
