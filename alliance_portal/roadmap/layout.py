"""What is drawn of one area, and where: bars, diamonds and marks that never cover each other.

Plain Python: nothing is read here, and the words and addresses of marks are passed through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from alliance_portal.roadmap.axis import WIDTH, Axis
from alliance_portal.roadmap.plan import GoLive, Plan, Step

# Pixels between the middles of two marks, so that a finger finds each.
NEAR = 24
_LETTER, _ROUND, _DIAMOND = 9, 16, 22
_MOST_LETTERS = 3
_TEXT, _SPACE = 6.6, 13


@dataclass(frozen=True)
class Bar:
    """A stretch of time: "done", "to-come" or "live"."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Diamond:
    """A planned go-live: "baseline" or "approved"."""

    kind: str
    x: float
    on: date


@dataclass(frozen=True)
class Label:
    """A few words to the right of a place; `is_inside` the bar of a team at work."""

    text: str
    x: float
    dx: int
    is_inside: bool


@dataclass(frozen=True)
class Mark:
    """The go-live, milestones, or both where they lie too close to be told apart.

    `width` in pixels; `letters` are those of its milestones, or how many there are; it `is_raised`
    where a planned go-live lies behind it.
    """

    x: float
    go_live: GoLive | None
    steps: tuple[Step, ...]
    is_raised: bool = False

    @property
    def letters(self) -> str:
        """The letter of each milestone; their number if there are too many."""
        count = len(self.steps)
        return "".join(step.letter for step in self.steps) if count <= _MOST_LETTERS else str(count)

    @property
    def width(self) -> int:
        """Pixels from its left to its right."""
        if self.go_live:
            return _DIAMOND
        return _ROUND + _LETTER * (len(self.letters) - 1)

    @property
    def half(self) -> float:
        """Half its width."""
        return self.width / 2

    @property
    def target(self) -> int:
        """The pixels of what a finger or the keyboard finds."""
        return max(NEAR, self.width + 4)

    @property
    def half_target(self) -> float:
        """Half of that."""
        return self.target / 2

    @property
    def is_reached(self) -> bool:
        """True if nothing of it is still to come."""
        reached = [step.is_reached for step in self.steps]
        return all(reached) and (self.go_live is None or self.go_live.is_reached)

    @property
    def said(self) -> str:
        """All that it stands for, in sentences."""
        own = [self.go_live.said] if self.go_live else []
        return " ".join([*own, *(step.said for step in self.steps)])

    @property
    def url(self) -> str:
        """The page of its only milestone, or of its go-live; empty for several milestones."""
        if self.go_live:
            return self.go_live.url
        return self.steps[0].url if len(self.steps) == 1 else ""


@dataclass(frozen=True)
class Strip:
    """The drawing of one area. `slip` and `drift` join planned and expected days: from, to."""

    bars: tuple[Bar, ...]
    slip: tuple[float, float] | None
    drift: tuple[float, float] | None
    diamonds: tuple[Diamond, ...]
    marks: tuple[Mark, ...]
    label: Label | None
    has_earlier: bool
    has_later: bool
    is_paused: bool

    @property
    def reach(self) -> float:
        """How far all bars go together, in per cent."""
        last = self.bars[-1]
        return round(last.x + last.width - self.bars[0].x, 3)


def strip(plan: Plan, axis: Axis, day: date) -> Strip:
    """The area's dates on the axis as at `day`."""
    diamonds = _diamonds(plan.go_live, axis)
    marks = _marks(plan, axis, diamonds)
    return Strip(
        bars=_bars(plan, axis, day),
        slip=_line(plan.go_live, "approved_on", axis),
        drift=_line(plan.go_live, "baseline_on", axis),
        diamonds=diamonds,
        marks=marks,
        label=_label(marks, diamonds),
        has_earlier=any(on < axis.first for on in plan.days),
        has_later=any(on >= axis.end for on in plan.days),
        is_paused=plan.is_paused,
    )


def _bars(plan: Plan, axis: Axis, day: date) -> tuple[Bar, ...]:
    """The work until now, the work to come, and the time since the go-live."""
    stretches: list[tuple[str, date, date]] = []
    if plan.works:
        begins, ends = plan.works
        now = ends if plan.live_since else min(max(begins, day), ends)
        stretches += [("done", begins, now), ("to-come", now, ends)]
    if plan.live_since:
        stretches.append(("live", plan.live_since, day))
    found = []
    for kind, begins, ends in stretches:
        first, last = max(begins, axis.first), min(ends, axis.end)
        if first < last:
            x = axis.at(first)
            found.append(Bar(kind, x, round(axis.at(last) - x, 3)))
    return tuple(found)


def _line(go_live: GoLive | None, planned: str, axis: Axis) -> tuple[float, float] | None:
    """From a planned date to the expected one, as far as the axis goes; None where they agree."""
    on = getattr(go_live, planned, None)
    if go_live is None or on is None or not go_live.is_dated or on == go_live.expected_on:
        return None
    first, last = sorted((on, go_live.expected_on))
    first, last = max(first, axis.first), min(last, axis.end)
    return (axis.at(first), axis.at(last)) if first < last else None


def _diamonds(go_live: GoLive | None, axis: Axis) -> tuple[Diamond, ...]:
    if go_live is None:
        return ()
    planned = (("baseline", go_live.baseline_on), ("approved", go_live.approved_on))
    return tuple(Diamond(kind, axis.at(on), on) for kind, on in planned if on and axis.holds(on))


def _marks(plan: Plan, axis: Axis, diamonds: Sequence[Diamond]) -> tuple[Mark, ...]:
    """The marks in order of time, joined until each keeps its distance from the next."""
    marks = [
        Mark(axis.at(step.on), None, (step,))
        for step in sorted(plan.steps, key=lambda step: step.on)
        if axis.holds(step.on)
    ]
    if plan.go_live and axis.holds(plan.go_live.expected_on):
        marks.append(Mark(axis.at(plan.go_live.expected_on), plan.go_live, ()))
        marks.sort(key=lambda mark: mark.x)
    while (pair := _too_close(marks)) is not None:
        marks[pair : pair + 2] = [_joined(marks[pair], marks[pair + 1], axis)]
    return tuple(replace(mark, is_raised=_hides(mark, diamonds)) for mark in marks)


def _hides(mark: Mark, diamonds: Sequence[Diamond]) -> bool:
    """Whether milestones would cover a planned go-live."""
    near = (mark.width + _DIAMOND) / 2
    return mark.go_live is None and any(
        abs(diamond.x - mark.x) * WIDTH / 100 < near for diamond in diamonds
    )


def _too_close(marks: Sequence[Mark]) -> int | None:
    """The place of the first mark that is too close to the next; None if all keep apart."""
    for place, (left, right) in enumerate(pairwise(marks)):
        apart = (right.x - left.x) * WIDTH / 100
        if apart < max(NEAR, (left.target + right.target) / 2):
            return place
    return None


def _joined(left: Mark, right: Mark, axis: Axis) -> Mark:
    """Both as one: where the go-live is, or in the middle of the milestones."""
    steps = (*left.steps, *right.steps)
    live = left.go_live or right.go_live
    if live:
        return Mark(axis.at(live.expected_on), live, steps)
    days = [axis.at(step.on) for step in steps]
    return Mark(round((min(days) + max(days)) / 2, 3), None, steps)


def _label(marks: Sequence[Mark], diamonds: Sequence[Diamond]) -> Label | None:
    """What stands beside a go-live, if there is room for it: what it is joined with, how late it is."""
    mark = next((each for each in marks if each.go_live), None)
    if mark is None or mark.go_live is None:
        return None
    is_reached = mark.go_live.is_reached
    parts = (mark.letters if mark.steps else "", "" if is_reached else mark.go_live.note)
    text = " ".join(part for part in parts if part)
    if not text:
        return None
    width = len(text) * _TEXT
    x = mark.x
    for diamond in sorted(diamonds, key=lambda each: each.x):
        reach = (diamond.x - x) * WIDTH / 100
        if 0 < reach < _SPACE * 2 + width:
            x = diamond.x
    ends = x * WIDTH / 100 + _SPACE + width
    later = [each for each in marks if each.x > mark.x]
    room = min([WIDTH, *(each.x * WIDTH / 100 - each.width / 2 for each in later)])
    return Label(text, x, _SPACE, is_inside=is_reached) if ends <= room else None
