"""What the record says of areas, for any number of alliances at once: three queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.utils import timezone

from alliance_portal.as_at.said import Moved, Said, read_said
from business_areas.models import ApprovalRequest, BusinessArea, Milestone, Staffing, Strand
from business_areas.statuses import TO_GO_LIVE, Dated, Forward, Override
from programmes.models import Alliance


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
    """An area with its dates, its people by date, and the day when it was last said or changed.

    `by_strand` has the days when what each strand is rated by was.
    """

    area: BusinessArea
    milestones: tuple[Milestone, ...]
    people: tuple[Head, ...]
    updated_on: date | None
    by_strand: Mapping[Strand, date] = field(default_factory=dict)

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
class Facts:
    """One alliance as at its day; `spoken_on` is when anything of the programme's own was last said.

    `own_by_strand` has the days when what is the programme's own, and a strand is rated by, was.
    """

    alliance: Alliance
    day: date
    areas: tuple[AreaFacts, ...]
    programme: tuple[Milestone, ...]
    moved: tuple[Moved, ...]
    spoken_on: date | None = None
    own_by_strand: Mapping[Strand, date] = field(default_factory=dict)
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
        """The day when anything of an area, or of the programme itself, was last said or changed."""
        words = [self.spoken_on, *(each.updated_on for each in self.areas)]
        return max((word for word in words if word), default=None)

    def strand_updated_on(self, strand: Strand) -> date | None:
        """The day when what the programme's strand is rated by was last changed, in any area or its own."""
        said = [self.own_by_strand, *(each.by_strand for each in self.counted)]
        return max((each[strand] for each in said if strand in each), default=None)

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
            approved_on=each.approved_on,
            expected_on=each.expected_on,
            is_reached=each.actual_on is not None and each.actual_on <= day,
            baseline_on=each.baseline_on,
        )
        for each in milestones
    ]
    return sorted(found, key=lambda each: each.expected_on or date.max)


def read_facts(alliances: Iterable[Alliance]) -> dict[int, Facts]:
    """Each alliance's facts by its number, in the order given. Three queries."""
    alliances = list(alliances)
    clock = timezone.localdate()
    days = {each.pk: each.today(clock) for each in alliances}
    ids = list(days)
    areas = list(
        BusinessArea.objects.filter(alliance__in=ids)
        .in_order()
        .select_related("lead_force")
        .annotate(people=_PEOPLE)
    )
    milestones: dict[tuple[int, int | None], list[Milestone]] = defaultdict(list)
    by_id = {}
    for each in _with_requests(Milestone.objects.filter(alliance__in=ids)).order_by("code"):
        milestones[each.alliance_id, each.area_id].append(each)
        by_id[each.pk] = each
    said = read_said(alliances, by_id)
    return {
        each.pk: Facts(
            alliance=each,
            day=days[each.pk],
            areas=tuple(
                _area(area, milestones[each.pk, area.pk], _heads(area), said, days[each.pk])
                for area in areas
                if area.alliance_id == each.pk
            ),
            programme=tuple(milestones[each.pk, None]),
            moved=tuple(said.moved[each.pk]),
            spoken_on=said.last_word(each.pk, None, milestones[each.pk, None], days[each.pk]),
            own_by_strand=said.by_strand(each.pk, None, days[each.pk]),
            overrides=said.overrides[each.pk],
            outlooks=said.outlooks[each.pk],
        )
        for each in alliances
    }


def facts_of_area(
    area: BusinessArea, milestones: Iterable[Milestone], people: Iterable[Head], day: date
) -> Facts:
    """The facts of one area alone, whose milestones and people have been read. One query."""
    found = list(milestones)
    said = read_said([area.alliance], {each.pk: each for each in found})
    return Facts(
        alliance=area.alliance,
        day=day,
        areas=(_area(area, found, list(people), said, day),),
        programme=(),
        moved=tuple(said.moved[area.alliance_id]),
        overrides=said.overrides[area.alliance_id],
        outlooks=said.outlooks[area.alliance_id],
    )


def _area(
    area: BusinessArea, milestones: list[Milestone], people: list[Head], said: Said, day: date
) -> AreaFacts:
    """The area; updated on the day of the last word on it, up to `day`.

    The days that it speaks of (a count of people, a go-live) say nothing of when that was said.
    """
    spoken = said.last_word(area.alliance_id, area.pk, milestones, day)
    words = [word for word in (area.last_update_on, spoken) if word and word <= day]
    return AreaFacts(
        area,
        tuple(milestones),
        tuple(people),
        max(words, default=None),
        said.by_strand(area.alliance_id, area.pk, day),
    )


def _with_requests(milestones: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """Adds the request for another approved date that waits, of which there is one at most."""
    waits = Q(approval_requests__state=ApprovalRequest.State.WAITING)
    name = NullIf("asked__asked_by__name", Value(""))
    return milestones.annotate(
        asked=FilteredRelation("approval_requests", condition=waits)
    ).annotate(
        asked_id=F("asked__pk"),
        asked_to_on=F("asked__to_on"),
        asked_by_id=F("asked__asked_by_id"),
        asked_by_name=Coalesce(name, "asked__asked_by__email", output_field=TextField()),
    )


# Every row of an area's people, with the area: the numbers as text, for 12.10 is no float.
_PEOPLE = ArraySubquery(
    Staffing.objects.filter(area=OuterRef("pk"))
    .order_by("force__position")
    .values(
        row=JSONObject(
            force_id="force_id",
            force="force__name",
            as_at="as_at",
            before=Cast("baseline_fte", TextField()),
            shared=Cast("shared_fte", TextField()),
        )
    )
)


def _heads(area: BusinessArea) -> list[Head]:
    """The area's people as the annotation of `read_facts` has them."""
    rows: list[dict[str, Any]] = getattr(area, "people")  # noqa: B009
    return [
        Head(
            force_id=row["force_id"],
            force=row["force"],
            as_at=date.fromisoformat(row["as_at"]),
            baseline_fte=_number(row["before"]),
            shared_fte=_number(row["shared"]),
        )
        for row in rows
    ]


def _number(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None


def _expected(each: AreaFacts) -> date:
    return (each.go_live.expected_on if each.go_live else None) or date.max
