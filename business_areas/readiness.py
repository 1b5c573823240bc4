"""What an area needs before it goes live: what is in place, what is missing, what does not apply.

Money is approved in a higher app, which adds that need to those of `needs_of`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from business_areas.models import (
    AreaMembership,
    BusinessArea,
    DesignStrand,
    Milestone,
    NotApplicable,
    Staffing,
)
from programmes import words
from programmes.models import Force, Membership

Item = NotApplicable.Item
# The milestones that come before a go-live, by their kind, which is the need's name too.
_STEPS = {Item.CONSULTATION.value: "complete", Item.DECISION.value: "taken"}
_IN_PLACE = DesignStrand.Status.IN_PLACE


@dataclass(frozen=True)
class Mark:
    """A person's word that an item does not apply; `who` may be empty."""

    pk: int
    reason: str
    said_at: datetime
    who: str


@dataclass(frozen=True)
class InPost:
    """A force that shares the area, and its people in the shared team; None if not on record."""

    force_id: int
    name: str
    fte: Decimal | None


@dataclass(frozen=True)
class Need:
    """One item of the list. `words` go on a sentence: “approved for 1 April 2016”.

    `mark` is there if somebody has marked it as not applicable, met or not.
    """

    item: str
    is_met: bool
    words: str
    mark: Mark | None = None

    @property
    def name(self) -> str:
        """“Technology in place”."""
        return str(Item(self.item).label)

    @property
    def is_missing(self) -> bool:
        """Neither met nor marked."""
        return not self.is_met and self.mark is None


@dataclass(frozen=True)
class Readiness:
    """An area's whole list, in the order in which the page shows it."""

    area: BusinessArea
    needs: tuple[Need, ...]
    people: tuple[InPost, ...]

    @property
    def met(self) -> int:
        """How many are in place."""
        return sum(need.is_met for need in self.needs)

    @property
    def of(self) -> int:
        """How many apply: those that are met or missing."""
        return sum(need.is_met or need.is_missing for need in self.needs)

    @property
    def brief(self) -> str:
        """“5 of 6 ready”, for a list."""
        return f"{self.met} of {self.of} ready"

    @property
    def in_post(self) -> Decimal:
        """People on record in the shared team, all forces together, in FTE."""
        return sum((each.fte for each in self.people if each.fte), Decimal(0))

    @cached_property
    def missing(self) -> tuple[Need, ...]:
        """What stands in the way."""
        return tuple(need for need in self.needs if need.is_missing)

    @cached_property
    def waived(self) -> tuple[Need, ...]:
        """What is not met and was said not to apply."""
        return tuple(need for need in self.needs if not need.is_met and need.mark)

    @property
    def sentence(self) -> str:
        """What is missing, or that nothing is."""
        name = self.area.name
        if not self.missing:
            ending = ", or does not apply" if self.waived else ""
            return f"Everything that {name} needs to go live is in place{ending}."
        lacks = [need.words for need in self.missing]
        listed = "; ".join(lacks[:-1]) + ("; and " if lacks[1:] else "") + lacks[-1]
        return f"{name} cannot go live yet: {listed}."

    @property
    def advice(self) -> str:
        """What to do about it; empty if nothing is missing."""
        if not self.missing:
            return ""
        them = "it" if len(self.missing) == 1 else "each"
        return f"Put {them} right, or mark {them} as not applicable with a reason."


def with_needs(areas: QuerySet[BusinessArea], day: date) -> QuerySet[BusinessArea]:
    """Adds what `needs_of` reads, as at `day`, for one area or for many. No query of its own."""
    go_live = Milestone.objects.filter(area=OuterRef("pk"), kind=Milestone.Kind.GO_LIVE)
    strands = DesignStrand.objects.filter(area=OuterRef("pk"))
    latest = (
        Staffing.objects.filter(area=OuterRef("pk"), as_at__lte=day)
        .order_by("force_id", "-as_at")
        .distinct("force_id")
    )
    steps = Milestone.objects.filter(area=OuterRef("pk"), kind__in=list(_STEPS)).annotate(
        is_reached=Q(actual_on__isnull=False, actual_on__lte=day)
    )
    marks = NotApplicable.objects.filter(area=OuterRef("pk")).annotate(
        who=Coalesce(NullIf("said_by__name", Value("")), "said_by__email", Value(""))
    )
    return areas.annotate(
        need_go_live=Exists(go_live),
        need_approved_on=Subquery(go_live.values("approved_on")[:1]),
        need_steps=ArraySubquery(
            steps.order_by("baseline_on", "code").values(
                json=JSONObject(kind="kind", name="name", on="actual_on", is_reached="is_reached")
            )
        ),
        need_strands=ArraySubquery(
            strands.values(json=JSONObject(strand="strand", status="status"))
        ),
        need_people=ArraySubquery(
            latest.values(json=JSONObject(force="force_id", fte="shared_fte"))
        ),
        need_forces=ArraySubquery(
            _sharing(day).order_by("position").values(json=JSONObject(pk="pk", name="name"))
        ),
        need_marks=ArraySubquery(
            marks.values(
                json=JSONObject(
                    pk="pk", item="item", reason="reason", said_at="said_at", who=F("who")
                )
            )
        ),
    )


def _sharing(day: date) -> QuerySet[Force]:
    """The forces that share the area of the outer query on the day; its own stays go first."""
    anyone = AreaMembership.objects.filter(area=OuterRef(OuterRef("pk")))
    here = anyone.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=day),
        Q(left_on__isnull=True) | Q(left_on__gt=day),
        force=OuterRef("pk"),
    )
    return Force.objects.filter(
        Exists(Membership.objects.filter(force=OuterRef("pk")).on(day)),
        Exists(here) | ~Exists(anyone),
        alliance=OuterRef("alliance_id"),
    )


def marks_of(area: Any) -> Mapping[str, Mark]:
    """The marks of an area that was read by `with_needs`, by item."""
    return {
        row["item"]: Mark(
            row["pk"], row["reason"], datetime.fromisoformat(row["said_at"]), row["who"]
        )
        for row in area.need_marks
    }


def people_of(area: Any) -> tuple[InPost, ...]:
    """Who shares an area that was read by `with_needs`, in the agreed order."""
    fte = {row["force"]: row["fte"] for row in area.need_people}
    return tuple(
        InPost(row["pk"], row["name"], _exact(fte.get(row["pk"]))) for row in area.need_forces
    )


def needs_of(area: Any) -> tuple[Need, ...]:
    """The needs that take no money, of an area that was read by `with_needs`."""
    marks = marks_of(area)
    strands = {row["strand"]: row["status"] for row in area.need_strands}
    return (
        _approved_date(area, marks.get(Item.APPROVED_DATE)),
        *_steps(area, marks),
        *(
            _strand(DesignStrand.Strand(name), strands.get(name), marks.get(name))
            for name in DesignStrand.Strand.values
        ),
        _in_post(people_of(area), marks.get(Item.PEOPLE)),
    )


def _approved_date(area: Any, mark: Mark | None) -> Need:
    on = area.need_approved_on
    if on is None:
        lack = (
            "its go-live date is not approved"
            if area.need_go_live
            else "it has no go-live milestone"
        )
        return Need(Item.APPROVED_DATE, False, lack, mark)
    return Need(Item.APPROVED_DATE, True, f"approved for {words.day(on)}", mark)


def _steps(area: Any, marks: Mapping[str, Mark]) -> Iterator[Need]:
    """Consultation and decision, each where the area has such milestones: all of them are reached."""
    for kind, done in _STEPS.items():
        found = [row for row in area.need_steps if row["kind"] == kind]
        open_ones = [f"“{row['name']}”" for row in found if not row["is_reached"]]
        if open_ones:
            verb = "is" if len(open_ones) == 1 else "are"
            yield Need(kind, False, f"{words.listed(open_ones)} {verb} not {done}", marks.get(kind))
        elif found:
            last = max(date.fromisoformat(row["on"]) for row in found)
            yield Need(kind, True, f"{done} on {words.day(last)}", marks.get(kind))


def _strand(strand: DesignStrand.Strand, status: str | None, mark: Mark | None) -> Need:
    item = str(strand.value)
    if status == _IN_PLACE:
        return Need(item, True, "in place", mark)
    found = DesignStrand.Status(status or DesignStrand.Status.NOT_STARTED)
    verb = "are" if strand == DesignStrand.Strand.PROCESSES else "is"
    words = {
        DesignStrand.Status.NOT_STARTED: f"work on {strand.label.lower()} has not started",
        DesignStrand.Status.IN_DESIGN: f"{strand.label.lower()} {verb} still in design",
        DesignStrand.Status.AGREED: f"{strand.label.lower()} {verb} agreed but not in place",
    }
    return Need(item, False, words[found], mark)


def _in_post(people: Sequence[InPost], mark: Mark | None) -> Need:
    known = [each.fte for each in people if each.fte is not None]
    total = sum(known, Decimal(0))
    unknown = [each.name for each in people if each.fte is None]
    if not total:
        return Need(Item.PEOPLE, False, "nobody is on record in the shared team", mark)
    if unknown:
        forces = ", ".join(unknown[:-1]) + (" and " if unknown[1:] else "") + unknown[-1]
        return Need(Item.PEOPLE, False, f"no people of {forces} are on record", mark)
    return Need(
        Item.PEOPLE, True, f"{total.normalize():,f} full-time equivalents in the shared team", mark
    )


def _exact(number: float | str | None) -> Decimal | None:
    """A number of the database's JSON at its own decimals."""
    return None if number is None else Decimal(str(number))
