"""What a new date puts in the wrong order, and what would follow it by the same days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from business_areas.models import Milestone
from business_areas.order import Step, by_the_same_days, followers, moved, out_of_order
from business_areas.selectors.steps import beside, steps_of


@dataclass(frozen=True)
class Follower:
    """A milestone that follows the one that moves, its day now and the day by the same days."""

    milestone: Milestone
    to: date


@dataclass(frozen=True)
class Order:
    """`warnings` name what is the wrong way round; `followers` move along if `are_moved`."""

    warnings: tuple[str, ...]
    followers: tuple[Follower, ...]
    are_moved: bool

    @property
    def days(self) -> Mapping[int, date]:
        """The days today of the followers that move along, by their numbers."""
        moving = self.followers if self.are_moved else ()
        return {
            each.milestone.pk: each.milestone.expected_on
            for each in moving
            if each.milestone.expected_on
        }


def order_with(
    milestone: Milestone, to: date | None, *, follow: bool = False, reached: bool | None = None
) -> Order:
    """The order of an area's milestones with this one on `to`. One query."""
    rows = {each.pk: each for each in beside(milestone)}
    steps = steps_of(rows.values())
    before = milestone.expected_on
    found: list[Step] = []
    days: dict[object, date] = {}
    if before and to and before != to and reached is None:
        found = followers(steps, milestone.pk)
        days = by_the_same_days(found, before, to)
    then = moved(steps, milestone.pk, to, reached=reached) if to else steps
    if follow:
        for key, on in days.items():
            then = moved(then, key, on)
    keys = {milestone.pk, *(days if follow else ())}
    pairs = [pair for pair in out_of_order(then) if keys & {*pair.key}]
    return Order(
        warnings=tuple(pair.sentence for pair in pairs),
        followers=tuple(Follower(rows[int(str(step.key))], days[step.key]) for step in found),
        are_moved=follow,
    )


def order_of_many(milestones: Iterable[Milestone], moving: Mapping[int, date]) -> tuple[str, ...]:
    """What many new dates put in the wrong order, area by area. No query."""
    steps = steps_of(milestones)
    for pk, on in moving.items():
        steps = moved(steps, pk, on)
    return tuple(pair.sentence for pair in out_of_order(steps) if moving.keys() & {*pair.key})
