"""Figures that are to go on record, beside what counts until then; and what one would ask of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from programmes.models import Force, ForceSize, SizeMeasure
from programmes.rules import size_doubts
from programmes.services import Figure


@dataclass(frozen=True)
class FigureLine:
    """A figure beside the one that counts on its day until then: its date and value; None for none.

    `doubts` say why one would ask whether it is right.
    """

    figure: Figure
    before: tuple[date, Decimal] | None
    is_restated: bool
    doubts: tuple[str, ...]

    @property
    def change(self) -> Decimal | None:
        """What it adds to the one before, in per cent; None where there is no telling."""
        if self.before is None or not self.before[1]:
            return None
        return (self.figure.value - self.before[1]) * 100 / self.before[1]


OnRecord = Mapping[int, Mapping[date, ForceSize]]


def lines_of(figures: Sequence[Figure], on_record: OnRecord, today: date) -> list[FigureLine]:
    """A line for each figure, in their order. `on_record`: what counts, by force (its id) and date."""
    known: dict[int, dict[date, Decimal]] = {
        force_id: {day: size.value for day, size in by_day.items()}
        for force_id, by_day in on_record.items()
    }
    found = {}
    for figure in sorted(figures, key=lambda each: each.effective_on):
        of_force = known.setdefault(figure.force.pk, {})
        day = max((day for day in of_force if day <= figure.effective_on), default=None)
        before = (day, of_force[day]) if day else None
        doubts = size_doubts(figure.value, figure.effective_on, before, today)
        found[figure] = FigureLine(figure, before, day == figure.effective_on, doubts)
        of_force[figure.effective_on] = figure.value
    return [found[figure] for figure in figures]


def by_date(lines: Iterable[FigureLine]) -> list[tuple[date, list[FigureLine]]]:
    """The lines of each date, earliest first; within it in their order."""
    in_order = sorted(lines, key=lambda line: line.figure.effective_on)
    groups = groupby(in_order, key=lambda line: line.figure.effective_on)
    return [(day, list(of_day)) for day, of_day in groups]


def doubts_of(lines: Iterable[FigureLine]) -> list[str]:
    """“Dorset Police, 31 March 2018: It is 904.7% more than …”, a sentence each."""
    return [f"{name_of(line.figure)}: {doubt}" for line in lines for doubt in line.doubts]


def name_of(figure: Figure) -> str:
    """“Dorset Police, 31 March 2018”."""
    return label_of(figure.force, figure.effective_on)


def label_of(force: Force, day: date) -> str:
    """“Dorset Police, 31 March 2018”."""
    return f"{force.name}, {day:%-d %B %Y}"


def unsaved(measure: SizeMeasure, figures: Iterable[Figure]) -> list[ForceSize]:
    """The figures as they would be stored, to be priced."""
    return [
        ForceSize(
            force=figure.force,
            measure=measure,
            effective_on=figure.effective_on,
            value=figure.value,
            source=figure.source,
        )
        for figure in figures
    ]
