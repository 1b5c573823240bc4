"""The force sizes on record, with every release."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.models import Alliance, Force, ForceSize, SizeMeasure


@dataclass(frozen=True)
class SizeCell:
    """One force's figure on one date: the latest release in force, and the earlier ones that it restates.

    `withdrawn` were entered by mistake, and count neither as the latest nor as an earlier one.
    """

    force: Force
    latest: ForceSize | None
    earlier: tuple[ForceSize, ...]
    withdrawn: tuple[ForceSize, ...] = ()


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
    def withdrawn(self) -> list[ForceSize]:
        """Every figure of the date that was withdrawn, newest first within a force."""
        return [size for cell in self.cells for size in cell.withdrawn]

    @property
    def has_any(self) -> bool:
        """True if a figure of the date is in force."""
        return any(cell.latest for cell in self.cells)

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
        .select_related("recorded_by", "withdrawn_by", "force")
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
    in_force = [size for size in newest_first if not size.withdrawn_at]
    return SizeCell(
        force,
        in_force[0] if in_force else None,
        tuple(in_force[1:]),
        tuple(size for size in newest_first if size.withdrawn_at),
    )


def counting_on(
    measure: SizeMeasure, day: date | None = None, *, without: Iterable[ForceSize] = ()
) -> dict[int, ForceSize]:
    """The figure of each force (by its id) that counts on `day`; None: of its latest date. One query."""
    sizes = ForceSize.objects.in_force().filter(measure=measure)
    if day is not None:
        sizes = sizes.filter(effective_on__lte=day)
    sizes = sizes.exclude(pk__in=[size.pk for size in without])
    in_order = sizes.select_related("recorded_by").order_by("effective_on", "release")
    return {size.force_id: size for size in in_order}


def releases_on(measure: SizeMeasure, day: date) -> dict[int, int]:
    """The latest release in force of each force (by its id) for exactly that day. One query."""
    sizes = ForceSize.objects.in_force().filter(measure=measure, effective_on=day)
    return dict(sizes.order_by("release").values_list("force_id", "release"))


def places_of(values: Iterable[Decimal]) -> int:
    """The decimals that the figure with most of them needs; nought for none."""
    exponents = (value.normalize().as_tuple().exponent for value in values)
    return max((-each for each in exponents if isinstance(each, int) and each < 0), default=0)
