"""The force sizes on record, with every release."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.models import Alliance, Force, ForceSize, SizeMeasure


@dataclass(frozen=True)
class SizeCell:
    """One force's figure on one date: the latest release, and the earlier ones that it restates."""

    force: Force
    latest: ForceSize | None
    earlier: tuple[ForceSize, ...]


@dataclass(frozen=True)
class SizeDate:
    """All forces' figures of one date, in the agreed order."""

    effective_on: date
    cells: tuple[SizeCell, ...]

    @property
    def sources(self) -> list[str]:
        """Where the latest figures were published, each source once."""
        return list(dict.fromkeys(cell.latest.source for cell in self.cells if cell.latest))

    @property
    def restated(self) -> list[tuple[SizeCell, ForceSize]]:
        """Every earlier release with the cell that it stood in."""
        return [(cell, size) for cell in self.cells for size in cell.earlier]

    @property
    def recorded_here(self) -> list[ForceSize]:
        """The latest figures that a person put on record in the portal."""
        return [cell.latest for cell in self.cells if cell.latest and cell.latest.recorded_by]


@dataclass(frozen=True)
class MeasureSizes:
    """A measure's figures, newest date first; `places` are the decimals that align them all."""

    measure: SizeMeasure
    dates: tuple[SizeDate, ...]
    places: int


@dataclass(frozen=True)
class SizesOnRecord:
    """Everything that the force sizes page shows."""

    forces: tuple[Force, ...]
    measures: tuple[MeasureSizes, ...]


def sizes_on_record(alliance: Alliance) -> SizesOnRecord:
    """The alliance's sizes by measure and date. Three queries."""
    forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))
    found: dict[tuple[int, date, int], list[ForceSize]] = {}
    by_measure: dict[int, list[ForceSize]] = {}
    for size in (
        ForceSize.objects.filter(alliance=alliance)
        .select_related("recorded_by", "force")
        .order_by("-release")
    ):
        found.setdefault((size.measure_id, size.effective_on, size.force_id), []).append(size)
        by_measure.setdefault(size.measure_id, []).append(size)

    def on(measure: SizeMeasure, day: date) -> SizeDate:
        cells = (_cell(force, found.get((measure.pk, day, force.pk), [])) for force in forces)
        return SizeDate(day, tuple(cells))

    return SizesOnRecord(
        forces=forces,
        measures=tuple(
            MeasureSizes(
                measure=measure,
                dates=tuple(
                    on(measure, day)
                    for day in sorted(
                        {size.effective_on for size in by_measure.get(measure.pk, ())}, reverse=True
                    )
                ),
                places=places_of(size.value for size in by_measure.get(measure.pk, ())),
            )
            for measure in SizeMeasure.objects.filter(alliance=alliance).order_by("name")
        ),
    )


def _cell(force: Force, newest_first: list[ForceSize]) -> SizeCell:
    return SizeCell(force, newest_first[0] if newest_first else None, tuple(newest_first[1:]))


def places_of(values: Iterable[Decimal]) -> int:
    """The decimals that the figure with most of them needs; nought for none."""
    exponents = (value.normalize().as_tuple().exponent for value in values)
    return max((-each for each in exponents if isinstance(each, int) and each < 0), default=0)
