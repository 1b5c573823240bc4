"""A measure's figures as the grid of sizes shows them: forces by date."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from programmes.models import Force, ForceSize, SizeMeasure
from savings.selectors.sizes import places_of

# So many dates of those on record are on a page, and so many with those that are added.
DATES, MOST_DATES = 6, 12
ANOTHERS = "another force’s"


@dataclass(frozen=True)
class SizeCell:
    """A force's figure of a date. `values` has the figure of each release, withdrawn ones too.

    `latest` counts; None where there is none. `stays` says why it cannot change.
    """

    force: Force
    on: date
    latest: ForceSize | None
    values: Mapping[int, Decimal]
    stays: str = ""

    @property
    def name(self) -> str:
        """The name of its box."""
        return f"s{self.force.pk}-{self.on:%Y%m%d}"

    @property
    def value(self) -> Decimal | None:
        """The figure that counts."""
        return self.latest.value if self.latest else None

    @property
    def release(self) -> int:
        """Its release; nought for none."""
        return self.latest.release if self.latest else 0


@dataclass(frozen=True)
class SizeRow:
    """A force's figures, a cell for each of the grid's dates."""

    force: Force
    cells: tuple[SizeCell, ...]


@dataclass(frozen=True)
class SizeGrid:
    """The forces in the agreed order by some dates of a measure, earliest first.

    `on_record` has every figure that counts, by force (its id) and date. `earlier` is the last date
    before those shown; None if there is none.
    """

    measure: SizeMeasure
    rows: tuple[SizeRow, ...]
    columns: tuple[date, ...]
    earlier: date | None
    on_record: Mapping[int, Mapping[date, ForceSize]]

    @cached_property
    def places(self) -> int:
        """The decimals that align all figures on record."""
        return places_of(
            size.value for by_date in self.on_record.values() for size in by_date.values()
        )

    @cached_property
    def cells(self) -> dict[str, SizeCell]:
        """Every cell, by name."""
        return {cell.name: cell for row in self.rows for cell in row.cells}

    @property
    def open_cells(self) -> dict[str, SizeCell]:
        """The cells that can change, by name."""
        return {name: cell for name, cell in self.cells.items() if not cell.stays}


def size_grid(
    measure: SizeMeasure,
    *,
    may_change: Collection[int],
    also: Iterable[date] = (),
    until: date | None = None,
) -> SizeGrid:
    """The last dates on record, up to `until` where it is given, and those in `also`. Two queries.

    `may_change` are the forces, by id, whose figures the reader may change.
    """
    forces = Force.objects.filter(alliance_id=measure.alliance_id).order_by("position")
    releases: dict[tuple[int, date], list[ForceSize]] = defaultdict(list)
    rows = ForceSize.objects.filter(measure=measure).select_related("recorded_by")
    for size in rows.order_by("effective_on", "release"):
        releases[size.force_id, size.effective_on].append(size)
    on_record: dict[int, dict[date, ForceSize]] = defaultdict(dict)
    for (force_id, day), of_day in releases.items():
        if found := [size for size in of_day if not size.withdrawn_at]:
            on_record[force_id][day] = found[-1]
    days = sorted({day for of_force in on_record.values() for day in of_force})
    up_to = [day for day in days if until is None or day <= until]
    columns = tuple(sorted({*up_to[-DATES:], *list(also)[:DATES]}))
    return SizeGrid(
        measure,
        tuple(_row(force, columns, releases, on_record, may_change) for force in forces),
        columns,
        up_to[-DATES - 1] if len(up_to) > DATES else None,
        on_record,
    )


def _row(
    force: Force,
    columns: Sequence[date],
    releases: Mapping[tuple[int, date], Sequence[ForceSize]],
    on_record: Mapping[int, Mapping[date, ForceSize]],
    may_change: Collection[int],
) -> SizeRow:
    cells = (
        SizeCell(
            force,
            day,
            on_record.get(force.pk, {}).get(day),
            {size.release: size.value for size in releases.get((force.pk, day), ())},
            "" if force.pk in may_change else ANOTHERS,
        )
        for day in columns
    )
    return SizeRow(force, tuple(cells))
