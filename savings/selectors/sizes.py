"""The force sizes on record, with every release."""

from dataclasses import dataclass
from datetime import date

from programmes.models import Alliance, Force, ForceSize, SizeMeasure


@dataclass(frozen=True)
class SizeCell:
    """One force's figure on one date: the latest release, and how many earlier ones it restates."""

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


@dataclass(frozen=True)
class MeasureSizes:
    """A measure's figures, newest date first."""

    measure: SizeMeasure
    dates: tuple[SizeDate, ...]


@dataclass(frozen=True)
class SizesOnRecord:
    """Everything that the force sizes page shows."""

    forces: tuple[Force, ...]
    measures: tuple[MeasureSizes, ...]


def sizes_on_record(alliance: Alliance) -> SizesOnRecord:
    """The alliance's sizes by measure and date. Three queries."""
    forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))
    found: dict[tuple[int, date, int], list[ForceSize]] = {}
    dates: dict[int, set[date]] = {}
    for size in (
        ForceSize.objects.filter(alliance=alliance)
        .select_related("recorded_by")
        .order_by("-release")
    ):
        found.setdefault((size.measure_id, size.effective_on, size.force_id), []).append(size)
        dates.setdefault(size.measure_id, set()).add(size.effective_on)
    measures = SizeMeasure.objects.filter(alliance=alliance).order_by("name")
    return SizesOnRecord(
        forces=forces,
        measures=tuple(
            MeasureSizes(
                measure,
                tuple(
                    SizeDate(
                        day,
                        tuple(
                            _cell(found.get((measure.pk, day, force.pk), [])) for force in forces
                        ),
                    )
                    for day in sorted(dates.get(measure.pk, ()), reverse=True)
                ),
            )
            for measure in measures
        ),
    )


def _cell(newest_first: list[ForceSize]) -> SizeCell:
    return SizeCell(newest_first[0] if newest_first else None, tuple(newest_first[1:]))
