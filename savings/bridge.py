"""From a figure at one moment to the same figure at another, cause by cause, to the penny."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from programmes.models import Change, Force
from savings.book import Cell, Place
from savings.explain import NOT_ON_RECORD, Cause, Explained
from savings.selectors.apportioned import VIEWS
from savings.standing import standing

# So many causes have a row of their own; the rest are one row together.
CAUSES_SHOWN = 200
OTHER, NOT_RECORDED = "Everything else", "Not on record"

_Is = Change.Kind
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Dates": (
        *(_Is.FORECAST_DATE, _Is.APPROVED_DATE, _Is.REACHED, _Is.GO_LIVE),
        *(_Is.CORRECTION, _Is.MILESTONE),
    ),
    "Amounts": (_Is.AMOUNT, _Is.ITEM),
    "Force sizes": (_Is.SIZE,),
    "Sharing rules": (_Is.RULE,),
    "Members": (_Is.MEMBERSHIP, _Is.FORCES, _Is.SHARED_BY),
    "Stages": (_Is.STAGE, _Is.HOLD, _Is.WITHDRAWAL, _Is.NEW_AREA),
    "Many areas at once": (_Is.MANY,),
    "Workbooks": (_Is.WORKBOOK, _Is.FIRST_LOAD),
    OTHER: (),
    NOT_RECORDED: (NOT_ON_RECORD,),
}
_GROUP_OF = {str(kind): group for group, kinds in GROUPS.items() for kind in kinds}


def group_of(kind: str) -> str:
    """What the bridge calls a kind of change."""
    return _GROUP_OF.get(kind, OTHER)


@dataclass(frozen=True)
class Chosen:
    """The figure: its version ("FORECAST" …), a key of VIEWS, and the financial year (None: all)."""

    version: str
    view: str
    year: int | None

    def counts(self, place: tuple[Any, ...]) -> int:
        """With which sign money of a cell or place counts; nought if it is no part of the figure."""
        _, year, kind, version = place[:4]
        if version != self.version or self.year not in (None, year):
            return 0
        return VIEWS[self.view].get(kind, 0)


@dataclass(frozen=True)
class Line:
    """Pence of each force in the agreed order, and pence that wait to be shared."""

    by_force: tuple[int, ...]
    unshared: int

    @property
    def total(self) -> int:
        """What the whole alliance has."""
        return sum(self.by_force) + self.unshared

    @property
    def is_nothing(self) -> bool:
        """True if no force's pence move, and none that waits."""
        return not self.unshared and not any(self.by_force)

    def with_(self, other: "Line", sign: int = 1) -> "Line":
        """The other added, or taken away."""
        return Line(
            tuple(a + sign * b for a, b in zip(self.by_force, other.by_force, strict=True)),
            self.unshared + sign * other.unshared,
        )


@dataclass(frozen=True)
class Step:
    """One cause's part of the difference."""

    cause: Cause
    line: Line


@dataclass(frozen=True)
class Kind:
    """All causes of one kind together: their name, how many there are, their part."""

    name: str
    count: int
    line: Line


@dataclass(frozen=True)
class YearStep:
    """One financial year's figure at both moments."""

    year: int
    start: Line
    moved: Line
    end: Line


@dataclass(frozen=True)
class Bridge:
    """The figure at the start, what each cause adds or takes, and the figure at the end.

    `rest` is what the causes beyond the first CAUSES_SHOWN come to; `silent` how many changes
    moved nothing of the figure.
    """

    forces: tuple[Force, ...]
    chosen: Chosen
    start: Line
    groups: tuple[Kind, ...]
    steps: tuple[Step, ...]
    rest: Kind | None
    silent: int
    moved: Line
    end: Line
    years: tuple[YearStep, ...]
    explained: Explained

    @property
    def has_unshared(self) -> bool:
        """True if anything waits to be shared at either moment, or did for a cause."""
        lines = (self.start, self.end, *(group.line for group in self.groups))
        return any(line.unshared for line in lines)


def bridge(explained: Explained, chosen: Chosen) -> Bridge:
    """The bridge of one figure. One query where a year is closed, else none."""
    forces = explained.book.sharing.forces
    codes = [force.code for force in forces]

    def line(
        cells: Mapping[Cell, int], places: Mapping[Place, int], year: int | None = None
    ) -> Line:
        return _line(codes, chosen, cells, places, year)

    steps = [Step(cause, line(cause.effect, cause.waiting)) for cause in explained.causes]
    telling = [step for step in steps if not step.line.is_nothing]
    nothing = line({}, {})
    moved = line(explained.difference, explained.waiting)
    cells, places = standing(explained.book, chosen.version)
    end = line(cells, places)
    known = (*cells, *places, *explained.difference, *explained.waiting)
    years = sorted({int(place[1]) for place in known if chosen.counts(place)})
    shown, rest = telling[:CAUSES_SHOWN], telling[CAUSES_SHOWN:]
    return Bridge(
        forces=forces,
        chosen=chosen,
        start=end.with_(moved, -1),
        groups=tuple(_groups(telling, nothing)),
        steps=tuple(shown),
        rest=_together("", rest, nothing) if rest else None,
        silent=len(steps) - len(telling),
        moved=moved,
        end=end,
        years=tuple(
            _year(
                year,
                line(cells, places, year),
                line(explained.difference, explained.waiting, year),
            )
            for year in years
        ),
        explained=explained,
    )


def _year(year: int, end: Line, moved: Line) -> YearStep:
    return YearStep(year, end.with_(moved, -1), moved, end)


def _line(
    codes: list[str],
    chosen: Chosen,
    cells: Mapping[Cell, int],
    places: Mapping[Place, int],
    year: int | None,
) -> Line:
    sums: Counter[str] = Counter()
    for cell, pence in cells.items():
        if year in (None, cell.year) and (sign := chosen.counts(cell)):
            sums[cell.force] += sign * pence
    unshared = sum(
        chosen.counts(place) * pence for place, pence in places.items() if year in (None, place[1])
    )
    # What a force had that is no longer there belongs to the whole all the same.
    unshared += sum(pence for code, pence in sums.items() if code not in codes)
    return Line(tuple(sums[code] for code in codes), unshared)


def _groups(steps: Iterable[Step], nothing: Line) -> Iterable[Kind]:
    by_name: dict[str, list[Step]] = {name: [] for name in GROUPS}
    for step in steps:
        by_name[group_of(step.cause.kind)].append(step)
    return (_together(name, found, nothing) for name, found in by_name.items() if found)


def _together(name: str, steps: list[Step], nothing: Line) -> Kind:
    line = nothing
    for step in steps:
        line = line.with_(step.line)
    return Kind(name, len(steps), line)
