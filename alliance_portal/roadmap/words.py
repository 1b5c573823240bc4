"""The milestones of an area as the roadmap draws them, each with the sentence that says it."""

from collections.abc import Iterable
from datetime import date

from alliance_portal.dates.milestone import milestone_url
from alliance_portal.roadmap.plan import GoLive, Plan, Step
from business_areas.lateness import promise_kept, slippage_of
from business_areas.models import BusinessArea, Milestone
from business_areas.selectors.listing import AreaRow
from programmes.words import day as written
from programmes.words import signed

LETTERS: dict[str, tuple[str, str]] = {
    Milestone.Kind.BUSINESS_CASE: ("B", "Business case"),
    Milestone.Kind.CONSULTATION: ("C", "Consultation"),
    Milestone.Kind.DECISION: ("D", "Decision"),
    Milestone.Kind.REVIEW: ("R", "Review"),
    Milestone.Kind.OTHER: ("O", "Other milestone"),
}


def plan_of(row: AreaRow, milestones: Iterable[Milestone], code: str) -> Plan:
    """What is drawn of the area; `code` is the alliance's."""
    area = row.area
    return Plan(
        go_live=_go_live(row, code),
        steps=tuple(_step(area, each, row.day, code) for each in dated_steps(milestones)),
        is_live=area.stage == BusinessArea.Stage.LIVE,
        is_paused=area.on_hold_since is not None or area.stage == BusinessArea.Stage.WITHDRAWN,
    )


def dated_steps(milestones: Iterable[Milestone]) -> list[Milestone]:
    """The milestones other than the go-live that have a date, soonest first."""
    found = [
        each for each in milestones if each.kind != Milestone.Kind.GO_LIVE and each.expected_on
    ]
    return sorted(found, key=lambda each: (each.expected_on or date.max, each.code))


def is_reached(milestone: Milestone, day: date) -> bool:
    """Whether its actual date has come."""
    return milestone.actual_on is not None and milestone.actual_on <= day


def state_of(milestone: Milestone, day: date) -> str:
    """What kind of date is expected of it: "reached", "forecast", "overdue" …"""
    if is_reached(milestone, day):
        return "reached"
    if milestone.expected_on and milestone.expected_on < day:
        return "overdue"
    if milestone.forecast_on is None and milestone.actual_on is None:
        return "no forecast yet"
    return "provisional" if milestone.is_provisional else "forecast"


def stage_words(area: BusinessArea) -> str:
    """“Design, on hold”."""
    stage = str(area.get_stage_display())
    return f"{stage}, on hold" if area.on_hold_since else stage


def bar_words(row: AreaRow, plan: Plan) -> str:
    """What an area's bar says."""
    area = row.area
    said = f"{area.name}: {str(area.get_stage_display()).lower()}"
    if area.on_hold_since:
        said += f", on hold since {written(area.on_hold_since)}"
    if plan.works:
        begins, ends = (written(each) for each in plan.works)
        towards = "towards go-live on" if plan.go_live else "until"
        said += f"; work from {begins} {towards} {ends}"
    if plan.live_since:
        said += f"; at work as one team since {written(plan.live_since)}"
    return f"{said}."


def _step(area: BusinessArea, milestone: Milestone, day: date, code: str) -> Step:
    on = milestone.expected_on
    assert on
    return Step(
        on=on,
        letter=LETTERS[milestone.kind][0],
        is_reached=is_reached(milestone, day),
        said=f"{area.name}: {milestone.name}, {written(on)}, {state_of(milestone, day)}.",
        url=_url(area, milestone, code),
    )


def _go_live(row: AreaRow, code: str) -> GoLive | None:
    milestone = row.go_live
    if milestone is None or milestone.expected_on is None:
        return None
    state = state_of(milestone, row.day)
    notes = (_moved(milestone), state if state in ("overdue", "provisional") else "")
    return GoLive(
        baseline_on=milestone.baseline_on,
        approved_on=milestone.approved_on,
        expected_on=milestone.expected_on,
        is_dated=bool(milestone.actual_on or milestone.forecast_on),
        is_reached=is_reached(milestone, row.day),
        note=", ".join(note for note in notes if note),
        said=f"{_called(row.area)}: {_go_live_words(milestone, state)}.",
        url=_url(row.area, milestone, code),
    )


def _called(area: BusinessArea) -> str:
    held = area.on_hold_since
    return f"{area.name}, on hold since {written(held)}" if held else area.name


def _moved(milestone: Milestone) -> str:
    """“+91 days, +30 re-baselined”; from the original baseline where nothing was approved; or empty."""
    kept = promise_kept(milestone)
    if kept is None or not kept.is_moved:
        return ""
    more = "" if kept.is_approved else " from baseline"
    more += f", {signed(kept.rebaselined)} re-baselined" if kept.rebaselined else ""
    return f"{signed(kept.days)} {'day' if abs(kept.days) == 1 else 'days'}{more}"


def _go_live_words(milestone: Milestone, state: str) -> str:
    """“went live on 1 July 2017, 30 days later than approved; approved date …”."""
    on, approved = milestone.expected_on, milestone.approved_on
    assert on
    start = {
        "reached": f"went live on {written(on)}",
        "overdue": f"go-live was expected on {written(on)} and is overdue",
        "no forecast yet": "go-live has no forecast yet",
        "provisional": f"go-live is provisionally forecast for {written(on)}",
    }.get(state, f"go-live is forecast for {written(on)}")
    slippage = slippage_of(milestone)
    if slippage and slippage.is_moved:
        start += f", {slippage.words}"
    plans = (("approved date", approved), ("original baseline", milestone.baseline_on))
    known = [f"{name} {written(each)}" for name, each in plans if each]
    return "; ".join([start, ", ".join(known)] if known else [start])


def _url(area: BusinessArea, milestone: Milestone, code: str) -> str:
    milestone.area = area
    return milestone_url(milestone, "change", code=code)
