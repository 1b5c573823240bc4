"""How one line's shares came about, step by step, for the page that opens behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from savings.engine.apportion import NothingToShareBy, odd_units, whole_parts
from savings.engine.pool import share_pool


@dataclass(frozen=True)
class ForceWorking:
    """One force's part of a line. Pence; whole pence and remainder carry the amount's sign.

    `exact` = `whole_pence` + `remainder`. `rank` says how large the remainder is among the forces
    (1 is the largest, ties to the earlier force); the odd pennies go to the first ranks.
    `moved_by_agreement` is the penny that agreement with the pool's total then gave (+1) or took
    (-1), and `share` is what results.
    """

    weight: int
    exact: Fraction
    whole_pence: int
    remainder: Fraction
    rank: int
    got_odd_penny: bool
    moved_by_agreement: int
    share: int


@dataclass(frozen=True)
class LineWorking:
    """A line's working: the amount, how many odd pennies it left over, and each force's part."""

    amount: int
    odd_pennies: int
    forces: tuple[ForceWorking, ...]
    pool_total: int
    pool_totals: tuple[int, ...]
    took_neighbour: bool

    @property
    def was_moved(self) -> bool:
        """Whether agreement with the pool's total moved a penny of this line."""
        return any(force.moved_by_agreement for force in self.forces)


def explain_line(amounts: Sequence[int], weights: Sequence[int], index: int) -> LineWorking:
    """The working of the line at `index` of a pool, from the pool's own inputs.

    Shares the whole pool again, so that what is explained is what is computed. Raises as share_pool
    does, NothingToShareBy for a pool of zeros over zero weights too, and IndexError.
    """
    amount = amounts[index]
    pool = share_pool(amounts, weights)
    whole = sum(weights)
    if whole == 0:
        raise NothingToShareBy("There is nothing to share by: every weight is zero.")
    sign = -1 if amount < 0 else 1
    parts, remainders = whole_parts(abs(amount), weights, whole)
    left = abs(amount) - sum(parts)
    ranking = odd_units(len(weights), remainders)
    ranks = {force: rank for rank, force in enumerate(ranking, start=1)}
    forces = tuple(
        ForceWorking(
            weight=weights[force],
            exact=Fraction(amount * weights[force], whole),
            whole_pence=sign * parts[force],
            remainder=sign * Fraction(remainders[force], whole),
            rank=ranks[force],
            got_odd_penny=ranks[force] <= left,
            moved_by_agreement=moved,
            share=pool.lines[index][force],
        )
        for force, moved in enumerate(pool.moved(index))
    )
    return LineWorking(amount, left, forces, pool.total, pool.totals, pool.took_neighbour)
