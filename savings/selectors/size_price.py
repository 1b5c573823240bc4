"""What other sizes would do to shares and percentages, worked out before anything is saved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programmes import services
from programmes.models import ForceSize, SizeMeasure
from savings.apportioned import Worked
from savings.book import Book, Effect, compare, read
from savings.engine.periods import year_label
from savings.engine.rules import Size
from savings.inputs import SharingInputs


@dataclass(frozen=True)
class PercentageMove:
    """A ratio as it is and as it would be in these years: percentages in the agreed order."""

    years: tuple[int, ...]
    basis: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def when(self) -> str:
        """The years, a run of them by its ends: “2018/19 to 2022/23”."""
        runs: list[list[int]] = []
        for year in self.years:
            if runs and runs[-1][-1] == year - 1:
                runs[-1].append(year)
            else:
                runs.append([year])
        return ", ".join(
            year_label(run[0])
            if len(run) == 1
            else f"{year_label(run[0])} to {year_label(run[-1])}"
            for run in runs
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each force's percentage before and after; blank where it has none."""
        return list(zip(self.before, self.after, strict=True))


@dataclass(frozen=True)
class SizesPrice:
    """What other sizes would do: to every force's money, and to the percentages of open years."""

    effect: Effect
    ratios: tuple[PercentageMove, ...]


def price_sizes(
    measure: SizeMeasure, *, added: Sequence[ForceSize] = (), withdrawn: Sequence[ForceSize] = ()
) -> SizesPrice:
    """What adding these sizes of the measure (unsaved), or withdrawing some on record, would do.

    A size that is added is the latest release of its date; closed years stay. Nothing is saved.
    Raises NothingToShareBy, as saving them would. Two queries.
    """
    now = read(measure.alliance_id)
    then = _with_sizes(now, added, withdrawn)
    services.check_something_to_share_by(
        measure,
        (
            (size.force, size.effective_on, size.value)
            for size in sorted(
                then.sharing.sizes, key=lambda each: (each.effective_on, each.release)
            )
            if size.measure == measure.name
        ),
        forces=len(then.sharing.forces),
        since=min(size.effective_on for size in (*added, *withdrawn)),
    )
    return SizesPrice(compare(now, then), _percentages(now, then))


def price_each(measure: SizeMeasure, lots: Sequence[Sequence[ForceSize]]) -> list[Effect]:
    """What each lot of sizes would do if it alone were added; nothing is saved. Two queries."""
    now = read(measure.alliance_id)
    return [compare(now, _with_sizes(now, lot, ())) for lot in lots]


def _with_sizes(now: Book, added: Sequence[ForceSize], withdrawn: Sequence[ForceSize]) -> Book:
    """The book with these sizes as the latest releases of their dates, and without those withdrawn."""
    gone = {_place(_as_size(size, size.release)) for size in withdrawn}
    kept = [size for size in now.sharing.sizes if _place(size) not in gone]
    last = max((size.release for size in kept), default=0)
    new = [_as_size(size, last + 1) for size in added]
    return now.with_sharing(sizes=(*kept, *new))


def _as_size(size: ForceSize, release: int) -> Size:
    return Size(
        force=size.force.code,
        measure=size.measure.name,
        effective_on=size.effective_on,
        release=release,
        value=size.value,
        source=size.source,
    )


def _place(size: Size) -> tuple[str, str, date, int]:
    return size.force, size.measure, size.effective_on, size.release


def _percentages(now: Book, then: Book) -> tuple[PercentageMove, ...]:
    """The distinct changes of a ratio in open years, each with its years."""
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], set[int]] = defaultdict(set)
    for old, new in zip(_by_line(now.worked), _by_line(then.worked), strict=True):
        if old[1] != new[1] and old[0] not in now.closed:
            move = (new[2] or old[2], _shown(now.sharing, old[1]), _shown(now.sharing, new[1]))
            found[move].add(old[0])
    changes = (
        PercentageMove(tuple(sorted(years)), basis, was, becomes)
        for (basis, was, becomes), years in found.items()
    )
    return tuple(sorted(changes, key=lambda move: (move.years, move.basis)))


_Percentages = tuple[tuple[str, str], ...]


def _by_line(worked: Worked) -> list[tuple[int, _Percentages, str]]:
    """For each distinct (area, year, period day): year, its forces' percentages, and the basis."""
    found: dict[tuple[int, int, int], tuple[int, _Percentages, str]] = {}
    for pool in worked.pools:
        ratio = pool.ratio
        parts = tuple(zip(ratio.forces, ratio.percentages, strict=True)) if ratio else ()
        for day in set(worked.lines["day"][pool.first : pool.last].tolist()):
            key = (pool.key.area_id, pool.key.year, day)
            found[key] = (pool.key.year, parts, ratio.basis if ratio else "")
    return [found[key] for key in sorted(found)]


def _shown(inputs: SharingInputs, parts: _Percentages) -> tuple[str, ...]:
    by_force = dict(parts)
    return tuple(by_force.get(force, "") for force in inputs.order)
