"""What a change would move between the forces: two ways of working shares out, compared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from savings.apportioned import Worked


@dataclass(frozen=True)
class YearMove:
    """One financial year's move for each force, in pence: costs, savings, and what it is better off by.

    `net` is savings less costs; above zero the force gains.
    """

    year: int
    costs: tuple[int, ...]
    savings: tuple[int, ...]
    net: tuple[int, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Each force's move of costs and of savings."""
        return list(zip(self.costs, self.savings, strict=True))

    @property
    def total(self) -> int:
        """What all forces together are better off by."""
        return sum(self.net)


@dataclass(frozen=True)
class YearSavings:
    """One financial year's savings of each force, in pence."""

    year: int
    pence: tuple[int, ...]


_Totals = dict[tuple[int, str, str], int]


def moves(order: Sequence[str], before: Worked, after: Worked) -> tuple[YearMove, ...]:
    """The years in which any force's costs or savings differ, ascending; forces in `order`."""
    old, new = _totals(before), _totals(after)
    found = []
    for year in sorted({year for year, _, _ in (*old, *new)}):
        costs, savings = (
            tuple(
                new.get((year, kind, force), 0) - old.get((year, kind, force), 0) for force in order
            )
            for kind in ("COST", "SAVING")
        )
        if any(costs) or any(savings):
            net = tuple(saved - borne for saved, borne in zip(savings, costs, strict=True))
            found.append(YearMove(year, costs, savings, net))
    return tuple(found)


def savings_by_year(order: Sequence[str], worked: Worked) -> tuple[YearSavings, ...]:
    """The years with a saving that is shared, ascending; forces in `order`."""
    found = {place: pence for place, pence in _totals(worked).items() if place[1] == "SAVING"}
    return tuple(
        YearSavings(year, tuple(found.get((year, "SAVING", force), 0) for force in order))
        for year in sorted({year for year, _, _ in found})
    )


def _totals(worked: Worked) -> _Totals:
    """Pence by year, kind and force."""
    totals: _Totals = defaultdict(int)
    shared = worked.share([pool for pool in worked.pools if pool.ratio is not None])
    for pool, force, pence in shared.force_totals():
        totals[pool.key.year, pool.key.kind, force] += pence
    return totals
