"""What changed in a period, as the record shows it: never more than is dated on it.

Go-lives are known by their actual dates, and so are known before the portal was. Everything else
is what somebody recorded here after the data were first loaded; for a held alliance that happened
on the day it is held at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone

from alliance_portal.dashboard.assess import Assessment, timescales_of
from alliance_portal.dashboard.facts import AreaFacts, Facts
from alliance_portal.dashboard.periods import Period
from alliance_portal.dashboard.said import Moved
from alliance_portal.dashboard.slippage import Months, Ramps, Ratios, YearEffect, effects
from business_areas.models import BusinessArea, DateChange, Milestone, Rating, Strand
from business_areas.statuses import Status

_FIELDS = {"APPROVED": "approved_on", "FORECAST": "forecast_on", "ACTUAL": "actual_on"}


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


@dataclass(frozen=True)
class Recorded:
    """What the history tables hold of a period: stages moved, and typed amounts in pence by month.

    `began` is when the alliance's record begins; `savings` is what typed forecast savings of each
    year moved by, and `typed` all of the forecast.
    """

    began: datetime | None
    stages: tuple[tuple[int, str, str, date], ...] = ()
    typed: Months = field(default_factory=dict)


_RECORDED = """
    WITH began AS (
        SELECT min(pgh_created_at) AS at FROM programmes_allianceevent WHERE pgh_obj_id = %(alliance)s
    ), loaded AS (
        SELECT min(pgh_created_at) AS at FROM savings_amountevent WHERE alliance_id = %(alliance)s
    ), stage AS (
        SELECT id AS area_id, stage, pgh_created_at AS at,
               lag(stage) OVER (PARTITION BY id ORDER BY pgh_id) AS before
          FROM business_areas_businessareaevent
         WHERE alliance_id = %(alliance)s AND pgh_label <> 'delete'
    ), touched AS (
        SELECT DISTINCT e.id FROM savings_amountevent e, loaded
         WHERE e.alliance_id = %(alliance)s AND NOT e.derived AND e.version = 'FORECAST'
           AND e.pgh_created_at > greatest(loaded.at, %(moment)s)
    ), amount AS (
        SELECT e.item_id, e.starts_on, e.pence, e.pgh_label,
               e.pgh_created_at <= greatest(loaded.at, %(moment)s) AS is_before,
               row_number() OVER (
                   PARTITION BY e.id, e.pgh_created_at <= greatest(loaded.at, %(moment)s)
                   ORDER BY e.pgh_id DESC) AS place
          FROM savings_amountevent e JOIN touched USING (id), loaded
    )
    SELECT 'BEGAN', NULL::bigint, NULL, NULL, NULL::date, at, 0::bigint FROM began
    UNION ALL
    SELECT 'STAGE', stage.area_id, stage.before, stage.stage, NULL, stage.at, 0 FROM stage, began
     WHERE stage.before <> stage.stage AND stage.at > greatest(began.at, %(moment)s)
    UNION ALL
    SELECT 'MONEY', i.area_id, i.kind, NULL, a.starts_on, NULL,
           sum(CASE WHEN a.is_before THEN -a.pence ELSE a.pence END)::bigint
      FROM amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.place = 1 AND a.pgh_label <> 'delete'
     GROUP BY 2, 3, 5
"""


def read_recorded(facts: Facts, period: Period) -> Recorded:
    """What was recorded in the period and after the alliance's record began. One query.

    Whatever was recorded for a held alliance was recorded on its day, so all of it is in.
    """
    since = date(1900, 1, 1) if facts.alliance.held_on else period.since
    moment = timezone.make_aware(datetime.combine(since, time.max))
    began: datetime | None = None
    stages: list[tuple[int, str, str, date]] = []
    typed: dict[tuple[int, str, date], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, {"alliance": facts.alliance.pk, "moment": moment})
        for what, area_id, one, two, starts_on, at, pence in cursor.fetchall():
            if what == "BEGAN":
                began = at
            elif what == "STAGE":
                on = facts.alliance.held_on or timezone.localdate(at)
                stages.append((area_id, one, two, on))
            elif pence:
                sign = -1 if one == "GRANT" else 1
                kind = "SAVING" if one == "SAVING" else "COST"
                key = (area_id, kind, starts_on)
                typed[key] = typed.get(key, 0) + sign * int(pence)
    return Recorded(began, tuple(stages), typed)


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
    found = [
        *_lives(facts, period),
        *_dates(facts, period, areas, ramps, ratios),
        *_stages(recorded, areas, period),
        *_overrides(facts, period, assessment),
        *_statuses(facts, period),
        *_money(facts, recorded, areas, ratios),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


def _lives(facts: Facts, period: Period) -> Iterator[Change]:
    for each in facts.live:
        if period.has(each.live_on) and each.live_on is not None:
            promised = each.go_live and (each.go_live.approved_on or each.go_live.baseline_on)
            late = (each.live_on - promised).days if promised else 0
            if late:
                days = "1 day" if abs(late) == 1 else f"{abs(late):,} days"
                why = f"{days} {'later' if late > 0 else 'earlier'} than approved"
            else:
                why = "On its approved date" if promised else ""
            yield Change("LIVE", each.live_on, each.area, "live", new=each.live_on, why=why)


def _dates(
    facts: Facts,
    period: Period,
    areas: Mapping[int, AreaFacts],
    ramps: Ramps,
    ratios: Ratios,
) -> Iterator[Change]:
    for each in net_moves(facts, period):
        milestone = each.milestone
        found = areas.get(milestone.area_id) if milestone.area_id else None
        area = found.area if found else None
        what = "go-live" if milestone.kind == Milestone.Kind.GO_LIVE else f"“{milestone.name}”"
        priced: tuple[YearEffect, ...] = ()
        if each.which == DateChange.Date.FORECAST and milestone.actual_on is None:
            priced = tuple(effects(ramps.months(milestone, each.from_on, each.to_on), ratios))
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
    before: dict[tuple[int, str], date | None] = {}
    for moved in facts.moved:
        if period.has(moved.on):
            before.setdefault((moved.milestone.pk, moved.which), moved.from_on)
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
        was = {
            name: before.get((milestone.pk, which), getattr(milestone, name))
            for which, name in _FIELDS.items()
        }
        if was["actual_on"] is not None and was["actual_on"] > period.since:
            continue  # reached since: what was forecast of it then is not on record
        milestones.append(
            Milestone(
                name=milestone.name, kind=milestone.kind, baseline_on=milestone.baseline_on, **was
            )
        )
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
