"""What the record says of areas, for any number of alliances at once: four queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from business_areas.models import (
    BusinessArea,
    Direction,
    Milestone,
    Rating,
    Staffing,
)
from business_areas.reasons import ANOTHER
from business_areas.statuses import TO_GO_LIVE, Dated, Forward, Override
from programmes.models import Alliance

_Key = tuple[int, int | None, str]  # alliance, area (None: the programme), strand


@dataclass(frozen=True)
class Head:
    """A number of people of one force in an area, as last recorded on or before a day."""

    force_id: int
    force: str
    as_at: date
    baseline_fte: Decimal | None
    shared_fte: Decimal | None


@dataclass(frozen=True)
class AreaFacts:
    """An area with its dates, its people by date, and when anybody last recorded anything of it."""

    area: BusinessArea
    milestones: tuple[Milestone, ...]
    people: tuple[Head, ...]
    updated_on: date | None

    @property
    def go_live(self) -> Milestone | None:
        """The area's go-live, if it has one."""
        return next((each for each in self.milestones if each.kind == Milestone.Kind.GO_LIVE), None)

    @property
    def is_live(self) -> bool:
        """True if the shared team is at work."""
        return self.area.stage == BusinessArea.Stage.LIVE

    @property
    def is_to_come(self) -> bool:
        """True if the area is still to go live."""
        return self.area.stage in TO_GO_LIVE

    @property
    def live_on(self) -> date | None:
        """The day since which a live area is live, if it is on record."""
        return self.go_live.actual_on if self.go_live else None

    def was_live(self, day: date) -> bool:
        """Whether it was live on `day`, from its go-live's actual date; an undated one always was."""
        return self.is_live and (self.live_on is None or self.live_on <= day)

    def people_on(self, day: date) -> tuple[Head, ...]:
        """Each force's latest row on or before `day`: dated rows replace, never add to, each other."""
        latest: dict[int, Head] = {}
        for row in sorted(self.people, key=lambda each: each.as_at):
            if row.as_at <= day:
                latest[row.force_id] = row
        return tuple(latest.values())

    def shared_people(self, day: date) -> Decimal:
        """FTE in the shared team on `day`; none unless it was live."""
        if not self.was_live(day):
            return Decimal(0)
        return sum((row.shared_fte or Decimal(0) for row in self.people_on(day)), Decimal(0))


@dataclass(frozen=True)
class Moved:
    """A milestone's approved, forecast or actual date as one person changed it, on the alliance's day."""

    milestone: Milestone
    which: str
    from_on: date | None
    to_on: date | None
    reason: str
    on: date
    by_id: int | None


@dataclass(frozen=True)
class Facts:
    """One alliance as at its day."""

    alliance: Alliance
    day: date
    areas: tuple[AreaFacts, ...]
    programme: tuple[Milestone, ...]
    moved: tuple[Moved, ...]
    overrides: Mapping[tuple[int | None, str], Sequence[Override]] = field(default_factory=dict)
    outlooks: Mapping[tuple[int | None, str], Forward] = field(default_factory=dict)

    @property
    def counted(self) -> tuple[AreaFacts, ...]:
        """Areas that were not withdrawn."""
        withdrawn = BusinessArea.Stage.WITHDRAWN
        return tuple(each for each in self.areas if each.area.stage != withdrawn)

    @property
    def live(self) -> tuple[AreaFacts, ...]:
        """Areas that are live."""
        return tuple(each for each in self.areas if each.is_live)

    @property
    def to_come(self) -> tuple[AreaFacts, ...]:
        """Areas still to go live, soonest first, undated ones last."""
        coming = [each for each in self.areas if each.is_to_come]
        return tuple(sorted(coming, key=lambda each: (_expected(each), each.area.name)))

    @property
    def updated_on(self) -> date | None:
        """When anybody last recorded anything of an area."""
        return max((each.updated_on for each in self.areas if each.updated_on), default=None)

    def override(self, area_id: int | None, strand: str) -> Override | None:
        """The newest override, in force or not."""
        found = self.overrides.get((area_id, strand))
        return found[0] if found else None


def dated(milestones: Iterable[Milestone], day: date) -> list[Dated]:
    """Milestones as the rules see them on `day`, soonest first."""
    found = [
        Dated(
            name=each.name,
            is_go_live=each.kind == Milestone.Kind.GO_LIVE,
            promised_on=each.approved_on or each.baseline_on,
            expected_on=each.expected_on,
            is_reached=each.actual_on is not None and each.actual_on <= day,
        )
        for each in milestones
    ]
    return sorted(found, key=lambda each: each.expected_on or date.max)


def read_facts(alliances: Iterable[Alliance]) -> dict[int, Facts]:
    """Each alliance's facts by its number, in the order given. Four queries."""
    alliances = list(alliances)
    clock = timezone.localdate()
    days = {each.pk: each.today(clock) for each in alliances}
    ids = list(days)
    areas = list(
        BusinessArea.objects.filter(alliance__in=ids).in_order().select_related("lead_force")
    )
    milestones: dict[tuple[int, int | None], list[Milestone]] = defaultdict(list)
    by_id = {}
    for each in Milestone.objects.filter(alliance__in=ids).order_by("code"):
        milestones[each.alliance_id, each.area_id].append(each)
        by_id[each.pk] = each
    people = _people(ids)
    last_moved: dict[int, date] = {}
    said = _said(alliances, by_id)
    for changed in (one for found in said.moved.values() for one in found):
        last_moved[changed.milestone.pk] = changed.on
    return {
        each.pk: Facts(
            alliance=each,
            day=days[each.pk],
            areas=tuple(
                _area(area, milestones[each.pk, area.pk], people[area.pk], last_moved,
                      said.spoken[area.pk], days[each.pk])
                for area in areas
                if area.alliance_id == each.pk
            ),
            programme=tuple(milestones[each.pk, None]),
            moved=tuple(said.moved[each.pk]),
            overrides=said.overrides[each.pk],
            outlooks=said.outlooks[each.pk],
        )
        for each in alliances
    }  # fmt: skip


def _area(
    area: BusinessArea,
    milestones: list[Milestone],
    people: list[Head],
    last_moved: Mapping[int, date],
    spoken: list[date],
    day: date,
) -> AreaFacts:
    """The area; the last word on it is whatever is dated last, up to `day`."""
    words = [area.last_update_on, *spoken, *(row.as_at for row in people)]
    for milestone in milestones:
        words += [milestone.actual_on, last_moved.get(milestone.pk)]
    known = [word for word in words if word and word <= day]
    return AreaFacts(area, tuple(milestones), tuple(people), max(known, default=None))


def _people(ids: list[int]) -> dict[int, list[Head]]:
    people: dict[int, list[Head]] = defaultdict(list)
    rows = Staffing.objects.filter(alliance__in=ids).values_list(
        "area_id", "force_id", "force__name", "as_at", "baseline_fte", "shared_fte"
    )
    for area_id, force_id, force, as_at, before, shared in rows.order_by("force__position"):
        people[area_id].append(Head(force_id, force, as_at, before, shared))
    return people


_SAID = """
    SELECT 'DATE', alliance_id, milestone_id AS of_id, which, NULL AS word, reason, details,
           from_on, to_on, changed_at, changed_by_id, '' AS name, id
      FROM business_areas_datechange WHERE alliance_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'OVERRIDE', o.alliance_id, o.area_id, o.strand, o.rating, o.reason, '',
           o.made_on, o.until_on, NULL, o.made_by_id, coalesce(u.name, ''), o.id
      FROM business_areas_statusoverride o LEFT JOIN programmes_user u ON u.id = o.made_by_id
     WHERE o.alliance_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'OUTLOOK', alliance_id, area_id, strand, direction, note, '',
           said_on, said_on, NULL, said_by_id, '', id
      FROM business_areas_outlook WHERE alliance_id = ANY(%(ids)s)
     ORDER BY 1, 10, 8, 13
"""


@dataclass
class Said:
    """What people said, by alliance: dates moved (oldest first), overrides, forward looks, when."""

    moved: dict[int, list[Moved]]
    overrides: dict[int, dict[tuple[int | None, str], list[Override]]]
    outlooks: dict[int, dict[tuple[int | None, str], Forward]]
    spoken: dict[int | None, list[date]]


def _said(alliances: Sequence[Alliance], milestones: Mapping[int, Milestone]) -> Said:
    """Dates of a held alliance were moved on the day it is held at. One query."""
    held = {each.pk: each.held_on for each in alliances}
    said = Said(defaultdict(list), defaultdict(dict), defaultdict(dict), defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"ids": list(held)})
        for (
            what,
            alliance_id,
            of_id,
            which,
            word,
            why,
            more,
            first,
            last,
            at,
            by,
            name,
            _,
        ) in cursor:
            if what == "DATE":
                on = held[alliance_id] or timezone.localdate(at)
                said.moved[alliance_id].append(
                    Moved(milestones[of_id], which, first, last, _why(why, more), on, by)
                )
                continue
            said.spoken[of_id].append(first)
            if what == "OUTLOOK":  # oldest first, so the newest stays
                said.outlooks[alliance_id][of_id, which] = Forward(Direction(word), first, why)
            else:
                override = Override(Rating(word), why, first, last, name)
                said.overrides[alliance_id].setdefault((of_id, which), []).insert(0, override)
    return said


def _why(reason: str, details: str) -> str:
    """The reason from the list with what was written beside it."""
    if not details:
        return reason
    return details if reason == ANOTHER else f"{reason}: {details}"


def _expected(each: AreaFacts) -> date:
    return (each.go_live.expected_on if each.go_live else None) or date.max
