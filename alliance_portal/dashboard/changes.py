"""What changed in a period, as the record shows it: never more than is dated on it.

Go-lives are known by their actual dates, and so are known before the portal was. Everything else
is what somebody recorded here after the data were first loaded; for a held alliance that happened
on the day it is held at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from alliance_portal.as_at.assess import Assessment, timescales_of
from alliance_portal.as_at.facts import AreaFacts, Facts
from alliance_portal.as_at.periods import Period
from alliance_portal.as_at.recorded import Recorded
from alliance_portal.as_at.said import Moved
from alliance_portal.dashboard.slippage import Ramps, Ratios, YearEffect, effects
from business_areas.lateness import promise_kept
from business_areas.models import BusinessArea, DateChange, Milestone, Rating, Strand
from business_areas.statuses import Status


@dataclass(frozen=True)
class Change:
    """One thing that changed. `kind` is LIVE, DATE, STAGE, STATUS or MONEY; old and new as shown."""

    kind: str
    on: date
    area: BusinessArea | None
    what: str
    old: object = None
    new: object = None
    why: str = ""
    effects: tuple[YearEffect, ...] = ()


def net_moves(facts: Facts, period: Period) -> list[Moved]:
    """Each milestone's approved and forecast dates moved in the period, first from to last to."""
    first: dict[tuple[int, str], Moved] = {}
    last: dict[tuple[int, str], Moved] = {}
    for each in facts.moved:
        if period.has(each.on) and each.which != DateChange.Date.ACTUAL:
            key = (each.milestone.pk, each.which)
            first.setdefault(key, each)
            last[key] = each
    return [
        Moved(
            end.milestone, end.which, first[key].from_on, end.to_on, end.reason, end.on, end.by_id
        )
        for key, end in last.items()
        if first[key].from_on != end.to_on
    ]


def expected_moves(facts: Facts, period: Period) -> dict[int, Moved]:
    """The expected date, which money follows, of each milestone where it moved: by the milestone."""
    before = _dates_before(facts, period)
    found: dict[int, Moved] = {}
    for each in facts.moved:
        now = each.milestone
        was = _as_it_was(now, before).expected_on
        if period.has(each.on) and was != now.expected_on:
            found[now.pk] = Moved(
                now, each.which, was, now.expected_on, each.reason, each.on, each.by_id
            )
    return found


def _dates_before(facts: Facts, period: Period) -> dict[tuple[int, str], date | None]:
    """The dates at the start of the period that have moved since, by milestone and kind of date."""
    before: dict[tuple[int, str], date | None] = {}
    for moved in facts.moved:
        if period.has(moved.on):
            before.setdefault((moved.milestone.pk, moved.which), moved.from_on)
    return before


def _as_it_was(milestone: Milestone, before: Mapping[tuple[int, str], date | None]) -> Milestone:
    """The milestone with the dates that it had; not to be saved."""
    was = {
        which.column: before.get((milestone.pk, which), getattr(milestone, which.column))
        for which in DateChange.Date
    }
    return Milestone(
        name=milestone.name, kind=milestone.kind, baseline_on=milestone.baseline_on, **was
    )


def changes(
    facts: Facts,
    period: Period,
    recorded: Recorded,
    ramps: Ramps,
    ratios: Ratios,
    assessment: Assessment,
) -> list[Change]:
    """Everything that changed, newest first; what costs money says so by force. No query."""
    areas = {each.area.pk: each for each in facts.areas}
    prices = {
        pk: tuple(effects(ramps.months(each.milestone, each.from_on, each.to_on), ratios))
        for pk, each in expected_moves(facts, period).items()
    }
    found = [
        *_lives(facts, period, prices),
        *_dates(facts, period, areas, prices),
        *_stages(recorded, areas, period),
        *_overrides(facts, period, assessment),
        *_statuses(facts, period),
        *_money(facts, recorded, areas, ratios),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


Prices = Mapping[int, tuple[YearEffect, ...]]  # by the milestone that moved


def _lives(facts: Facts, period: Period, prices: Prices) -> Iterator[Change]:
    for each in facts.live:
        if period.has(each.live_on) and each.live_on is not None:
            kept = promise_kept(each.go_live)
            why = f"{kept.words[0].upper()}{kept.words[1:]}" if kept else ""
            priced = prices.get(each.go_live.pk, ()) if each.go_live else ()
            yield Change(
                "LIVE", each.live_on, each.area, "live", None, each.live_on, why, effects=priced
            )


def _dates(
    facts: Facts,
    period: Period,
    areas: Mapping[int, AreaFacts],
    prices: Prices,
) -> Iterator[Change]:
    for each in net_moves(facts, period):
        milestone = each.milestone
        found = areas.get(milestone.area_id) if milestone.area_id else None
        area = found.area if found else None
        what = "go-live" if milestone.kind == Milestone.Kind.GO_LIVE else f"“{milestone.name}”"
        priced: tuple[YearEffect, ...] = ()
        if each.which == DateChange.Date.FORECAST and milestone.actual_on is None:
            priced = prices.get(milestone.pk, ())
        if each.which == DateChange.Date.APPROVED:
            what = f"approved date of {what}"
        yield Change("DATE", each.on, area, what, each.from_on, each.to_on, each.reason, priced)


def _stages(recorded: Recorded, areas: Mapping[int, AreaFacts], period: Period) -> Iterator[Change]:
    label = dict(BusinessArea.Stage.choices)
    spans: dict[int, tuple[str, str, date]] = {}
    for area_id, before, after, on in recorded.stages:
        spans[area_id] = (spans.get(area_id, (before,))[0], after, on)
    for area_id, (before, after, on) in spans.items():
        if area_id in areas and before != after:
            if after == BusinessArea.Stage.LIVE and period.has(areas[area_id].live_on):
                continue  # said as a go-live already
            yield Change("STAGE", on, areas[area_id].area, "stage", label[before], label[after])


def _overrides(facts: Facts, period: Period, assessment: Assessment) -> Iterator[Change]:
    """Ratings that a person set in the period, over what the data say where that still shows."""
    shown: dict[tuple[int | None, str], Status] = {
        (None, each.strand): each for each in assessment.programme
    }
    for one in assessment.areas:
        shown |= {(one.area.pk, each.strand): each for each in one.statuses}
    names = {each.area.pk: each.area for each in facts.areas}
    for (area_id, strand), overrides in facts.overrides.items():
        status = shown.get((area_id, strand))
        for override in overrides:
            if period.has(override.made_on):
                in_force = status is not None and status.override == override
                yield Change(
                    kind="STATUS",
                    on=override.made_on,
                    area=names.get(area_id) if area_id else None,
                    what=f"{Strand(strand).label.lower()} set by {override.made_by or 'a person'}",
                    old=status.worked_out.rating if status and in_force else None,
                    new=override.rating,
                    why=override.reason,
                )


def _statuses(facts: Facts, period: Period) -> Iterator[Change]:
    """Timescales that moved because dates or days did, where no person set them."""
    before = _dates_before(facts, period)
    for each in facts.to_come:
        held = facts.override(each.area.pk, Strand.TIMESCALES)
        if held and held.until_on >= facts.day:
            continue
        now, then = timescales_of(each, facts.day), _timescales_then(each, before, period)
        if then is not None and then != now.rating and Rating.NOT_RATED not in (then, now.rating):
            yield Change("STATUS", facts.day, each.area, "timescales", then, now.rating, now.why)


def _timescales_then(
    each: AreaFacts, before: Mapping[tuple[int, str], date | None], period: Period
) -> Rating | None:
    """The area's rating at the start of the period; None if it is not known.

    `before` has the dates of then that have moved since, by milestone and kind of date.
    """
    milestones = []
    for milestone in each.milestones:
        was = _as_it_was(milestone, before)
        if was.actual_on is not None and was.actual_on > period.since:
            continue  # reached since: what was forecast of it then is not on record
        milestones.append(was)
    then = AreaFacts(each.area, tuple(milestones), (), None)
    return timescales_of(then, period.since).rating if then.go_live else None


def _money(
    facts: Facts, recorded: Recorded, areas: Mapping[int, AreaFacts], ratios: Ratios
) -> Iterator[Change]:
    by_area: dict[int, dict[tuple[int, str, date], int]] = defaultdict(dict)
    for (area_id, kind, month), pence in recorded.typed.items():
        by_area[area_id][area_id, kind, month] = pence
    for area_id, months in by_area.items():
        priced = tuple(effects(months, ratios))
        if area_id in areas and priced:
            yield Change(
                "MONEY", facts.day, areas[area_id].area, "forecast amounts changed", effects=priced
            )


def areas_with_money(moves: Iterable[Moved], recorded: Recorded, ramps: Ramps) -> list[int]:
    """The areas whose ratios a pricing needs."""
    wanted = {area_id for area_id, _, _ in recorded.typed}
    for each in moves:
        wanted |= {item.area_id for item in ramps.by_milestone.get(each.milestone.pk, ())}
    return sorted(wanted)
