"""Lines divided into pools and shared, in memory: what recompute stores and what a preview shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from savings.engine.bulk import ManyShares, share_pools
from savings.engine.method import METHOD
from savings.engine.ratio import Ratio
from savings.engine.withheld import Withheld
from savings.inputs import EPOCH, KINDS, VERSIONS, IntArray, SharingInputs

# Area, financial year, kind and version.
Place = tuple[int, int, str, str]


class PoolKey(NamedTuple):
    """What a pool is, apart from its money: area, year, kind, version, and ratio or why there is none."""

    area_id: int
    year: int
    kind: str
    version: str
    digest: str
    withheld: str

    @property
    def place(self) -> Place:
        """Where its money belongs, whatever divides it."""
        return self[:4]


class WorkedPool(NamedTuple):
    """A pool's identity and inputs. `first` and `last` bound its lines in `Worked.lines`."""

    key: PoolKey
    ratio: Ratio | None
    starts_on: date
    total_pence: int
    inputs_hash: str
    first: int
    last: int


@dataclass(frozen=True)
class Worked:
    """Lines in pool order, and the pools they make up."""

    lines: npt.NDArray[np.void]
    pools: tuple[WorkedPool, ...]

    def share(self, pools: Sequence[WorkedPool]) -> "SharedPools":
        """The shares of these pools, each of which has a ratio."""
        spans = [np.arange(pool.first, pool.last) for pool in pools]
        at = np.concatenate(spans) if spans else np.empty(0, np.int64)
        lengths = [pool.last - pool.first for pool in pools]
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        weights = [pool.ratio.weights for pool in pools if pool.ratio is not None]
        lines = self.lines[at]
        return SharedPools(
            tuple(pools), lines, starts, share_pools(lines["pence"], starts, weights)
        )


@dataclass(frozen=True)
class SharedPools:
    """Pools with their shares in pence, as the engine gives them: a grant's lines are negative."""

    pools: tuple[WorkedPool, ...]
    lines: npt.NDArray[np.void]
    starts: IntArray
    shares: ManyShares

    def force_totals(self) -> Iterator[tuple[WorkedPool, str, int]]:
        """Each pool's share of each force: pool, force's code, pence."""
        for pool, totals in zip(self.pools, self.shares.totals, strict=True):
            assert pool.ratio is not None
            for force, pence in zip(pool.ratio.forces, totals, strict=True):
                yield pool, force, pence

    def line_lengths(self) -> IntArray:
        """How many forces share each line."""
        forces = [len(totals) for totals in self.shares.totals]
        return np.repeat(np.array(forces, np.int64), np.diff(self.starts))

    def check_sums(self) -> None:
        """Raise DoesNotAddUp unless every line and every pool adds up (law 1)."""
        if not len(self.lines):
            return
        ends = np.cumsum(self.line_lengths())
        sums = np.add.reduceat(self.shares.shares, np.concatenate([[0], ends[:-1]]))
        if not np.array_equal(sums, self.lines["pence"]):
            raise DoesNotAddUp("A line’s shares do not add up to its amount.")
        for pool, totals in zip(self.pools, self.shares.totals, strict=True):
            if sum(totals) != pool.total_pence:
                raise DoesNotAddUp("A pool’s shares do not add up to its total.")


class DoesNotAddUp(AssertionError):
    """The engine broke law 1; nothing is stored."""


def work_out(inputs: SharingInputs, lines: npt.NDArray[np.void]) -> Worked:
    """The pools that `lines` (as read_lines gives them) make up under `inputs`."""
    if not len(lines):
        return Worked(lines, ())
    ratios, line_ratios = _ratios_of_lines(inputs, lines)
    order = np.lexsort((line_ratios, lines["version"], lines["kind"], lines["year"], lines["area"]))
    lines, line_ratios = lines[order], line_ratios[order]
    keys = np.stack(
        [lines["area"], lines["year"], lines["kind"], lines["version"], line_ratios], axis=1
    )
    firsts = np.concatenate([[0], np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1])
    lasts = np.concatenate([firsts[1:], [len(lines)]])
    totals = np.add.reduceat(lines["pence"], firsts).tolist()
    days = np.minimum.reduceat(lines["day"], firsts).tolist()
    content = np.stack([lines["amount"], lines["pence"]], axis=1)
    names = [_named(ratio, inputs) for ratio in ratios]
    pools = []
    for first, last, total, day, key in zip(
        firsts.tolist(), lasts.tolist(), totals, days, keys[firsts].tolist(), strict=True
    ):
        area_id, year, kind, version, ratio = key
        pools.append(
            _pool(
                PoolKey(area_id, year, KINDS[kind], VERSIONS[version], *names[ratio]),
                ratios[ratio],
                EPOCH + timedelta(days=day),
                total,
                content[first:last],
                (first, last),
            )
        )
    return Worked(lines, tuple(pools))


def _ratios_of_lines(
    inputs: SharingInputs, lines: npt.NDArray[np.void]
) -> tuple[list[Ratio | Withheld], IntArray]:
    """The distinct ratios (or reasons), and each line's index into them, in order of first use."""
    place = lines["area"] * 1_000_000 + (lines["day"] + 200_000)
    distinct, where = np.unique(place, return_inverse=True)
    by_area: dict[int, list[int]] = {}
    for value in distinct.tolist():
        by_area.setdefault(value // 1_000_000, []).append(value % 1_000_000 - 200_000)
    found: list[Ratio | Withheld] = []
    index: dict[str, int] = {}
    of_place: list[int] = []
    for area_id, days in by_area.items():
        dates = {day: EPOCH + timedelta(days=day) for day in days}
        ratios = inputs.ratios(area_id, dates.values())
        for day in days:
            ratio = ratios[dates[day]]
            name = "".join(_named(ratio, inputs))
            if name not in index:
                index[name] = len(found)
                found.append(ratio)
            of_place.append(index[name])
    return found, np.array(of_place, np.int64)[where]


def _named(ratio: Ratio | Withheld, inputs: SharingInputs) -> tuple[str, str]:
    """A ratio's digest and a blank, or a blank and why there is no ratio."""
    if isinstance(ratio, Ratio):
        return ratio.content_digest, ""
    return "", ratio.sentence(inputs.names)


def _pool(
    key: PoolKey,
    ratio: Ratio | Withheld,
    starts_on: date,
    total: int,
    content: IntArray,
    span: tuple[int, int],
) -> WorkedPool:
    digest = blake2b(str(METHOD).encode(), digest_size=32)
    digest.update((key.digest or key.withheld).encode())
    digest.update(starts_on.isoformat().encode())
    digest.update(content.data)
    return WorkedPool(
        key=key,
        ratio=ratio if isinstance(ratio, Ratio) else None,
        starts_on=starts_on,
        total_pence=total,
        inputs_hash=digest.hexdigest(),
        first=span[0],
        last=span[1],
    )
