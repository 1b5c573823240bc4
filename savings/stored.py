"""Writes worked-out pools over the stored ones: only what differs, in the caller's transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

import numpy as np
from django.db import connection

from savings.apportioned import Place, PoolKey, SharedPools, Worked, WorkedPool
from savings.engine.method import METHOD
from savings.inputs import SharingInputs, Unit
from savings.models import Pool, PoolShare, RatioPart, Run
from savings.ratio_rows import ratio_ids
from savings.rows import INT8, binary_rows_type, write_binary_rows, write_text_rows
from savings.share_rows import count_changed, read_shares, share_rows, write_shares

_POOL_SHARE = binary_rows_type(pool_id=INT8, force_id=INT8, pence=INT8)
_POOL_COLUMNS = (
    "id", "alliance_id", "area_id", "year", "kind", "version", "ratio_id", "withheld",
    "starts_on", "total_pence", "inputs_hash", "engine", "run_id",
)  # fmt: skip


@dataclass
class Outcome:
    """What a store came to: shares that are not what they were, and whom the forecast favours.

    `moved` is what each force (by id) is better off by in the forecast, in pence, where an area's
    year had money of the kind before: savings less costs.
    """

    lines: int = 0
    shares_changed: int = 0
    moved: Counter[int] = field(default_factory=Counter)
    withheld_pools: int = 0


def store(inputs: SharingInputs, units: Sequence[Unit], worked: Worked, run: Run) -> Outcome:
    """Make the stored pools of `units` those of `worked`; pools whose inputs are the same are left.

    Runs inside the transaction that holds the units' locks. Raises DoesNotAddUp.
    """
    stored = stored_pools(units)
    fresh = {pool.key: pool for pool in worked.pools}
    gone = [pool for key, pool in stored.items() if key not in fresh]
    changed = [
        pool
        for key, pool in fresh.items()
        if key not in stored or stored[key].made_from != (pool.inputs_hash, METHOD)
    ]
    outcome = Outcome(
        lines=len(worked.lines), withheld_pools=sum(pool.ratio is None for pool in worked.pools)
    )
    if not gone and not changed:
        return outcome
    shared = worked.share([pool for pool in changed if pool.ratio is not None])
    shared.check_sums()
    kept = [stored[pool.key] for pool in changed if pool.key in stored]
    before, old = _force_totals([*gone, *kept]), read_shares(pool.pk for pool in (*gone, *kept))
    forces_of = _forces_of([*gone, *kept])
    _remove(gone)
    ids = _save_pools(inputs, changed, stored, run)
    _write_pool_shares(inputs, shared, ids, kept)
    forces_of |= {
        ids[pool.key]: [inputs.force_ids[force] for force in pool.ratio.forces]
        for pool in shared.pools
        if pool.ratio is not None
    }
    rows = share_rows(shared, ids)
    stay = np.array([pool.pk for pool in kept], np.int64)
    write_shares(rows, [each.where(np.isin(each.pools, stay)) for each in old])
    outcome.shares_changed = count_changed(rows, old, forces_of)
    outcome.moved = _moved(before, inputs, shared)
    return outcome


class StoredPool(NamedTuple):
    """A pool as it is stored."""

    pk: int
    key: PoolKey
    ratio_id: int | None
    starts_on: date
    total_pence: int
    inputs_hash: str
    engine: int

    @property
    def made_from(self) -> tuple[str, int]:
        """A pool that would be made from the same, by the same engine, is the same."""
        return self.inputs_hash, self.engine


def stored_pools(units: Sequence[Unit]) -> dict[PoolKey, StoredPool]:
    """The pools of these areas' years as they are stored. One query."""
    rows = Pool.objects.filter(
        area_id__in={unit.area_id for unit in units}, year__in={unit.year for unit in units}
    ).order_by()
    wanted = set(units)
    pools: dict[PoolKey, StoredPool] = {}
    for row in rows.values_list(
        "area_id", "year", "kind", "version", "ratio__digest", "withheld",
        "pk", "ratio_id", "starts_on", "total_pence", "inputs_hash", "engine",
    ):  # fmt: skip
        area_id, year, kind, version, digest, withheld = row[:6]
        pk, ratio_id, starts, total, known, engine = row[6:]
        if (area_id, year) in wanted:
            key = PoolKey(area_id, year, kind, version, digest or "", withheld)
            pools[key] = StoredPool(pk, key, ratio_id, starts, total, known, engine)
    return pools


_ForceTotals = dict[Place, Counter[int]]


def _force_totals(pools: Iterable[StoredPool]) -> _ForceTotals:
    """Stored pence by (area, year, kind, version) and force."""
    by_id = {pool.pk: pool.key for pool in pools}
    totals: _ForceTotals = defaultdict(Counter)
    for pool_id, force_id, pence in PoolShare.objects.filter(pool_id__in=by_id).values_list(
        "pool_id", "force_id", "pence"
    ):
        totals[by_id[pool_id].place][force_id] += pence
    return totals


def _moved(before: _ForceTotals, inputs: SharingInputs, shared: SharedPools) -> Counter[int]:
    """What each force is better off by in the forecast, in places that had money before."""
    better: Counter[int] = Counter()
    for (_, _, kind, version), totals in before.items():
        if version == "FORECAST":
            for force_id, pence in totals.items():
                better[force_id] -= _gain(kind, pence)
    for pool, force, pence in shared.force_totals():
        place = pool.key.place
        if place in before and pool.key.version == "FORECAST":
            better[inputs.force_ids[force]] += _gain(pool.key.kind, pence)
    return better


def _gain(kind: str, pence: int) -> int:
    return pence if kind == "SAVING" else -pence


def between(better: Mapping[int, int]) -> int:
    """Pence that passed from one force to another; a change of the whole itself is no move."""
    return (sum(map(abs, better.values())) - abs(sum(better.values()))) // 2


def _forces_of(pools: Sequence[StoredPool]) -> dict[int, list[int]]:
    """The forces of each pool's ratio, in its order; none of one that waits. One query."""
    ratios = {pool.ratio_id for pool in pools if pool.ratio_id is not None}
    forces: dict[int | None, list[int]] = defaultdict(list)
    if ratios:
        parts = RatioPart.objects.filter(ratio_id__in=ratios).order_by("ratio_id", "position")
        for ratio_id, force_id in parts.values_list("ratio_id", "force_id"):
            forces[ratio_id].append(force_id)
    return {pool.pk: forces[pool.ratio_id] for pool in pools}


def _remove(pools: Sequence[StoredPool]) -> None:
    """Delete pools with all their shares."""
    if not pools:
        return
    ids = [pool.pk for pool in pools]
    with connection.cursor() as cursor:
        for table, key in (("amountshares", "pool_id"), ("poolshare", "pool_id"), ("pool", "id")):
            cursor.execute(f"DELETE FROM savings_{table} WHERE {key} = ANY(%s)", [ids])  # noqa: S608


def _save_pools(
    inputs: SharingInputs,
    changed: Sequence[WorkedPool],
    stored: dict[PoolKey, StoredPool],
    run: Run,
) -> dict[PoolKey, int]:
    """Write the pools' own rows; their ids by key."""
    ratios = ratio_ids(inputs, [pool.ratio for pool in changed if pool.ratio is not None])
    ids = {worked.key: stored[worked.key].pk for worked in changed if worked.key in stored}
    _update_pools([worked for worked in changed if worked.key in ids], ids, run)
    new = [worked for worked in changed if worked.key not in ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('savings_pool', 'id'))"
            " FROM generate_series(1, %s)",
            [len(new)],
        )
        ids.update((pool.key, pk) for pool, (pk,) in zip(new, cursor.fetchall(), strict=True))
    write_text_rows(
        "savings_pool",
        _POOL_COLUMNS,
        (
            (
                ids[key], inputs.alliance_id, key.area_id, key.year, key.kind, key.version,
                ratios.get(key.digest), key.withheld,
                starts_on, total_pence, inputs_hash, METHOD, run.pk,
            )
            for key, _, starts_on, total_pence, inputs_hash, _, _ in new
        ),
        never_null=["withheld"],
    )  # fmt: skip
    return ids


def _update_pools(pools: Sequence[WorkedPool], ids: Mapping[PoolKey, int], run: Run) -> None:
    if not pools:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE savings_pool p SET starts_on = new.starts_on, total_pence = new.total_pence,"
            " inputs_hash = new.inputs_hash, worked_out_at = now(), engine = %s,"
            " run_id = %s"
            " FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::text[])"
            " AS new (id, starts_on, total_pence, inputs_hash) WHERE p.id = new.id",
            [
                METHOD,
                run.pk,
                [ids[pool.key] for pool in pools],
                [pool.starts_on for pool in pools],
                [pool.total_pence for pool in pools],
                [pool.inputs_hash for pool in pools],
            ],
        )


def _write_pool_shares(
    inputs: SharingInputs, shared: SharedPools, ids: dict[PoolKey, int], kept: Sequence[StoredPool]
) -> None:
    """Replace the pools' own shares; before their lines, whose trigger looks for them."""
    if kept:
        PoolShare.objects.filter(pool_id__in=[pool.pk for pool in kept]).delete()
    forces_of = {
        pool.key.digest: [inputs.force_ids[force] for force in pool.ratio.forces]
        for pool in shared.pools
        if pool.ratio is not None
    }
    forces = [forces_of[pool.key.digest] for pool in shared.pools]
    pools = np.array([ids[pool.key] for pool in shared.pools], np.int64)
    columns = {
        "pool_id": np.repeat(pools, np.array([len(own) for own in forces], np.int64)),
        "force_id": np.fromiter(chain.from_iterable(forces), np.int64),
        "pence": np.fromiter(chain.from_iterable(shared.shares.totals), np.int64),
    }
    write_binary_rows("savings_poolshare", _POOL_SHARE, columns)
