"""One change on record: what it was, old to new, why, by whom, and every penny that it moved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from business_areas.models import BusinessArea
from programmes.changes.record import Entry, entries, in_short
from programmes.models import Change, Force
from savings.inputs import VERSIONS

_WHAT = {"COST": "Costs, net of grants", "SAVING": "Savings"}


@dataclass(frozen=True)
class Moved:
    """What one version's costs or savings of one year moved by: pence by force, and not yet shared."""

    version: str
    year: int
    what: str
    by_force: tuple[int, ...]
    unshared: int

    @property
    def total(self) -> int:
        """What the whole alliance’s moved by."""
        return sum(self.by_force) + self.unshared


@dataclass(frozen=True)
class OneChange:
    """A change with its forces in the agreed order and what it moved."""

    change: Change
    title: str
    entry: Entry
    forces: tuple[Force, ...]
    moved: tuple[Moved, ...]

    @property
    def has_unshared(self) -> bool:
        """True if money began or stopped to wait for a rule or a size."""
        return any(each.unshared for each in self.moved)


def one_change(change: Change) -> OneChange:
    """What the page of the change shows. At most four queries."""
    forces = tuple(Force.objects.filter(alliance=change.alliance_id).order_by("position"))
    (entry,) = entries(change.alliance, [change])
    areas = BusinessArea.objects.filter(pk=change.area_id or 0)
    short = in_short(change, areas.values_list("name", flat=True).first() or "")
    return OneChange(
        change=change,
        title=f"{short[:1].upper()}{short[1:]}",
        entry=entry,
        forces=forces,
        moved=tuple(_moved(change, [force.code for force in forces])),
    )


def _moved(change: Change, codes: Sequence[str]) -> list[Moved]:
    sums: dict[tuple[int, int, str], Counter[str]] = {}
    for _, year, kind, version, force, pence in change.effect:
        sums.setdefault((VERSIONS.index(version), year, kind), Counter())[force] += pence
    for _, year, kind, version, pence in change.waiting:
        sums.setdefault((VERSIONS.index(version), year, kind), Counter())[""] += pence
    return [
        Moved(
            VERSIONS[version].capitalize(),
            year,
            _WHAT[kind],
            tuple(parts[code] for code in codes),
            parts[""],
        )
        for (version, year, kind), parts in sorted(sums.items())
        if any(parts.values())
    ]
