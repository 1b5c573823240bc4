"""A ratio's parts as a working shows them: each force's percentage and the sizes it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from programmes.models import Force
from savings.models import Pool, RatioPart


@dataclass(frozen=True)
class Part:
    """One force in a ratio: weight, percentage, and the sizes behind it, measure by measure."""

    force: Force
    weight: int
    percentage: Decimal
    sizes: tuple["UsedSize", ...]


@dataclass(frozen=True)
class UsedSize:
    """A size as the ratio used it, whatever has been recorded since."""

    measure: str
    value: Decimal
    effective_on: date
    release: int
    source: str

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "UsedSize":
        """From a ratio's evidence."""
        return cls(
            measure=stored["measure"],
            value=Decimal(stored["value"]),
            effective_on=date.fromisoformat(stored["effective_on"]),
            release=stored["release"],
            source=stored["source"],
        )


def parts_of(ratio_ids: Sequence[int | None]) -> dict[int, tuple[Part, ...]]:
    """The parts of each ratio in the agreed order, by its id. One query."""
    found: dict[int, list[Part]] = {}
    rows = RatioPart.objects.filter(ratio_id__in=[pk for pk in ratio_ids if pk])
    for row in rows.select_related("force", "ratio").order_by("ratio_id", "position"):
        sizes = tuple(
            UsedSize.of(size) for size in row.ratio.evidence if size["force"] == row.force.code
        )
        part = Part(row.force, int(row.weight), row.percentage, sizes)
        found.setdefault(row.ratio_id, []).append(part)
    return {ratio_id: tuple(parts) for ratio_id, parts in found.items()}


def total_size(parts: Sequence[Part], measure: str) -> Decimal:
    """All forces' sizes in one measure, added up."""
    sizes = (size.value for part in parts for size in part.sizes if size.measure == measure)
    return sum(sizes, Decimal(0))


def decimals_shown(pool: Pool) -> int:
    """The decimals of the pool's percentages: the rule's, or four for an exact one."""
    return 4 if pool.ratio is None or pool.ratio.decimals is None else pool.ratio.decimals


def sources_of(parts: Sequence[Part]) -> list[tuple[date, str]]:
    """Day of the count and source of every size used, each once, oldest first."""
    return sorted({(size.effective_on, size.source) for part in parts for size in part.sizes})
