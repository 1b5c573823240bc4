"""What changed in a period, as the record shows it: never more than is dated on it.

Go-lives are known by their actual dates, and so are known before the portal was. Everything else
is read from the record of changes, with what each change did to the forecast; for a held alliance
it happened on the day it is held at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from alliance_portal.as_at.assess import Assessment, timescales_of
from alliance_portal.as_at.facts import AreaFacts, Facts
from alliance_portal.as_at.periods import Period
from alliance_portal.as_at.recorded import Recorded, YearEffect, effects
from alliance_portal.as_at.said import Moved
from business_areas.lateness import promise_kept
from business_areas.models import BusinessArea, Milestone, MovedDate, Rating, Strand
from business_areas.statuses import Status
from programmes import models as programmes


@dataclass(frozen=True)
class Change:
    """One thing that changed. `kind` is LIVE, DATE, STAGE, STATUS, MONEY or ACT; old and new as shown.

    `set_by` follows the new status where a person set it.
    """

    kind: str
    on: date
    area: BusinessArea | None
    what: str
    old: object = None
    new: object = None
    why: str = ""
    effects: tuple[YearEffect, ...] = ()
    set_by: str = ""


def net_moves(facts: Facts, period: Period, *, is_actual_too: bool = False) -> list[Moved]:
    """Each milestone's approved and forecast dates moved in the period, first from to last to.

    What was moved back is left out.
    """
    found: dict[tuple[int, str], Moved] = {}
    for each in facts.moved:
        if period.has(each.on) and (is_actual_too or each.which != MovedDate.Date.ACTUAL):
            key = (each.milestone.pk, each.which)
            before = found.get(key)
            if before:
                made = (*before.changes, *each.changes)
                each = replace(each, from_on=before.from_on, changes=made)
            found[key] = each
    return [each for each in found.values() if each.from_on != each.to_on]


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
        for which in MovedDate.Date
    }
    return Milestone(
        name=milestone.name, kind=milestone.kind, baseline_on=milestone.baseline_on, **was
    )


def changes(
    facts: Facts, period: Period, recorded: Recorded, assessment: Assessment
) -> list[Change]:
    """Everything that changed, newest first; what costs money says so by force. No query."""
    areas = {each.area.pk: each for each in facts.areas}
    prices = {pk: effects(found) for pk, found in recorded.by_milestone.items()}
    found = [
        *_lives(facts, period, recorded, prices),
        *_dates(facts, period, areas, prices),
        *_stages(recorded, areas, period),
        *_overrides(facts, period, assessment),
        *_statuses(facts, period),
        *_money(recorded, areas),
        *_acts(recorded),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


Prices = Mapping[int, tuple[YearEffect, ...]]  # by the milestone that moved


def _lives(facts: Facts, period: Period, recorded: Recorded, prices: Prices) -> Iterator[Change]:
    gone_live = {
        each.area_id: each
        for each in recorded.changes
        if each.kind == programmes.Change.Kind.GO_LIVE
    }
    for each in facts.live:
        if period.has(each.live_on) and each.live_on is not None:
            kept = promise_kept(each.go_live)
            why = f"{kept.words[0].upper()}{kept.words[1:]}" if kept else ""
            priced = prices.get(each.go_live.pk, ()) if each.go_live else ()
            if each.area.pk in gone_live:
                priced = effects([gone_live[each.area.pk]])
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
        if each.which == MovedDate.Date.FORECAST and milestone.actual_on is None:
            priced = prices.get(milestone.pk, ())
        if each.which == MovedDate.Date.APPROVED:
            what = f"approved date of {what}"
        yield Change("DATE", each.on, area, what, each.from_on, each.to_on, each.reason, priced)


def _stages(recorded: Recorded, areas: Mapping[int, AreaFacts], period: Period) -> Iterator[Change]:
    """Areas whose stage moved, from first to last, however it was moved."""
    spans: dict[int, tuple[str, str, date, list[programmes.Change]]] = {}
    for change in recorded.changes:
        for row in change.said:
            for label, before, after in row["fields"]:
                if label == "Stage" and row["what"] == "changed" and row["area"] in areas:
                    first, _, _, made = spans.get(row["area"], (before, after, change.made_on, []))
                    spans[row["area"]] = (first, after, change.made_on, [*made, change])
    live = BusinessArea.Stage.LIVE.label
    for area_id, (before, after, on, made) in spans.items():
        if before == after or (after == live and period.has(areas[area_id].live_on)):
            continue  # a go-live is said already
        own = [change for change in made if change.area_id == area_id]
        yield Change(
            "STAGE", on, areas[area_id].area, "stage", before, after, made[-1].reason, effects(own)
        )


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
                    what=Strand(strand).label.lower(),
                    new=override.rating,
                    set_by=(status.set_by if status and in_force else "")
                    or f", set by {override.made_by or 'a person'}",
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


# What is said with a date, a stage or a status, and so not once more as money.
_SAID_ELSEWHERE = frozenset(
    {
        programmes.Change.Kind.GO_LIVE,
        programmes.Change.Kind.STAGE,
        programmes.Change.Kind.WITHDRAWAL,
        programmes.Change.Kind.STATUS,
    }
)


def _money(recorded: Recorded, areas: Mapping[int, AreaFacts]) -> Iterator[Change]:
    """Other changes that moved shares: what they were, and what they did to the forecast."""
    for change in recorded.changes:
        moved = change.effect or change.waiting
        if not moved or change.milestone_id or change.kind in _SAID_ELSEWHERE:
            continue
        touched = {row[0] for row in (*change.effect, *change.waiting)}
        area_id = change.area_id or (touched.pop() if len(touched) == 1 else 0)
        found = areas.get(area_id)
        yield Change(
            kind="MONEY",
            on=change.made_on,
            area=found.area if found else None,
            what=_in_short(change),
            why=change.reason,
            effects=effects([change]),
        )


# Acts that move no shares, what forces said to each other and what was frozen or posted: what the first
# row of such a kind is of, what became of it, and how that is said.
_ACTS = (
    (r"Financial year, (.+)", "", r"\1 closed"),
    (r"Adjustment of a closed year, (.+)", "", r"adjustment of \1 posted"),
    (r"Request to close a year of (.+), (.+)", "added", r"\1 asked that \2 be closed"),
    (r"Request to close a year of (.+), (.+)", "", r"the closing of \2 refused or taken back"),
    (r"Settlement, (.+)", "", r"settlement of \1 proposed"),
    (r"Settlement answer of (.+)", "", r"\1 answered a settlement"),
    (r"Settlement payment", "added", "a settlement’s payment recorded"),
    (r"Settlement payment", "", "a settlement’s payment taken off the record"),
    (r"Settlement way", "", "how settlements are paid changed"),
)
_OF_ACTS = frozenset({programmes.Change.Kind.SETTLEMENT, programmes.Change.Kind.YEAR})


def _acts(recorded: Recorded) -> Iterator[Change]:
    """Settlements proposed, answered and paid, years asked to close and closed, adjustments posted."""
    for change in recorded.changes:
        if change.kind in _OF_ACTS:
            yield Change(
                "ACT", on=change.made_on, area=None, what=_act_in_short(change), why=change.reason
            )


def _act_in_short(change: programmes.Change) -> str:
    for of, what, said in _ACTS:
        for row in change.said:
            found = re.fullmatch(of, row["of"])
            if found and what in ("", row["what"]):
                return found.expand(said)
    return _in_short(change)


def _in_short(change: programmes.Change) -> str:
    """What changed in a few words: “amount of Vans changed”, “workbook: 12 rows changed”."""
    rows = len(change.said) + change.more
    kind = change.get_kind_display()
    if rows != 1:
        return f"{kind[:1].lower()}{kind[1:]}: {rows:,} rows changed"
    (row,) = change.said
    return f"{row['of'][:1].lower()}{row['of'][1:]} {row['what']}"
