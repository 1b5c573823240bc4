"""The roadmap that an address asks for: its axis, its rows in groups, and what has no place on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from alliance_portal.areas.listing import AreaList, area_list
from alliance_portal.roadmap.asked import TIMES, Asked, read_asked
from alliance_portal.roadmap.axis import Axis, axis_round
from alliance_portal.roadmap.layout import Strip, strip
from alliance_portal.roadmap.plan import Plan
from alliance_portal.roadmap.words import (
    LETTERS,
    bar_words,
    dated_steps,
    plan_of,
    stage_words,
    state_of,
)
from business_areas.filters import AreaFilter
from business_areas.lateness import drift_of, finding, slippage_of
from business_areas.models import BusinessArea, Milestone
from business_areas.selectors.listing import ORDERS, AreaRow
from business_areas.statuses import TO_GO_LIVE
from programmes.permissions import Standing
from programmes.words import month

_ORDER = "golive"


@dataclass(frozen=True)
class Row:
    """An area with its dates; `strip` is what is drawn of it, None if it has no place on the axis."""

    row: AreaRow
    plan: Plan
    steps: tuple[Milestone, ...]
    url: str
    strip: Strip | None = None

    @property
    def area(self) -> BusinessArea:
        """The area."""
        return self.row.area

    @property
    def stage(self) -> str:
        """Its stage, and whether it is on hold."""
        return stage_words(self.area)

    @property
    def said(self) -> str:
        """What its bar says."""
        return bar_words(self.row, self.plan)

    @property
    def go_live_state(self) -> str:
        """What its go-live's expected date is: "reached", "forecast" …; empty without one."""
        milestone = self.row.go_live
        return state_of(milestone, self.row.day) if milestone and milestone.expected_on else ""

    @property
    def go_live_on(self) -> date | None:
        """The actual date of its go-live, or else the forecast."""
        milestone = self.row.go_live
        return (milestone.actual_on or milestone.forecast_on) if milestone else None

    @property
    def baseline_on(self) -> date | None:
        """The go-live's original baseline."""
        return self.row.go_live.baseline_on if self.row.go_live else None

    @property
    def approved_on(self) -> date | None:
        """The go-live's approved date."""
        return self.row.go_live.approved_on if self.row.go_live else None

    @property
    def slipped(self) -> int | None:
        """Days from the approved go-live."""
        found = slippage_of(self.row.go_live)
        return found.days if found else None

    @property
    def drifted(self) -> int | None:
        """Days from the original baseline."""
        found = drift_of(self.row.go_live)
        return found.days if found else None

    @property
    def step_states(self) -> list[tuple[Milestone, str]]:
        """Its other milestones, soonest first, each with what its date is."""
        return [(each, state_of(each, self.row.day)) for each in self.steps]


@dataclass(frozen=True)
class Group:
    """Rows under a heading; the heading is empty where nothing is grouped."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Roadmap:
    """What the address asks for, as at `day`.

    `rows` are drawn, in their groups' order; `undated` have no date on record; `elsewhere` have
    none in the months that were asked for. The table has `rows`, then `undated`.
    """

    day: date
    found: AreaList
    asked: Asked
    axis: Axis | None
    groups: tuple[Group, ...]
    undated: tuple[Row, ...]
    elsewhere: tuple[Row, ...]
    days: tuple[date, ...]

    @property
    def filters(self) -> AreaFilter:
        """Which areas."""
        return self.found.filters

    @property
    def rows(self) -> tuple[Row, ...]:
        """The areas that are drawn."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def table_groups(self) -> tuple[Group, ...]:
        """The areas of the table."""
        more = (Group("No dates yet", self.undated),) if self.undated else ()
        return (*self.groups, *more)

    @property
    def table_rows(self) -> tuple[Row, ...]:
        """The areas of the table, in its order."""
        return (*self.rows, *self.undated)

    @property
    def today_x(self) -> float | None:
        """The place of today; None if it is not on the axis."""
        return self.axis.at(self.day) if self.axis and self.axis.holds(self.day) else None

    @property
    def letters(self) -> tuple[tuple[str, str], ...]:
        """The letters that are drawn and what they mean, in the order of the work."""
        kinds = {each.kind for row in self.rows for each in row.steps}
        return tuple(known for kind, known in LETTERS.items() if kind in kinds)

    @cached_property
    def query(self) -> str:
        """The address's query that shows this roadmap again, without what means nothing."""
        return urlencode({**self._others, **self.asked.parts})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for but the grouping."""
        return bool(self._others or self.asked.parts.keys() - {"group"})

    @property
    def is_asked(self) -> bool:
        """Whether the address asks for anything that the form holds."""
        return bool(self._others or self.asked.parts.keys() - {"time"})

    @property
    def times(self) -> list[tuple[str, str, bool]]:
        """Each ready range of dates: its words, its query, whether it is shown."""
        shown = self.asked.time if self.asked.time or self.asked.is_all else None
        return [
            (words, self.asked.query_for(name, self._others), name == shown)
            for name, words in TIMES
        ]

    @property
    def finding(self) -> str:
        """The sentence above the drawing, from the areas in it."""
        coming = [row for row in self.rows if row.area.stage in TO_GO_LIVE and row.go_live_on]
        if not coming:
            live = sum(row.area.stage == BusinessArea.Stage.LIVE for row in self.rows)
            if live and live == len(self.rows):
                return "The area is live" if live == 1 else f"All {live} areas are live"
            return "No go-live to come has a forecast"
        return finding([row.row.go_live for row in coming if row.row.go_live])

    @property
    def span(self) -> str:
        """The months of the axis, in words."""
        if self.axis is None:
            return ""
        last = date.fromordinal(self.axis.end.toordinal() - 1)
        return f"{month(self.axis.first)} to {month(last)}"

    @property
    def _others(self) -> dict[str, str]:
        asked = self.filters.asked
        return {name: value for name, value in asked.items() if (name, value) != ("sort", _ORDER)}


def roadmap(standing: Standing, given: QueryDict) -> Roadmap:
    """The roadmap as at the alliance's day. As many queries as the list of areas."""
    ordered = given.copy()
    if str(ordered.get("sort", "")).removeprefix("-") not in ORDERS:
        ordered["sort"] = _ORDER
    found = area_list(standing, ordered)
    fields = found.filters.form.fields
    wrong = [str(fields[name].label) for name in found.filters.form.errors if name in fields]
    alliance = standing.alliance
    day = found.filters.day
    asked = read_asked(given, day, wrong)
    rows = [
        _row(each, found.milestones.get(each.area.pk, ()), alliance.code) for each in found.rows
    ]
    dated = [row for row in rows if row.plan.days]
    days = tuple(on for row in dated for on in row.plan.days)
    axis = axis_round([*days, day], first=asked.first, end=asked.end) if dated else None
    drawn = [row for row in dated if axis and (asked.is_all or _is_on(row.plan, axis))]
    shown = {row.area.pk for row in drawn}
    return Roadmap(
        day=day,
        found=found,
        asked=asked,
        axis=axis,
        groups=_grouped([_drawn(row, axis, day) for row in drawn if axis], asked.group),
        undated=tuple(row for row in rows if not row.plan.days),
        elsewhere=tuple(row for row in dated if row.area.pk not in shown),
        days=days,
    )


def _row(row: AreaRow, milestones: Iterable[Milestone], code: str) -> Row:
    milestones = list(milestones)
    return Row(
        row=row,
        plan=plan_of(row, milestones, code),
        steps=tuple(dated_steps(milestones)),
        url=reverse("area", args=[code, row.area.code]),
    )


def _drawn(row: Row, axis: Axis, day: date) -> Row:
    return Row(row.row, row.plan, row.steps, row.url, strip(row.plan, axis, day))


def _is_on(plan: Plan, axis: Axis) -> bool:
    """Whether one of its dates, or its work towards the go-live, lies on the axis."""
    if any(axis.holds(on) for on in plan.days):
        return True
    return bool(plan.works and plan.works[0] < axis.end and plan.works[1] > axis.first)


def _grouped(rows: list[Row], by: str) -> tuple[Group, ...]:
    """The rows under their headings, in the headings' own order; in each the rows' order stays."""
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(_heading(row.area, by), []).append(row)
    return tuple(Group(name, tuple(groups[place, name])) for place, name in sorted(groups))


def _heading(area: BusinessArea, by: str) -> tuple[int, str]:
    if by == "none":
        return 0, ""
    if by == "force":
        lead = area.lead_force
        return (lead.position, str(lead.name)) if lead else (10**6, "No lead force yet")
    if by == "stage":
        return list(BusinessArea.Stage.values).index(area.stage), str(area.get_stage_display())
    return (
        list(BusinessArea.Category.values).index(area.category),
        str(area.get_category_display()),
    )
