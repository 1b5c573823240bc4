"""A closed year's amounts in the pools and by the ratios that it was closed with."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from savings.apportioned import Worked, WorkedPool
from savings.engine.ratio import Ratio
from savings.models import AmountShares, RatioPart
from savings.stored import StoredPool


def divided_as_stored(pools: Sequence[StoredPool], lines: npt.NDArray[np.void]) -> Worked:
    """The pools with their amounts, each by its stored ratio. Two queries.

    `lines` are in natural order (`read_lines`), and are in each pool; an amount without shares is in none.
    """
    ratios = _ratios([pool.ratio_id for pool in pools if pool.ratio_id is not None])
    rows = AmountShares.objects.filter(pool_id__in=[pool.pk for pool in pools])
    pool_of = {amount: pool for pool, amount in rows.values_list("pool_id", "amount_id")}
    at: dict[int, list[int]] = defaultdict(list)
    for place, amount in enumerate(lines["amount"].tolist()):
        if amount in pool_of:
            at[pool_of[amount]].append(place)
    order: list[int] = []
    worked = []
    for pool in pools:
        first = len(order)
        order += at[pool.pk]
        if pool.ratio_id is not None and len(order) > first:
            worked.append(
                WorkedPool(
                    key=pool.key,
                    ratio=ratios[pool.ratio_id],
                    starts_on=pool.starts_on,
                    total_pence=pool.total_pence,
                    inputs_hash=pool.inputs_hash,
                    first=first,
                    last=len(order),
                )
            )
    return Worked(lines[np.array(order, np.int64)], tuple(worked))


def _ratios(ratio_ids: Sequence[int]) -> dict[int, Ratio]:
    """The ratios as they are stored: their forces and weights; what else they say divides nothing."""
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = RatioPart.objects.filter(ratio_id__in=set(ratio_ids)).order_by("ratio_id", "position")
    for ratio_id, force, weight in rows.values_list("ratio_id", "force__code", "weight"):
        parts[ratio_id].append((force, int(weight)))
    return {
        ratio_id: Ratio(
            forces=tuple(force for force, _ in found),
            weights=tuple(weight for _, weight in found),
            decimals=None,
            percentages=(),
            rule_id=0,
            rule_effective_on=date.min,
            rule_source="",
            scope="",
            sizes_on=None,
            evidence=(),
            basis="",
        )
        for ratio_id, found in parts.items()
    }
