"""Works every share out again, from the inputs as they stand or as they were frozen, and compares."""

from collections.abc import Iterator

from business_areas.models import BusinessArea
from savings import recompute
from savings.apportioned import PoolKey, SharedPools, WorkedPool, work_out
from savings.engine.method import METHOD
from savings.inputs import SharingInputs, Unit, read_lines
from savings.models import PoolShare, RatioPart
from savings.outdated import outdated_units
from savings.share_rows import compare, read_shares, share_rows
from savings.sharing_inputs import read_sharing_inputs
from savings.stored import StoredPool, stored_pools
from savings.verify.frozen import divided_as_stored


def differs_from_inputs(alliance_id: int) -> Iterator[str]:
    """A sentence for each stored pool or ratio that the engine would store otherwise.

    Areas and years that are behind or outdated are left out; closed years are divided again by the
    ratios that they were closed with. Eight queries for each 150,000 shares or so, whose working is
    all that is held in memory.
    """
    behind = {*recompute.requested_units(alliance_id), *outdated_units(alliance_id)}
    units = [unit for unit in recompute.all_units(alliance_id) if unit not in behind]
    inputs = read_sharing_inputs(alliance_id)
    is_open = recompute.open_units(alliance_id, units)
    for batch in recompute.batches(alliance_id, is_open):
        yield from _in_batch(inputs, [unit for unit, _ in batch])
    closed = sorted(set(units) - set(is_open))
    for batch in recompute.batches(alliance_id, closed):
        yield from _in_closed(inputs, [unit for unit, _ in batch])


def _in_closed(inputs: SharingInputs, units: list[Unit]) -> Iterator[str]:
    """Closed years' shares that their frozen ratios and amounts do not give."""
    stored = {
        key: pool
        for key, pool in stored_pools(units).items()
        if pool.ratio_id is not None and pool.engine == METHOD
    }
    worked = divided_as_stored(list(stored.values()), read_lines(units))
    shared = worked.share(worked.pools)
    yield from _totals_differ(inputs, shared, stored)
    yield from _shares_differ(shared, stored)


def _in_batch(inputs: SharingInputs, units: list[Unit]) -> Iterator[str]:
    worked = work_out(inputs, read_lines(units))
    stored = stored_pools(units)
    fresh = {pool.key: pool for pool in worked.pools}
    for key in stored.keys() - fresh.keys():
        yield f"{_name(key)}: the inputs as they stand make no such pool."
    same: list[WorkedPool] = []
    for key, pool in fresh.items():
        if key not in stored:
            yield f"{_name(key)}: the inputs make a pool that is not stored."
            continue
        if problem := _pool_differs(pool, stored[key]):
            yield f"{_name(key)}: {problem}"
        if pool.ratio is not None:
            same.append(pool)
    shared = worked.share(same)
    yield from _ratios_differ(same, stored)
    yield from _totals_differ(inputs, shared, stored)
    yield from _shares_differ(shared, stored)


def _pool_differs(pool: WorkedPool, stored: StoredPool) -> str:
    if pool.total_pence != stored.total_pence:
        return f"its total is {stored.total_pence}p and its amounts come to {pool.total_pence}p."
    if pool.inputs_hash != stored.inputs_hash:
        return "its amounts are not those it was worked out from."
    if pool.starts_on != stored.starts_on:
        return f"it starts on {stored.starts_on} and its first amount on {pool.starts_on}."
    return ""


def _ratios_differ(pools: list[WorkedPool], stored: dict[PoolKey, StoredPool]) -> Iterator[str]:
    """Ratios whose stored forces, order, weights or percentages are not the engine's."""
    used = {stored[pool.key].ratio_id or 0: pool.ratio for pool in pools if pool.ratio is not None}
    parts: dict[int, list[tuple[str, int, str]]] = {}
    rows = RatioPart.objects.filter(ratio_id__in=used).order_by("ratio_id", "position")
    for ratio_id, force, weight, percentage in rows.values_list(
        "ratio_id", "force__code", "weight", "percentage"
    ):
        parts.setdefault(ratio_id, []).append((force, int(weight), f"{percentage:.4f}"))
    for ratio_id, ratio in used.items():
        shown = (f"{float(percentage):.4f}" for percentage in ratio.percentages)
        if parts.get(ratio_id, []) != list(zip(ratio.forces, ratio.weights, shown, strict=True)):
            yield (
                f"{ratio.basis} from {ratio.rule_effective_on}:"
                " the stored ratio is not what the rule and the sizes give."
            )


def _totals_differ(
    inputs: SharingInputs, shared: SharedPools, stored: dict[PoolKey, StoredPool]
) -> Iterator[str]:
    by_id = {stored[pool.key].pk: pool.key for pool in shared.pools}
    expected = {
        (stored[pool.key].pk, inputs.force_ids[force], pence)
        for pool, force, pence in shared.force_totals()
    }
    rows = PoolShare.objects.filter(pool_id__in=by_id)
    found = set(rows.values_list("pool_id", "force_id", "pence"))
    for pool_id in sorted({row[0] for row in expected ^ found}):
        yield f"{_name(by_id[pool_id])}: the forces’ shares of the total are not what the inputs give."


def _shares_differ(shared: SharedPools, stored: dict[PoolKey, StoredPool]) -> Iterator[str]:
    by_id = {stored[pool.key].pk: pool.key for pool in shared.pools}
    if not by_id:
        return
    rows = share_rows(shared, {key: pool.pk for key, pool in stored.items()})
    for pool_id, count in compare(rows, read_shares(by_id)).by_pool().items():
        yield f"{_name(by_id[pool_id])}: {count} shares are not what the inputs give."


def _name(key: PoolKey) -> str:
    area = BusinessArea.objects.get(pk=key.area_id).code
    year = f"{key.year}/{(key.year + 1) % 100:02d}"
    return f"{area}, {year}, {key.version.lower()} {key.kind.lower()}s"
