"""A release of sizes as it was typed, beside what is on record: what changes, and what one would ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.models import Force, ForceSize, SizeMeasure
from programmes.rules import size_doubts
from savings.selectors.sizes import counting_on, releases_on


@dataclass(frozen=True)
class ReleaseLine:
    """One force's figure of the release; `value` is None where the release has none for it.

    `before` counts on the day until then. `doubts` say why one would ask whether it is right.
    """

    force: Force
    before: ForceSize | None
    value: Decimal | None
    doubts: tuple[str, ...]

    def is_on_record(self, day: date, source: str) -> bool:
        """Whether exactly this figure counts from that day already, from the same source."""
        known = self.before
        return known is not None and (known.effective_on, known.value, known.source) == (
            day,
            self.value,
            source,
        )

    @property
    def change(self) -> Decimal | None:
        """What the figure adds to the one before, in per cent; None where there is no telling."""
        if self.value is None or self.before is None or not self.before.value:
            return None
        return (self.value - self.before.value) * 100 / self.before.value


@dataclass(frozen=True)
class TypedRelease:
    """A release as it was typed: a line for each of the alliance's forces, in the agreed order.

    `seen` is the latest release of each force (by its id) for the day, 0 for none.
    """

    measure: SizeMeasure
    effective_on: date
    lines: tuple[ReleaseLine, ...]
    seen: Mapping[int, int]

    @property
    def doubtful(self) -> list[ReleaseLine]:
        """The lines that one would ask about."""
        return [line for line in self.lines if line.doubts]

    @property
    def left_out(self) -> list[ReleaseLine]:
        """The forces without a figure for the day, of which an earlier one goes on counting."""
        return [
            line
            for line in self.lines
            if line.value is None
            and line.before is not None
            and line.before.effective_on != self.effective_on
        ]


def typed_release(
    *,
    measure: SizeMeasure,
    forces: tuple[Force, ...],
    effective_on: date,
    values: Mapping[Force, Decimal],
    today: date,
) -> TypedRelease:
    """The release beside what is on record. Two queries."""
    before = counting_on(measure, effective_on)
    releases = releases_on(measure, effective_on)
    return TypedRelease(
        measure=measure,
        effective_on=effective_on,
        lines=tuple(
            _line(force, before.get(force.pk), values.get(force), effective_on, today)
            for force in forces
        ),
        seen={force.pk: releases.get(force.pk, 0) for force in forces},
    )


def _line(
    force: Force, before: ForceSize | None, value: Decimal | None, on: date, today: date
) -> ReleaseLine:
    if value is None:
        return ReleaseLine(force, before, None, ())
    known = (before.effective_on, before.value) if before else None
    return ReleaseLine(force, before, value, size_doubts(value, on, known, today))
