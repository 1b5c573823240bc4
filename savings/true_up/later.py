"""What later evidence makes of a closed year: by force, by area and by cause, posted and left to post."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from business_areas.models import BusinessArea
from programmes import words
from programmes.models import Alliance, Change, Force
from savings.models import TrueUp, TrueUpLine
from savings.true_up.evidence import (
    Cells,
    Evidence,
    Key,
    Restated,
    SizeMove,
    difference,
    read_evidence,
    restated_since,
)

# So many causes are told apart, the newest; what came before them is one cause together.
CAUSES_TOLD = 12
SIZES_NAMED = 3
EARLIER = "Earlier restatements"
ELSE = "Not explained by a size that was restated"


@dataclass(frozen=True)
class Cause:
    """What came to light in one change and what it moves; `change` None if it is not on record."""

    said: str
    moved: Cells
    change: Change | None = None


@dataclass(frozen=True)
class ForceLine:
    """One force's pence: costs and savings due as frozen and on today's evidence, posted, left."""

    force: Force
    cost: int
    cost_now: int
    saving: int
    saving_now: int
    posted: int
    left: int

    @property
    def moved(self) -> int:
        """What it is better off by (below nought: worse) on today's evidence."""
        return self.saving_moved - self.cost_moved

    @property
    def cost_moved(self) -> int:
        """What it is due to bear more."""
        return self.cost_now - self.cost

    @property
    def saving_moved(self) -> int:
        """What it is due to save more."""
        return self.saving_now - self.saving

    @property
    def left_plain(self) -> int:
        """What is left without its sign."""
        return abs(self.left)


@dataclass(frozen=True)
class Posted:
    """An adjustment, and what it adds to the year's shares."""

    true_up: TrueUp
    cells: Cells

    @property
    def is_undone(self) -> bool:
        """Whether its opposite is posted."""
        return hasattr(self.true_up, "undone_by")

    @property
    def may_be_undone(self) -> bool:
        """Whether its opposite can be posted."""
        return not self.is_undone and self.true_up.undoes_id is None


@dataclass(frozen=True)
class Later:
    """A closed year, frozen and on today's evidence, with the adjustments that were posted of it."""

    year: int
    forces: tuple[Force, ...]
    areas: Mapping[int, BusinessArea]
    frozen: Cells
    today: Cells
    true_ups: tuple[Posted, ...]
    causes: tuple[Cause, ...]
    tolerance: int

    @property
    def posted(self) -> Cells:
        """What the adjustments together add to the shares; nothing of what was undone."""
        found: Counter[Key] = Counter()
        for each in self.true_ups:
            found.update(each.cells)
        return {key: pence for key, pence in found.items() if pence}

    @property
    def moved(self) -> Cells:
        """What today's evidence makes other than it was frozen."""
        return difference(self.today, self.frozen)

    @property
    def left(self) -> Cells:
        """What of that is not posted."""
        return difference(self.moved, self.posted)

    @property
    def lines(self) -> tuple[ForceLine, ...]:
        """Each force that the year has anything to do with, in the agreed order."""
        known = {key.force for key in (*self.frozen, *self.today, *self.posted)}
        return tuple(self._line(force) for force in self.forces if force.code in known)

    def _line(self, force: Force) -> ForceLine:
        def due(cells: Cells, kind: str) -> int:
            of = (key for key in cells if (key.force, key.kind) == (force.code, kind))
            return sum(cells[key] for key in of)

        return ForceLine(
            force,
            due(self.frozen, "COST"),
            due(self.today, "COST"),
            due(self.frozen, "SAVING"),
            due(self.today, "SAVING"),
            nets(self.posted).get(force.code, 0),
            nets(self.left).get(force.code, 0),
        )

    @property
    def by_area(self) -> list[tuple[BusinessArea, str, list[int]]]:
        """Each area's costs and savings that differ: what each force's share does."""
        moved = self.moved
        places = {(key.area_id, key.kind) for key in moved}
        order = {pk: at for at, pk in enumerate(self.areas)}
        return [
            (
                self.areas[area],
                "costs" if kind == "COST" else "savings",
                [moved.get(Key(area, kind, line.force.code), 0) for line in self.lines],
            )
            for area, kind in sorted(places, key=lambda place: (order[place[0]], place[1]))
        ]

    @property
    def by_cause(self) -> list[tuple[Cause, list[int]]]:
        """Each cause with what each force is better off by; they add up to the whole."""
        return [
            (cause, [nets(cause.moved).get(line.force.code, 0) for line in self.lines])
            for cause in self.causes
        ]

    @property
    def by_posting(self) -> list[tuple[Posted, list[int]]]:
        """Each adjustment with what it brings each force."""
        return [
            (each, [nets(each.cells).get(line.force.code, 0) for line in self.lines])
            for each in self.true_ups
        ]

    @property
    def most_left(self) -> int:
        """The most that any force still gains or loses."""
        return max((abs(pence) for pence in nets(self.left).values()), default=0)

    @property
    def is_within_tolerance(self) -> bool:
        """Whether what is left is so little that the alliance leaves it."""
        return 0 < self.most_left <= self.tolerance

    @property
    def nets_to_nought(self) -> bool:
        """Whether, place by place, what is left for one force comes from the others."""
        sums: Counter[tuple[int, str]] = Counter()
        for key, pence in self.left.items():
            sums[key.area_id, key.kind] += pence
        return not any(sums.values())

    @property
    def digest(self) -> str:
        """The same text for the same pounds left to post."""
        said = repr(sorted(self.left.items()))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def nets(cells: Cells) -> dict[str, int]:
    """What each force is better off by: more savings, less costs."""
    found: Counter[str] = Counter()
    for key, pence in cells.items():
        found[key.force] += pence if key.kind == "SAVING" else -pence
    return dict(found)


def later(alliance: Alliance, year: int, closed_at: datetime, tolerance: int) -> Later:
    """What later evidence makes of the closed year; `tolerance` in pence. Eight queries."""
    evidence = read_evidence(alliance.pk, year)
    forces = evidence.sharing.forces
    areas = {area.pk: area for area in BusinessArea.objects.filter(alliance=alliance).in_order()}
    restated = restated_since(alliance.pk, year, closed_at)
    today = evidence.today()
    return Later(
        year=year,
        forces=forces,
        areas=areas,
        frozen=evidence.frozen,
        today=today,
        true_ups=_posted(alliance, year),
        causes=_causes(alliance, evidence, restated, today),
        tolerance=tolerance,
    )


def _posted(alliance: Alliance, year: int) -> tuple[Posted, ...]:
    """The adjustments of the year, the first first. One query."""
    lines = TrueUpLine.objects.filter(alliance=alliance, true_up__year=year)
    found: dict[TrueUp, Counter[Key]] = {}
    names = ("force", "true_up__posted_by", "true_up__undone_by")
    for line in lines.select_related(*names).order_by("true_up"):
        cells = found.setdefault(line.true_up, Counter())
        cells[Key(line.area_id, line.kind, line.force.code)] += line.pence
    return tuple(Posted(true_up, cells) for true_up, cells in found.items())


def _causes(
    alliance: Alliance,
    evidence: Evidence,
    restated: list[Restated],
    today: Cells,
) -> tuple[Cause, ...]:
    """The restatements one after another, each against the evidence before it. One query."""
    earlier, told = restated[:-CAUSES_TOLD], restated[-CAUSES_TOLD:]
    moments = [each.at for each in told]
    made = Change.objects.filter(alliance=alliance, made_at__in=moments) if moments else ()
    changes = {change.made_at: change for change in made}
    names = {force.code: force.short_name for force in evidence.sharing.forces}
    found, before = [], evidence.frozen
    if earlier:
        after = evidence.by_sizes(earlier[-1].sizes)
        found.append(Cause(EARLIER, difference(after, before)))
        before = after
    for each in told:
        after = evidence.by_sizes(each.sizes)
        change = changes.get(each.at)
        on = change.made_on if change else each.at.date()
        found.append(Cause(_said(each.moves, names, on), difference(after, before), change))
        before = after
    found.append(Cause(ELSE, difference(today, before)))
    return tuple(cause for cause in found if cause.moved)


def _said(moves: tuple[SizeMove, ...], names: Mapping[str, str], on: date) -> str:
    """“Dorset’s Police officers (FTE) of 31 March 2016 restated from 1,200 to 1,210, on 12 July 2018”."""
    said = [_one(move, names) for move in moves[:SIZES_NAMED]]
    if len(moves) > SIZES_NAMED:
        said.append(words.counted(len(moves) - SIZES_NAMED, "more figure"))
    return f"{'; '.join(said)}, on {words.day(on)}"


def _one(move: SizeMove, names: Mapping[str, str]) -> str:
    what = (
        f"{words.possessive(names.get(move.force, move.force))} {move.measure} of "
        f"{words.day(move.effective_on)}"
    )
    if move.before is None:
        return f"{what} recorded as {words.size(move.after)}"
    if move.after is None:
        return f"{what} withdrawn, which was {words.size(move.before)}"
    return f"{what} restated from {words.size(move.before)} to {words.size(move.after)}"
