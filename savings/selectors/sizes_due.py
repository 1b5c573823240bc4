"""Counts that are due: sizes that come every year on the same day, and have not come for the last one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from programmes.models import ForceSize

# A measure's figures: the forces, by name, that have one on each day.
Counted = Mapping[date, Mapping[str, int]]


@dataclass(frozen=True)
class SizesDue:
    """A measure's figures of a day that have not come; `forces` whose, empty where all forces' are."""

    measure_id: int
    measure: str
    on: date
    forces: tuple[str, ...]


def sizes_due(days: Mapping[int, date]) -> dict[int, list[SizesDue]]:
    """What is due in these alliances (by their ids), each on its own day. One query."""
    rows = (
        ForceSize.objects.in_force()
        .filter(alliance__in=days)
        .order_by("measure__name", "effective_on", "force__position")
        .values_list(
            *("alliance_id", "measure_id", "measure__name", "effective_on"),
            *("force__name", "force__position"),
        )
        .distinct()
    )
    counted: dict[tuple[int, int, str], dict[date, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for alliance_id, measure_id, measure, on, force, position in rows:
        counted[alliance_id, measure_id, measure][on][force] = position
    found: dict[int, list[SizesDue]] = defaultdict(list)
    for (alliance_id, measure_id, measure), by_day in counted.items():
        for on, forces in missing(by_day, days[alliance_id]):
            found[alliance_id].append(SizesDue(measure_id, measure, on, forces))
    return found


def missing(counted: Counted, today: date) -> Iterator[tuple[date, tuple[str, ...]]]:
    """The days before today of which figures are missing, earliest first, and whose (empty: all).

    A day of the year has a rhythm where its last two counts are of years that follow each other.
    """
    years: dict[tuple[int, int], list[int]] = defaultdict(list)
    for on in sorted(counted):
        years[on.month, on.day].append(on.year)
    found = []
    for (month, day), of_day in years.items():
        last = of_day[-1]
        if len(of_day) < 2 or of_day[-2] != last - 1:
            continue
        before, latest = date(last - 1, month, day), date(last, month, day)
        late = sorted(
            counted[before].keys() - counted[latest].keys(), key=counted[before].__getitem__
        )
        if late and latest < today:
            found.append((latest, tuple(late)))
        if (next_one := date(last + 1, month, day)) < today:
            found.append((next_one, ()))
    return iter(sorted(found))
