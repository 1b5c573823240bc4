"""The list that a programme manager works from: areas with what is due, late or silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from business_areas.models import BusinessArea, Milestone
from business_areas.selectors.detail import Slippage, slippage_of
from programmes.models import Alliance, User

QUIET_DAYS = 30

_ENDED = (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN)


@dataclass(frozen=True)
class AreaRow:
    """An area in the list as at `day`: its go-live, and the next milestone that is not reached."""

    area: BusinessArea
    go_live: Milestone | None
    coming: Milestone | None
    day: date

    @property
    def slippage(self) -> Slippage | None:
        """The go-live against its approved date, if both are known."""
        return slippage_of(self.go_live) if self.go_live else None

    @property
    def days_overdue(self) -> int:
        """How many days ago the next milestone was expected; 0 if it is not late."""
        on = self.coming.expected_on if self.coming else None
        return max((self.day - on).days, 0) if on else 0

    @property
    def days_quiet(self) -> int | None:
        """Days since the last update; None if there is none on record."""
        updated = self.area.last_update_on
        return (self.day - updated).days if updated else None

    @property
    def is_quiet(self) -> bool:
        """Whether the area has been silent for more than 30 days though work on it goes on."""
        if self.area.stage in _ENDED:
            return False
        return self.days_quiet is None or self.days_quiet > QUIET_DAYS


@dataclass(frozen=True)
class AreaCounts:
    """How many of the alliance's areas each view holds; withdrawn ones count only as such."""

    total: int
    live: int
    mine: int
    unassigned: int
    due: int
    overdue: int
    quiet: int
    on_hold: int
    withdrawn: int


def with_deadlines(alliance: Alliance, day: date) -> QuerySet[BusinessArea]:
    """The alliance's areas, each told `is_due` (this month), `is_overdue` and `is_quiet`.

    A closed or withdrawn area is none of them. A milestone without an actual date is due in the
    month of its expected date, and overdue from the day after.
    """
    open_ones = Milestone.objects.filter(area=OuterRef("pk"), actual_on__isnull=True).annotate(
        on=Coalesce("forecast_on", "approved_on", "baseline_on")
    )
    first = day.replace(day=1)
    next_first = (first + timedelta(days=32)).replace(day=1)
    goes_on = ~Q(stage__in=_ENDED)
    silent = Q(last_update_on__isnull=True) | Q(last_update_on__lt=day - timedelta(QUIET_DAYS))
    return BusinessArea.objects.filter(alliance=alliance).annotate(
        is_due=Q(goes_on & Q(Exists(open_ones.filter(on__gte=first, on__lt=next_first)))),
        is_overdue=Q(goes_on & Q(Exists(open_ones.filter(on__lt=day)))),
        is_quiet=Q(goes_on & silent),
    )


def area_counts(areas: QuerySet[BusinessArea], user: User) -> AreaCounts:
    """The counts of `with_deadlines`; one query."""
    stage = BusinessArea.Stage
    here = ~Q(stage=stage.WITHDRAWN)
    found: dict[str, Any] = areas.aggregate(
        total=Count("pk", filter=here),
        live=Count("pk", filter=Q(stage=stage.LIVE)),
        mine=Count("pk", filter=here & Q(owner=user)),
        unassigned=Count("pk", filter=here & Q(owner__isnull=True)),
        due=Count("pk", filter=Q(is_due=True)),
        overdue=Count("pk", filter=Q(is_overdue=True)),
        quiet=Count("pk", filter=Q(is_quiet=True)),
        on_hold=Count("pk", filter=here & Q(on_hold_since__isnull=False)),
        withdrawn=Count("pk", filter=Q(stage=stage.WITHDRAWN)),
    )
    return AreaCounts(**found)


def area_rows(
    areas: QuerySet[BusinessArea], alliance: Alliance, day: date, order: str = ""
) -> tuple[AreaRow, ...]:
    """The areas as rows, in an order of `ORDERS` ("-" before it turns it round). Two queries.

    What is not known comes last, whichever way round.
    """
    found = list(areas.select_related("lead_force", "owner").order_by("category", "name", "pk"))
    go_lives: dict[int, Milestone] = {}
    coming: dict[int, Milestone] = {}
    for milestone in Milestone.objects.filter(alliance=alliance, area__isnull=False):
        assert milestone.area_id is not None
        if milestone.kind == Milestone.Kind.GO_LIVE:
            go_lives[milestone.area_id] = milestone
        if milestone.actual_on is None and milestone.expected_on is not None:
            known = coming.get(milestone.area_id)
            if known is None or _sooner(milestone) < _sooner(known):
                coming[milestone.area_id] = milestone
    rows = [
        AreaRow(
            area=area,
            go_live=go_lives.get(area.pk),
            coming=None if area.stage in _ENDED else coming.get(area.pk),
            day=day,
        )
        for area in found
    ]
    return tuple(_in_order(rows, order))


def _sooner(milestone: Milestone) -> tuple[date, str]:
    return milestone.expected_on or date.max, milestone.code


_STAGES = list(BusinessArea.Stage.values)
_KEYS: dict[str, Any] = {
    "name": lambda row: row.area.name.casefold(),
    "stage": lambda row: _STAGES.index(row.area.stage),
    "lead": lambda row: row.area.lead_force and row.area.lead_force.position,
    "owner": lambda row: row.area.owner and str(row.area.owner).casefold(),
    "next": lambda row: row.coming and row.coming.expected_on,
    "golive": lambda row: row.go_live and row.go_live.expected_on,
    "slippage": lambda row: row.slippage and row.slippage.days,
    "updated": lambda row: row.area.last_update_on,
}
ORDERS: Sequence[str] = tuple(_KEYS)


def _in_order(rows: Iterable[AreaRow], order: str) -> list[AreaRow]:
    key = _KEYS.get(order.removeprefix("-"))
    if key is None:
        return list(rows)
    known: list[AreaRow] = []
    unknown: list[AreaRow] = []
    for row in rows:
        (unknown if key(row) is None else known).append(row)
    return sorted(known, key=key, reverse=order.startswith("-")) + unknown
