"""The order of an area's steps: consultation, decision, go-live, review; plain Python.

A decision comes after the consultation, a go-live after both, a review after the go-live. What is
out of order is said and never refused: a pilot may be reviewed before its area goes live.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

CONSULTATION, DECISION, GO_LIVE, REVIEW = "CONSULTATION", "DECISION", "GO_LIVE", "REVIEW"
# Which kind comes before which.
BEFORE = (
    (CONSULTATION, DECISION),
    (CONSULTATION, GO_LIVE),
    (DECISION, GO_LIVE),
    (GO_LIVE, REVIEW),
)
_RANK = {CONSULTATION: 1, DECISION: 2, GO_LIVE: 3, REVIEW: 4}


@dataclass(frozen=True)
class Step:
    """A milestone as the order sees it; `key` tells it from others, `of` is its area's name, or empty."""

    key: object
    of: str
    name: str
    kind: str
    on: date | None
    is_reached: bool

    @property
    def rank(self) -> int:
        """Its place in the order; nought if it has none."""
        return _RANK.get(self.kind, 0)


@dataclass(frozen=True)
class OutOfOrder:
    """Two steps the wrong way round: `first` comes before `then`, and does not."""

    first: Step
    then: Step

    @property
    def sentence(self) -> str:
        """“Estates: “Board decision”, 1 May 2018, is before “Staff consultation”, 1 June 2018.”"""
        of = f"{self.then.of}: " if self.then.of else ""
        if self._is_overtaken:
            return f"{of}“{self.then.name}” is reached and “{self.first.name}”, which comes first, is not."
        return (
            f"{of}“{self.then.name}”, {_day(self.then.on)}, is before “{self.first.name}”, "
            f"{_day(self.first.on)}, which comes first."
        )

    @property
    def key(self) -> tuple[object, object]:
        """The same for the same two steps, whatever their dates."""
        return self.first.key, self.then.key

    @property
    def _is_overtaken(self) -> bool:
        first, then = self.first, self.then
        return not (first.on and then.on and then.on < first.on)


def out_of_order(steps: Iterable[Step]) -> tuple[OutOfOrder, ...]:
    """Every pair of one area that is the wrong way round, by area and in the order of the steps.

    By date, or because the later step is reached and the earlier one is not. The same day is in order.
    """
    found = []
    ordered = sorted(steps, key=lambda step: (step.of, step.rank, step.on or date.max, step.name))
    for _, group in groupby(ordered, key=lambda step: step.of):
        own = list(group)
        found += [
            OutOfOrder(first, then)
            for first in own
            for then in own
            if (first.kind, then.kind) in BEFORE and _is_wrong(first, then)
        ]
    return tuple(found)


def newly_out_of_order(before: Iterable[Step], after: Iterable[Step]) -> tuple[OutOfOrder, ...]:
    """What is the wrong way round afterwards and was not before."""
    known = {pair.key for pair in out_of_order(before)}
    return tuple(pair for pair in out_of_order(after) if pair.key not in known)


def moved(
    steps: Iterable[Step], key: object, to: date | None, *, reached: bool | None = None
) -> list[Step]:
    """The same steps with one on another day, reached or not; None: as it is."""
    return [
        replace(step, on=to, is_reached=step.is_reached if reached is None else reached)
        if step.key == key
        else step
        for step in steps
    ]


def followers(steps: Sequence[Step], key: object) -> list[Step]:
    """What follows a step in its area: later kinds, not reached, on its day or after it; by date."""
    mine = next((step for step in steps if step.key == key), None)
    if mine is None or mine.on is None or not mine.rank:
        return []
    found = [
        step
        for step in steps
        if step.of == mine.of
        and step.rank > mine.rank
        and not step.is_reached
        and step.on
        and step.on >= mine.on
    ]
    return sorted(found, key=lambda step: (step.on or date.max, step.name))


def by_the_same_days(steps: Sequence[Step], before: date, to: date) -> dict[object, date]:
    """The day of each of these steps, moved as far as from `before` to `to`."""
    by = to - before
    return {step.key: _shifted(step.on, by) for step in steps if step.on}


def _shifted(on: date, by: timedelta) -> date:
    try:
        return on + by
    except OverflowError:
        return date.max


def _is_wrong(first: Step, then: Step) -> bool:
    if first.on and then.on and then.on < first.on:
        return True
    return then.is_reached and not first.is_reached


def _day(on: date | None) -> str:
    return f"{on:%-d %B %Y}" if on else ""
