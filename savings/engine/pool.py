"""A pool's amounts shared so that every line and every force add up: controlled rounding.

A pool is what one ratio divides: amounts of one business area, financial year, kind and version.
Its total is apportioned once; its lines are then made to agree with that (laws 1, 2 and 4).
Such a rounding always exists if a pool total may take its other neighbouring penny: it is the
accounting form of the table-rounding problem (J. Šíma, Table rounding problem, 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from savings.engine.agreement import Line, agree
from savings.engine.apportion import NothingToShareBy, odd_units, total_weight, whole_parts


@dataclass(frozen=True)
class PoolShares:
    """A pool's shares in pence. `lines[i][f]` is force f's share of amount i.

    `start` has the lines as largest remainder alone left them, before they were made to agree with
    `totals`. `took_neighbour` says that some force's total is the other of the two whole pennies
    around its exact share, because no rounding of the lines agrees with the nearer one.
    """

    total: int
    totals: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]
    start: tuple[tuple[int, ...], ...]
    took_neighbour: bool

    def moved(self, line: int) -> tuple[int, ...]:
        """For each force, the penny that agreement gave it (+1) or took from it (-1) in a line."""
        pairs = zip(self.start[line], self.lines[line], strict=True)
        return tuple(after - before for before, after in pairs)

    @property
    def moved_lines(self) -> tuple[int, ...]:
        """The positions of the lines in which agreement moved a penny."""
        return tuple(i for i, line in enumerate(self.lines) if line != self.start[i])


def share_pool(amounts: Sequence[int], weights: Sequence[int]) -> PoolShares:
    """Each amount's shares in pence, adding up along every line and down every force.

    `amounts` come in the caller's stable order, which settles ties; they may be of either sign
    (a grant is a negative line of its cost pool). Every share is less than one penny from exact;
    negating every amount negates every share. *Within a penny*, not the closest possible.

    Raises NegativeWeight, and NothingToShareBy if every weight is zero and some amount is not.
    """
    total = sum(amounts)
    whole = total_weight(weights)
    if whole == 0:
        return _nothing_shared(amounts, len(weights))
    parts, lines = _first_rounding([*amounts, total], weights, whole)
    total_line = lines.pop()
    start = [_shares(line, part) for line, part in zip(lines, parts, strict=False)]
    due = _shares(total_line, parts[-1])
    surplus = [sum(line[force] for line in start) - own for force, own in enumerate(due)]
    if not any(surplus):
        return PoolShares(total, due, tuple(start), tuple(start), took_neighbour=False)
    agree(lines, total_line, surplus)
    totals = _shares(total_line, parts[-1])
    agreed = tuple(_shares(line, part) for line, part in zip(lines, parts, strict=False))
    return PoolShares(total, totals, agreed, tuple(start), took_neighbour=totals != due)


def _first_rounding(
    amounts: Sequence[int], weights: Sequence[int], whole: int
) -> tuple[list[list[int]], list[Line]]:
    """Each amount's whole pennies per force, and its Line as largest remainder leaves it."""
    parts, lines = [], []
    for amount in amounts:
        size = abs(amount)
        part, remainders = whole_parts(size, weights, whole)
        odd = [False] * len(weights)
        for force in odd_units(size - sum(part), remainders):
            odd[force] = True
        parts.append(part)
        lines.append(Line((amount > 0) - (amount < 0), remainders, odd))
    return parts, lines


def _shares(line: Line, part: Sequence[int]) -> tuple[int, ...]:
    return tuple(line.sign * (pence + odd) for pence, odd in zip(part, line.odd, strict=True))


def _nothing_shared(amounts: Sequence[int], forces: int) -> PoolShares:
    if any(amounts):
        raise NothingToShareBy("There is nothing to share by: every weight is zero.")
    nothing = ((0,) * forces,) * len(amounts)
    return PoolShares(0, (0,) * forces, nothing, nothing, took_neighbour=False)
