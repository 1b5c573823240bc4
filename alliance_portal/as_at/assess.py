"""The three statuses of each area and of the programme, from the facts and the money of one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from alliance_portal.as_at.budget import Part, Plan, budget, parts_of, together
from alliance_portal.as_at.facts import AreaFacts, Facts, dated
from business_areas import silence
from business_areas.lateness import LATE_DAYS
from business_areas.models import BusinessArea, Rating, Strand
from business_areas.statuses import Judgement, Status, of_programme, resources, status, timescales
from savings.engine.periods import year_label

_LATE = f"more than {LATE_DAYS} days later than approved or overdue"


@dataclass(frozen=True)
class AreaStatuses:
    """One area's three statuses, in the order of Strand."""

    area: BusinessArea
    statuses: tuple[Status, ...]

    @property
    def worst(self) -> Rating:
        """The worst of the three that are shown."""
        shown = {each.tag for each in self.statuses}
        return next(
            (each for each in (Rating.RED, Rating.AMBER, Rating.GREEN) if each in shown),
            Rating.NOT_RATED,
        )

    @property
    def concerns(self) -> tuple[Status, ...]:
        """Those that are red or amber, red first."""
        found = [each for each in self.statuses if each.tag in (Rating.RED, Rating.AMBER)]
        return tuple(sorted(found, key=lambda each: each.tag != Rating.RED))

    def of(self, strand: str) -> Status:
        """The status of that strand."""
        return next(each for each in self.statuses if each.strand == strand)


@dataclass(frozen=True)
class Assessment:
    """The programme's three statuses, and every area's; budgets are rated by the plans of `year`."""

    programme: tuple[Status, ...]
    areas: tuple[AreaStatuses, ...]
    year: int
    plans: Mapping[int, Plan]

    @property
    def concerns(self) -> list[AreaStatuses]:
        """Areas with anything red or amber: red ones first, then those with more of it."""
        found = [each for each in self.areas if each.concerns]
        return sorted(found, key=lambda each: (each.worst != Rating.RED, -len(each.concerns)))

    def measured(self, area: BusinessArea | None) -> tuple[Part, ...]:
        """What the budget of an area (None: of the programme) is rated by, in pounds."""
        plan = self.plans.get(area.pk, Plan()) if area else together(self.plans.values())
        return parts_of(plan)

    @property
    def silent(self) -> list[AreaStatuses]:
        """Areas of which nobody has said anything for too long."""
        return [each for each in self.areas if any(one.is_silent for one in each.statuses)]


def assess(facts: Facts, plans: Mapping[int, Plan], year: int) -> Assessment:
    """Every status as at the facts' day. `plans` has each area's year. No query."""
    judged = {each.area.pk: dict(_judge(each, plans, year, facts.day)) for each in facts.counted}
    return Assessment(
        programme=tuple(_programme(facts, judged, plans, year)),
        areas=tuple(
            AreaStatuses(
                each.area,
                tuple(
                    _status(
                        facts,
                        each.area.pk,
                        strand,
                        judgement,
                        each.by_strand.get(strand),
                        each.updated_on,
                        silence.may_be_silent(each.area.stage),
                    )
                    for strand, judgement in judged[each.area.pk].items()
                ),
            )
            for each in facts.counted
        ),
        year=year,
        plans={
            each.area.pk: plans[each.area.pk] for each in facts.counted if each.area.pk in plans
        },
    )


def timescales_of(each: AreaFacts, day: date) -> Judgement:
    """An area's dates judged on `day`."""
    return timescales(
        stage=each.area.stage,
        on_hold=each.area.on_hold_since is not None and each.area.on_hold_since <= day,
        milestones=dated(each.milestones, day),
        day=day,
    )


def _judge(
    each: AreaFacts, plans: Mapping[int, Plan], year: int, day: date
) -> Iterator[tuple[Strand, Judgement]]:
    yield Strand.TIMESCALES, timescales_of(each, day)
    yield Strand.BUDGET, budget(plans.get(each.area.pk, Plan()), whose=year_label(year))
    yield (
        Strand.RESOURCES,
        resources(
            stage=each.area.stage,
            on_hold=each.area.on_hold_since is not None,
            head=each.area.head,
            go_live_on=each.go_live.expected_on if each.go_live else None,
            people={
                row.force: row.shared_fte if each.is_live else row.baseline_fte
                for row in each.people_on(day)
            },
            day=day,
        ),
    )


def _programme(
    facts: Facts,
    judged: Mapping[int, Mapping[Strand, Judgement]],
    plans: Mapping[int, Plan],
    year: int,
) -> Iterator[Status]:
    coming = [judged[each.area.pk][Strand.TIMESCALES] for each in facts.to_come]
    late = [each.name for each in dated(facts.programme, facts.day) if each.is_overdue(facts.day)]
    worked_out = {
        Strand.TIMESCALES: of_programme(
            coming,
            areas=("area to go live", "areas to go live"),
            what=(f"is {_LATE}", f"are {_LATE}"),
            amber_if=f"The programme’s “{late[0]}” is overdue." if late else "",
            none=_none_rated(facts),
        ),
        Strand.BUDGET: budget(together(plans.values()), whose=year_label(year)),
        Strand.RESOURCES: of_programme(
            [each[Strand.RESOURCES] for each in judged.values()],
            areas=("area", "areas"),
            what=("lacks a head or people on record", "lack a head or people on record"),
            none="No area has people on record.",
        ),
    }
    for strand, judgement in worked_out.items():
        updated_on = facts.strand_updated_on(strand)
        heard = bool(facts.counted)
        yield _status(facts, None, strand, judgement, updated_on, facts.updated_on, heard)


def _none_rated(facts: Facts) -> str:
    """Why the programme's timescales are not rated."""
    if not facts.to_come:
        return "No area has a go-live to come."
    if all(each.area.on_hold_since for each in facts.to_come):
        return "Every area still to go live is on hold."
    return "No date of a go-live to come is approved yet."


def _status(
    facts: Facts,
    area_id: int | None,
    strand: Strand,
    judgement: Judgement,
    updated_on: date | None,
    heard_on: date | None,
    may_be_silent: bool,
) -> Status:
    return status(
        strand,
        judgement,
        override=facts.override(area_id, strand),
        outlook=facts.outlooks.get((area_id, strand)),
        updated_on=updated_on,
        heard_on=heard_on,
        may_be_silent=may_be_silent,
        day=facts.day,
    )
