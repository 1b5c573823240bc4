"""What lies between two books, in pence by area, financial year, kind, version and force."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from programmes.models import Force
from programmes.words import pounds
from savings.apportioned import PoolKey, Worked, WorkedPool
from savings.book.values import Book
from savings.inputs import VERSIONS, Unit

COST, SAVING = "COST", "SAVING"
# A sentence names each force's gain or loss for an alliance of so many at most.
FEW_FORCES = 4


class Cell(NamedTuple):
    """One force's money in one pool's place; a grant counts against costs."""

    area_id: int
    year: int
    kind: str
    version: str
    force: str


# Area, financial year, kind and version.
Place = tuple[int, int, str, str]


@dataclass(frozen=True)
class YearMove:
    """One financial year's move for each force, in pence: costs, savings, and what it is better off by.

    `net` is savings less costs; above zero the force gains.
    """

    year: int
    costs: tuple[int, ...]
    savings: tuple[int, ...]

    @property
    def net(self) -> tuple[int, ...]:
        """Savings less costs of each force."""
        return tuple(saved - borne for saved, borne in zip(self.savings, self.costs, strict=True))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Each force's move of costs and of savings."""
        return list(zip(self.costs, self.savings, strict=True))

    @property
    def total(self) -> int:
        """What all forces together are better off by."""
        return sum(self.net)


@dataclass(frozen=True)
class VersionMove:
    """What one version moves by: its years, and each force's net over them.

    `costs_waiting` and `savings_waiting` begin (above zero) or stop to wait for a rule or a size.
    """

    version: str
    years: tuple[YearMove, ...]
    by_force: tuple[int, ...]
    costs_waiting: int
    savings_waiting: int

    @property
    def total(self) -> int:
        """All forces' net over all years."""
        return sum(self.by_force)


@dataclass(frozen=True)
class Effect:
    """What a change does to shares, in pence, where it does anything; nothing of closed years.

    `forces` are in the agreed order. `unshared` is money that begins (above zero) or stops to wait
    for a rule or a size; `reasons` say why it begins to, each once. `closed` is what years that are
    closed would have moved, had they been open; `areas` are the areas' codes.
    """

    forces: tuple[Force, ...]
    cells: Mapping[Cell, int]
    unshared: Mapping[Place, int] = field(default_factory=dict)
    closed: Mapping[Cell, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    areas: Mapping[int, str] = field(default_factory=dict)

    @property
    def moves_anything(self) -> bool:
        """True if any force's costs or savings change, or what waits does."""
        return bool(self.cells or self.unshared)

    def years(self, version: str = "FORECAST") -> tuple[YearMove, ...]:
        """The years in which any force's costs or savings of the version move, ascending."""
        return self._by_year(self.cells, lambda cell: cell.version == version)

    def versions(self) -> tuple[str, ...]:
        """The versions that move: approved, forecast, actual."""
        found = {cell.version for cell in self.cells} | {place[3] for place in self.unshared}
        return tuple(version for version in VERSIONS if version in found)

    @property
    def by_version(self) -> tuple[VersionMove, ...]:
        """The versions that move, each with what it moves by."""
        return tuple(
            VersionMove(
                version,
                self.years(version),
                self.by_force(version),
                self._waiting(COST, version),
                self._waiting(SAVING, version),
            )
            for version in self.versions()
        )

    @property
    def closed_by_version(self) -> tuple[VersionMove, ...]:
        """What closed years would have moved by, had they been open."""
        as_if_open = Effect(self.forces, self.closed)
        return as_if_open.by_version

    def by_force(self, version: str = "FORECAST") -> tuple[int, ...]:
        """Each force's net over all years; above zero it gains."""
        years = self.years(version)
        return tuple(sum(year.net[at] for year in years) for at in range(len(self.forces)))

    @property
    def sentence(self) -> str:
        """Who gains and who loses over all years of the forecast, for an alliance of a few forces."""
        if not self.years() or not 0 < len(self.forces) <= FEW_FORCES:
            return ""
        return who_gains(
            list(zip((force.name for force in self.forces), self.by_force(), strict=True))
        )

    def unshared_net(self, version: str = "FORECAST") -> int:
        """Savings less costs that begin (above zero) or stop to wait."""
        return self._waiting(SAVING, version) - self._waiting(COST, version)

    def _waiting(self, kind: str, version: str) -> int:
        return sum(pence for place, pence in self.unshared.items() if place[2:] == (kind, version))

    def turned(self) -> "Effect":
        """The effect of going back."""
        return Effect(
            self.forces,
            {cell: -pence for cell, pence in self.cells.items()},
            {place: -pence for place, pence in self.unshared.items()},
            {cell: -pence for cell, pence in self.closed.items()},
            areas=self.areas,
        )

    def cells_kept(self) -> list[list[Any]]:
        """What it does as the record of changes keeps it."""
        return [[*cell, pence] for cell, pence in sorted(self.cells.items())]

    def waiting_kept(self) -> list[list[Any]]:
        """What waits as the record of changes keeps it."""
        return [[*place, pence] for place, pence in sorted(self.unshared.items())]

    @property
    def digest(self) -> str:
        """The same text for the same pounds: tells whether a price has moved since it was shown.

        Areas are told by their codes, for one that is yet to be stored has no number.
        """
        said = repr((self._by_code(self.cells), self._by_code(self.unshared)))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def _by_code(self, found: Mapping[Any, int]) -> list[Any]:
        return sorted(
            (self.areas.get(place[0], str(place[0])), *place[1:], pence)
            for place, pence in found.items()
        )

    def _by_year(
        self, cells: Mapping[Cell, int], wanted: Callable[[Cell], bool]
    ) -> tuple[YearMove, ...]:
        sums: dict[tuple[int, str, str], int] = defaultdict(int)
        for cell, pence in cells.items():
            if wanted(cell):
                sums[cell.year, cell.kind, cell.force] += pence
        order = [force.code for force in self.forces]
        found = (
            YearMove(
                year,
                *(
                    tuple(sums.get((year, kind, code), 0) for code in order)
                    for kind in (COST, SAVING)
                ),
            )
            for year in sorted({year for year, _, _ in sums})
        )
        return tuple(move for move in found if any(move.costs) or any(move.savings))


def who_gains(by_force: Sequence[tuple[str, int]]) -> str:
    """What each of these forces gains or loses, pence over all years, in a sentence."""
    said = [f"{name} {_gains(pence)}" for name, pence in by_force]
    return f"Over all years {', '.join(said[:-1])}{' and ' if said[1:] else ''}{said[-1]}."


def _gains(pence: int) -> str:
    if pence == 0:
        return "neither gains nor loses"
    return f"{'gains' if pence > 0 else 'loses'} {pounds(abs(pence))}"


def compare(now: Book, then: Book) -> Effect:
    """What makes `then` of `now`, exactly as it will be stored. No query.

    Only pools whose ratio or amounts differ are shared; where they are the same, so are their shares.
    """
    before, after = _contents(now.worked), _contents(then.worked)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    cells: dict[Cell, int] = defaultdict(int)
    waiting: dict[Place, int] = defaultdict(int)
    for book, sign in ((now, -1), (then, 1)):
        pools = [pool for pool in book.worked.pools if pool.key in changed]
        for cell, pence in _shared(book.worked, pools):
            cells[cell] += sign * pence
        for pool in pools:
            if pool.ratio is None:
                waiting[pool.key.place] += sign * pool.total_pence
    closed = now.closed | then.closed
    moved = {cell: pence for cell, pence in cells.items() if pence}
    return Effect(
        forces=then.sharing.forces,
        cells={cell: pence for cell, pence in moved.items() if cell.year not in closed},
        unshared={
            place: pence for place, pence in waiting.items() if pence and place[1] not in closed
        },
        closed={cell: pence for cell, pence in moved.items() if cell.year in closed},
        reasons=_new_reasons(now, then),
        areas={area.id: area.code for area in (*now.areas.values(), *then.areas.values())},
    )


def _new_reasons(now: Book, then: Book) -> tuple[str, ...]:
    """Why money waits then that does not wait for it now, in the order of the days."""
    old = {pool.key.withheld for pool in now.worked.pools}
    pools = sorted(then.worked.pools, key=lambda pool: pool.starts_on)
    return tuple(dict.fromkeys(pool.key.withheld for pool in pools if pool.key.withheld not in old))


def changed_units(now: Book, then: Book) -> set[Unit]:
    """The areas' open years whose pools are not the same in both. No query."""
    before, after = _contents(now.worked), _contents(then.worked)
    return {
        Unit(key.area_id, key.year)
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key) and key.year not in then.closed
    }


def stands(book: Book, version: str = "FORECAST") -> Mapping[Cell, int]:
    """Every force's shares of the version in years that are open, as they will be stored. No query."""
    pools = [
        pool
        for pool in book.worked.pools
        if pool.key.version == version and pool.key.year not in book.closed
    ]
    found: dict[Cell, int] = defaultdict(int)
    for cell, pence in _shared(book.worked, pools):
        found[cell] += pence
    return found


def _shared(worked: Worked, pools: Iterable[WorkedPool]) -> Iterator[tuple[Cell, int]]:
    shared = worked.share([pool for pool in pools if pool.ratio is not None])
    for pool, force, pence in shared.force_totals():
        yield Cell(*pool.key.place, force), pence


def _contents(worked: Worked) -> dict[PoolKey, bytes]:
    """What decides a pool's shares beside its ratio: its pence, line by line in natural order."""
    pence = worked.lines["pence"] if worked.pools else None
    return {
        pool.key: pence[pool.first : pool.last].tobytes() if pence is not None else b""
        for pool in worked.pools
    }
