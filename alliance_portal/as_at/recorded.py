"""What the record of changes holds of a period, and what it did to each force's forecast."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from alliance_portal.as_at.facts import Facts
from alliance_portal.as_at.periods import Period
from programmes.changes.unrecorded import is_anything_unrecorded
from programmes.models import Change
from savings.explain import begins


@dataclass(frozen=True)
class YearEffect:
    """What changes did to each force's forecast of one year: pence by force's code, above zero a gain."""

    year: int
    by_force: Mapping[str, int]


@dataclass(frozen=True)
class Recorded:
    """The changes of a period, oldest first; an alliance's first load is none.

    `since` and `until` are its moments (None: when the alliance was put in); `is_whole` is False if
    anything changed between them without a change on record.
    """

    changes: tuple[Change, ...]
    since: datetime | None
    until: datetime
    is_whole: bool

    @cached_property
    def by_milestone(self) -> Mapping[int, tuple[Change, ...]]:
        """Those that are about one milestone's dates."""
        found: dict[int, list[Change]] = defaultdict(list)
        for change in self.changes:
            if change.milestone_id:
                found[change.milestone_id].append(change)
        return {pk: tuple(changes) for pk, changes in found.items()}

    def savings_moved(self, year: int) -> int:
        """By how much the changes moved the year's forecast savings, shared or waiting, in pence."""
        return sum(
            row[-1]
            for change in self.changes
            for row in (*change.effect, *change.waiting)
            if row[1:4] == [year, "SAVING", "FORECAST"]
        )


def read_recorded(facts: Facts, period: Period) -> Recorded:
    """What was changed in the period, on the alliance's own days. Two queries."""
    changes = (
        Change.objects.filter(
            alliance=facts.alliance, made_on__gt=period.since, made_on__lte=period.day
        )
        .exclude(kind=Change.Kind.FIRST_LOAD)
        .select_related("made_by")
        .order_by("pk")
    )
    until = timezone.now()
    since = begins(facts.alliance, period.since, until)
    is_whole = not is_anything_unrecorded(facts.alliance.pk, since, until)
    return Recorded(tuple(changes), since, until, is_whole)


def effects(changes: Iterable[Change]) -> tuple[YearEffect, ...]:
    """What the changes together did to each force's forecast, savings less costs, year by year."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for change in changes:
        for _, year, kind, version, force, pence in change.effect:
            if version == "FORECAST":
                sums[year][force] += pence if kind == "SAVING" else -pence
    moved = {
        year: {force: pence for force, pence in by_force.items() if pence}
        for year, by_force in sorted(sums.items())
    }
    return tuple(YearEffect(year, by_force) for year, by_force in moved.items() if by_force)
