"""What a new or restated size would move between the forces, worked out before anything is saved."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from programmes.models import Force, ForceSize
from savings.apportioned import Worked
from savings.book import Book, Effect, YearMove, compare, read
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
class SizePreview:
    """What saving the size would do, by force and year; nothing has been saved."""

    forces: tuple[Force, ...]
    earlier: ForceSize | None
    effect: Effect
    ratios: tuple[PercentageMove, ...]
    newly_shared_pence: int
    without_figure: tuple[Force, ...]

    @property
    def years(self) -> tuple[YearMove, ...]:
        """The years in which the forecast moves, ascending."""
        return self.effect.years()

    @property
    def moves_anything(self) -> bool:
        """True if any force's costs or savings change."""
        return bool(self.effect.cells)

    @property
    def net(self) -> tuple[int, ...]:
        """Each force's net of the forecast over all years, pence."""
        return self.effect.by_force()

    @property
    def rows(self) -> list[tuple[Force, list[int], int]]:
        """Each force with its net by year and over all years."""
        totals = self.net or tuple(0 for _ in self.forces)
        return [
            (force, [year.net[place] for year in self.years], totals[place])
            for place, force in enumerate(self.forces)
        ]


def preview_size(size: ForceSize, earlier: ForceSize | None) -> SizePreview:
    """What `size` (unsaved) would do to plan, forecast and actual; closed years do not move.

    `earlier` is the release that it restates, as programmes.services.check_size gives it. Two
    queries.
    """
    now = read(size.alliance_id)
    release = Size(
        force=size.force.code,
        measure=size.measure.name,
        effective_on=size.effective_on,
        release=(earlier.release if earlier else 0) + 1,
        value=size.value,
        source=size.source,
    )
    then = now.with_sharing(sizes=(*now.sharing.sizes, release))
    return SizePreview(
        forces=now.sharing.forces,
        earlier=earlier,
        effect=compare(now, then),
        ratios=_percentages(now, then),
        newly_shared_pence=_unshared(now) - _unshared(then),
        without_figure=_without_figure(size, now.sharing),
    )


def _without_figure(size: ForceSize, inputs: SharingInputs) -> tuple[Force, ...]:
    """The other forces that have an earlier figure of the measure, but none for the same date."""
    dates: dict[str, set[date]] = defaultdict(set)
    for known in inputs.sizes:
        if known.measure == size.measure.name and known.effective_on <= size.effective_on:
            dates[known.force].add(known.effective_on)
    return tuple(
        force
        for force in inputs.forces
        if force.pk != size.force_id
        and dates[force.code]
        and size.effective_on not in dates[force.code]
    )


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


def _unshared(book: Book) -> int:
    """Pence of the forecast in open years that have no ratio, costs and savings alike as sizes."""
    return sum(
        abs(pool.total_pence)
        for pool in book.worked.pools
        if pool.ratio is None
        and pool.key.version == "FORECAST"
        and pool.key.year not in book.closed
    )
