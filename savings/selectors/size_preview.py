"""What a new or restated size would move between the forces, worked out before anything is saved."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection

from programmes.models import Force, ForceSize
from savings.apportioned import Worked, work_out
from savings.engine.periods import financial_year_of, year_label
from savings.engine.ratio import Size
from savings.inputs import SharingInputs, Unit, read_lines, read_sharing_inputs
from savings.selectors.moves import YearMove, moves


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
    """What saving the size would do to the forecast, by force and year; nothing has been saved."""

    forces: tuple[Force, ...]
    earlier: ForceSize | None
    years: tuple[YearMove, ...]
    ratios: tuple[PercentageMove, ...]
    newly_shared_pence: int
    without_figure: tuple[Force, ...]

    @property
    def moves_anything(self) -> bool:
        """True if any force's costs or savings change."""
        return any(any(year.costs) or any(year.savings) for year in self.years)

    @property
    def net(self) -> tuple[int, ...]:
        """Each force's net over all years, pence."""
        return tuple(sum(column) for column in zip(*(year.net for year in self.years), strict=True))

    @property
    def rows(self) -> list[tuple[Force, list[int], int]]:
        """Each force with its net by year and over all years."""
        totals = self.net or tuple(0 for _ in self.forces)
        return [
            (force, [year.net[place] for year in self.years], totals[place])
            for place, force in enumerate(self.forces)
        ]


def preview_size(size: ForceSize, earlier: ForceSize | None) -> SizePreview:
    """Work the alliance's shares out with and without `size` (unsaved), and compare the forecast.

    `earlier` is the release that it restates, as programmes.services.check_size gives it. The same
    code as the worker's, so what is shown is what will be stored.
    """
    alliance_id = size.alliance_id
    now = read_sharing_inputs(alliance_id)
    then = now.with_size(
        Size(
            force=size.force.code,
            measure=size.measure.name,
            effective_on=size.effective_on,
            release=(earlier.release if earlier else 0) + 1,
            value=size.value,
            source=size.source,
        )
    )
    lines = read_lines(_units(alliance_id, financial_year_of(size.effective_on)))
    lines = lines[lines["version"] == 1]
    before, after = work_out(now, lines), work_out(then, lines)
    return SizePreview(
        forces=now.forces,
        earlier=earlier,
        years=moves(now.order, before, after),
        ratios=_percentages(now, before, after),
        newly_shared_pence=_unshared(before) - _unshared(after),
        without_figure=_without_figure(size, now),
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


def _units(alliance_id: int, since: int) -> list[Unit]:
    """The areas' open years from `since` on that have amounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT i.area_id, a.year FROM savings_amount a"
            " JOIN savings_item i ON i.id = a.item_id"
            " WHERE i.alliance_id = %(alliance)s AND a.year >= %(since)s AND NOT EXISTS ("
            "   SELECT 1 FROM savings_financialyear y WHERE y.alliance_id = %(alliance)s"
            "   AND y.year = a.year AND y.closed_at IS NOT NULL)",
            {"alliance": alliance_id, "since": since},
        )
        return [Unit(*row) for row in cursor.fetchall()]


def _percentages(
    inputs: SharingInputs, before: Worked, after: Worked
) -> tuple[PercentageMove, ...]:
    """The distinct changes of a ratio, each with its years."""
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], set[int]] = defaultdict(set)
    for old, new in zip(_by_line(before), _by_line(after), strict=True):
        if old[1] != new[1]:
            move = (new[2] or old[2], _shown(inputs, old[1]), _shown(inputs, new[1]))
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


def _unshared(worked: Worked) -> int:
    """Pence that have no ratio, savings and costs together, as sizes of amounts."""
    return sum(abs(pool.total_pence) for pool in worked.pools if pool.ratio is None)
