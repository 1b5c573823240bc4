"""What the record says of areas, for any number of alliances at once: six queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from business_areas.models import (
    BusinessArea,
    DateChange,
    Direction,
    Milestone,
    Outlook,
    Rating,
    Staffing,
    StatusOverride,
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
    """Each alliance's facts by its number, in the order given. Five queries."""
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
    moved = _moved(ids, by_id, alliances, clock)
    for changed in (one for found in moved.values() for one in found):
        last_moved[changed.milestone.pk] = changed.on
    overrides, outlooks, spoken = _said(ids)
    return {
        each.pk: Facts(
            alliance=each,
            day=days[each.pk],
            areas=tuple(
                _area(area, milestones[each.pk, area.pk], people[area.pk], last_moved,
                      spoken[area.pk], days[each.pk])
                for area in areas
                if area.alliance_id == each.pk
            ),
            programme=tuple(milestones[each.pk, None]),
            moved=tuple(moved[each.pk]),
            overrides=overrides[each.pk],
            outlooks=outlooks[each.pk],
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


def _moved(
    ids: list[int], milestones: dict[int, Milestone], alliances: list[Alliance], clock: date
) -> dict[int, list[Moved]]:
    """Changes of dates, oldest first; those of a held alliance were made on the day it is held at."""
    held = {each.pk: each.held_on for each in alliances}
    moved: dict[int, list[Moved]] = defaultdict(list)
    for row in DateChange.objects.filter(alliance__in=ids).order_by("changed_at", "pk"):
        on = held[row.alliance_id] or timezone.localdate(row.changed_at)
        moved[row.alliance_id].append(
            Moved(milestones[row.milestone_id], row.which, row.from_on, row.to_on,
                  _why(row), on, row.changed_by_id)
        )  # fmt: skip
    return moved


def _why(row: DateChange) -> str:
    """The reason from the list with what was written beside it."""
    if not row.details:
        return row.reason
    return row.details if row.reason == ANOTHER else f"{row.reason}: {row.details}"


def _said(
    ids: list[int],
) -> tuple[
    dict[int, dict[tuple[int | None, str], list[Override]]],
    dict[int, dict[tuple[int | None, str], Forward]],
    dict[int | None, list[date]],
]:
    """Overrides and forward looks, newest first, and the days on which each area was spoken of."""
    overrides: dict[int, dict[tuple[int | None, str], list[Override]]] = defaultdict(dict)
    outlooks: dict[int, dict[tuple[int | None, str], Forward]] = defaultdict(dict)
    spoken: dict[int | None, list[date]] = defaultdict(list)
    set_over = StatusOverride.objects.filter(alliance__in=ids).values_list(
        "alliance_id", "area_id", "strand", "rating", "reason", "made_on", "until_on",
        Coalesce("made_by__name", Value("")), "pk",
    )  # fmt: skip
    looked = Outlook.objects.filter(alliance__in=ids).values_list(
        "alliance_id", "area_id", "strand", "direction", "note", "said_on", F("said_on"),
        Value("outlook"), "pk",
    )  # fmt: skip
    rows = sorted(set_over.order_by().union(looked.order_by(), all=True), key=_newest)
    for alliance_id, area_id, strand, word, reason, on, until_on, by, _ in rows:
        spoken[area_id].append(on)
        if word in Direction.values:
            outlooks[alliance_id].setdefault(
                (area_id, strand), Forward(Direction(word), on, reason)
            )
        else:
            overrides[alliance_id].setdefault((area_id, strand), []).append(
                Override(Rating(word), reason, on, until_on, by)
            )
    return overrides, outlooks, spoken


def _newest(row: tuple[object, ...]) -> tuple[int, int]:
    on, pk = row[5], row[8]
    assert isinstance(on, date) and isinstance(pk, int)
    return -on.toordinal(), -pk


def _expected(each: AreaFacts) -> date:
    return (each.go_live.expected_on if each.go_live else None) or date.max
