"""Many pools shared at once with NumPy: for every pool exactly what `share_pool` gives.

Pools with the same number of forces are taken together, a few thousand lines at a time so that the
work stays in the processor's cache. Within such a block everything is an array of forces by lines;
pools whose forces don't agree with their total yet make one direct move each per round, as
`agreement.agree` would, and what is then left (chains, very large pools) is handed to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from savings.engine.agreement import Line, agree
from savings.engine.apportion import total_weight
from savings.engine.pool import share_pool

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CELLS_PER_BLOCK = 1 << 16
LINES_FOR_ROUNDS = 1000
MOST_ROUNDS = 40
_LARGEST = np.iinfo(np.int64).max
_LIMIT = 2.0**62


class ManyShares(NamedTuple):
    """Shares of many pools in pence.

    `totals[p]` is pool p's total per force. `shares[offsets[p]:offsets[p + 1]]` are its lines, line
    after line with the forces of each side by side (reshape to lines by forces).
    """

    totals: list[list[int]]
    shares: Ints
    offsets: Ints


def share_pools(pence: Ints, pool_starts: Ints, weights: Sequence[Sequence[int]]) -> ManyShares:
    """Each pool's shares, each pool's amounts being in the caller's stable order.

    Pool p's amounts are `pence[pool_starts[p]:pool_starts[p + 1]]` and `weights[p]` its forces'
    weights. A pool whose amounts times weights could leave 63 bits is
    shared by `share_pool`'s unbounded integers. Memory beyond the answer is a block's, however many
    pools there are. Raises NegativeWeight and NothingToShareBy as share_pool does.
    """
    pence = np.ascontiguousarray(pence, dtype=np.int64)
    starts = np.ascontiguousarray(pool_starts, dtype=np.int64)
    lengths = np.diff(starts)
    forces = np.fromiter((len(own) for own in weights), np.int64, len(weights))
    offsets = np.zeros(len(weights) + 1, np.int64)
    np.cumsum(lengths * forces, out=offsets[1:])
    shares = np.zeros(offsets[-1], np.int64)
    totals: list[list[int]] = [[]] * len(weights)
    fits = _fits_in_64_bits(pence, starts, weights, forces)
    for pool in np.flatnonzero(~fits).tolist():
        slow = share_pool(pence[starts[pool] : starts[pool + 1]].tolist(), weights[pool])
        totals[pool] = list(slow.totals)
        flat = [share for line in slow.lines for share in line]
        shares[offsets[pool] : offsets[pool + 1]] = flat
    for count in np.unique(forces[fits]).tolist():
        for pools in _blocks(np.flatnonzero(fits & (forces == count)), lengths, count):
            block = Block.of(pence, starts, pools, [weights[pool] for pool in pools.tolist()])
            block.agree()
            for pool, total in zip(pools.tolist(), block.totals().tolist(), strict=True):
                totals[pool] = total
            at = np.repeat(offsets[pools] - block.starts[:-1] * count, block.lengths)
            at += np.arange(len(at)) * count
            for force, share in enumerate(block.shares()):
                shares[at + force] = share
    return ManyShares(totals, shares, offsets)


def _fits_in_64_bits(
    pence: Ints, starts: Ints, weights: Sequence[Sequence[int]], forces: Ints
) -> Bools:
    """Which pools have no product or sum, times the number of forces, anywhere near 2**63."""
    whole = np.fromiter((float(total_weight(own)) for own in weights), float, len(weights))
    size = np.zeros(len(weights))
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        size[filled] = np.add.reduceat(np.abs(pence.astype(float)), starts[filled])
    fits: Bools = (whole > 0) & ((size + 1) * whole * (forces + 1) < _LIMIT)
    return fits


def _blocks(pools: Ints, lengths: Ints, forces: int) -> Iterator[Ints]:
    """The pools in runs of about CELLS_PER_BLOCK cells, at least one pool a run."""
    reach = np.cumsum(lengths[pools] + 1) * forces
    first = 0
    while first < len(pools):
        before = reach[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(reach, before + CELLS_PER_BLOCK, "right")))
        yield pools[first:last]
        first = last


@dataclass
class Rounded:
    """Amounts rounded by largest remainder; arrays of forces by amounts, without the signs."""

    signs: Ints
    parts: Ints
    remainders: Ints
    odd: Bools

    @classmethod
    def of(cls, amounts: Ints, weights: Ints, whole: Ints) -> "Rounded":
        """`weights` is forces by amounts and `whole` its sum, for each amount."""
        sizes = np.abs(amounts)
        remainders = weights * sizes
        parts = remainders // whole
        remainders -= parts * whole
        left = sizes - parts.sum(axis=0)
        return cls(np.sign(amounts), parts, remainders, _largest(remainders, left))

    def shares(self) -> Ints:
        """The signed shares, forces by amounts."""
        return (self.parts + self.odd) * self.signs


def _largest(remainders: Ints, left: Ints) -> Bools:
    """For each column, True at its `left` largest remainders, ties to the earlier force."""
    forces = len(remainders)
    ranked = remainders * forces + np.arange(forces - 1, -1, -1)[:, None]
    if forces == 2:
        return np.stack([ranked[0] > ranked[1], ranked[0] < ranked[1]]) & (left > 0)
    ordered = np.sort(ranked.T, axis=1)
    last = np.take_along_axis(
        ordered, np.maximum(forces - left, 0)[:, None].clip(max=forces - 1), 1
    )
    chosen: Bools = (ranked >= last[:, 0]) & (left > 0)
    return chosen


@dataclass
class Block:
    """Pools with equally many forces, their lines end to end, and how far they agree.

    `surplus` (forces by pools) is what the lines hold beyond the pool's share, as in `agree`.
    """

    starts: Ints
    lengths: Ints
    lines: Rounded
    total: Rounded
    surplus: Ints

    @classmethod
    def of(
        cls, pence: Ints, pool_starts: Ints, pools: Ints, weights: Sequence[Sequence[int]]
    ) -> "Block":
        """The block of `pools` (indices), every line and total rounded by largest remainder."""
        lengths = pool_starts[pools + 1] - pool_starts[pools]
        starts = np.zeros(len(pools) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        at = np.repeat(pool_starts[pools] - starts[:-1], lengths) + np.arange(starts[-1])
        by_force = np.array(weights, np.int64).T.copy()
        whole = by_force.sum(axis=0)
        amounts = pence[at]
        lines = Rounded.of(amounts, np.repeat(by_force, lengths, axis=1), np.repeat(whole, lengths))
        total = Rounded.of(_sum_by_pool(amounts[None], starts)[0], by_force, whole)
        surplus = _sum_by_pool(lines.shares(), starts) - total.shares()
        return cls(starts, lengths, lines, total, surplus)

    def shares(self) -> Ints:
        """Each force's share of each line, forces by lines."""
        return self.lines.shares()

    def totals(self) -> Ints:
        """Each force's share of each pool, pools by forces."""
        return self.total.shares().T

    def agree(self) -> None:
        """Make every pool's lines agree with its total."""
        unsettled = self.surplus.any(axis=0)
        moving = np.flatnonzero(unsettled & (self.lengths <= LINES_FOR_ROUNDS))
        for _ in range(MOST_ROUNDS):
            if not len(moving):
                break
            moving = self._move_once(moving)
        for pool in np.flatnonzero(self.surplus.any(axis=0)).tolist():
            self._hand_over(pool)

    def _move_once(self, pools: Ints) -> Ints:
        """The cheapest direct move made in each of `pools`; gives back those still on the move."""
        lengths = self.lengths[pools]
        ends = np.cumsum(lengths)
        firsts = ends - lengths
        at = np.repeat(self.starts[pools] - firsts, lengths) + np.arange(ends[-1])
        sides = np.repeat(np.sign(self.surplus[:, pools]), lengths, axis=1) * self.lines.signs[at]
        cost, giver, taker = _cheapest(sides, self.lines.remainders[:, at], self.lines.odd[:, at])
        lowest = np.minimum.reduceat(cost, firsts)
        can = lowest < _LARGEST
        is_lowest = np.flatnonzero(cost == np.repeat(lowest, lengths))
        chosen = is_lowest[np.searchsorted(is_lowest, firsts[can])]
        pools, line = pools[can], at[chosen]
        gives, takes = giver[chosen], taker[chosen]
        self.lines.odd[gives, line] = False
        self.lines.odd[takes, line] = True
        self.surplus[gives, pools] -= self.lines.signs[line]
        self.surplus[takes, pools] += self.lines.signs[line]
        return pools[self.surplus[:, pools].any(axis=0)]

    def _hand_over(self, pool: int) -> None:
        """Let `agree` settle one pool from its present state."""
        own = slice(self.starts[pool], self.starts[pool + 1])
        signs, remainders = self.lines.signs[own].tolist(), self.lines.remainders[:, own].T.tolist()
        odd = self.lines.odd[:, own].T.tolist()
        lines = [Line(*line) for line in zip(signs, remainders, odd, strict=True)]
        total = Line(
            int(self.total.signs[pool]),
            self.total.remainders[:, pool].tolist(),
            self.total.odd[:, pool].tolist(),
        )
        agree(lines, total, self.surplus[:, pool].tolist())
        self.lines.odd[:, own] = np.array([line.odd for line in lines]).T
        self.total.odd[:, pool] = total.odd
        self.surplus[:, pool] = 0


def _cheapest(sides: Ints, remainders: Ints, odd: Bools) -> tuple[Ints, Ints, Ints]:
    """For each line the cost, giver and taker of its cheapest handover, as `agreement.cheapest`.

    `sides` is 1 for forces that may give an odd penny and -1 for those that may take one. The cost
    is the largest integer where there is no handover.
    """
    gives = np.where((sides > 0) & odd, remainders, _LARGEST)
    takes = np.where((sides < 0) & ~odd, remainders, 0)
    giver, taker = gives.argmin(axis=0), takes.argmax(axis=0)
    columns = np.arange(sides.shape[1])
    lowest, highest = gives[giver, columns], takes[taker, columns]
    cost = np.where((lowest < _LARGEST) & (highest > 0), lowest - highest, _LARGEST)
    return cost, giver, taker


def _sum_by_pool(values: Ints, starts: Ints) -> Ints:
    """Sums of runs of columns (rows by pools); an empty run sums to zero."""
    sums = np.zeros((len(values), len(starts) - 1), np.int64)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        sums[:, filled] = np.add.reduceat(values, starts[filled], axis=1)
    return sums
