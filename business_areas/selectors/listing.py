"""The list that a programme manager works from: areas with what is due, late or silent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from business_areas.lateness import LATE_DAYS, Slippage, drift_of, promise_kept, slippage_of
from business_areas.models import BusinessArea, Milestone
from business_areas.models.milestones import DUE_ON
from business_areas.silence import is_silent
from business_areas.statuses import TO_GO_LIVE
from programmes.models import Alliance, User

_ENDED = (BusinessArea.Stage.CLOSED, BusinessArea.Stage.WITHDRAWN)


@dataclass(frozen=True)
class SaidOf:
    """One status: its strand's name, its tag ("GREEN" …, "NOT_RATED" where nobody has spoken for too
    long), its words, and what follows them where a person set it."""

    name: str
    tag: str
    words: str
    set_by: str = ""


@dataclass(frozen=True)
class Said:
    """What is said of an area: its three statuses, and when anybody last recorded anything of it.

    `worst` is the worst of the tags.
    """

    worst: str
    statuses: tuple[SaidOf, ...]
    updated_on: date | None


NOTHING_SAID = Said(worst="NOT_RATED", statuses=(), updated_on=None)


@dataclass(frozen=True)
class AreaRow:
    """An area in the list as at `day`: its go-live, and the next milestone that is not reached."""

    area: BusinessArea
    go_live: Milestone | None
    coming: Milestone | None
    said: Said
    day: date

    @property
    def slippage(self) -> Slippage | None:
        """The go-live against its approved date, if both are known."""
        return slippage_of(self.go_live)

    @property
    def drift(self) -> Slippage | None:
        """The go-live against its original baseline, if both are known."""
        return drift_of(self.go_live)

    @property
    def moved(self) -> str:
        """“31 days later than approved, not re-baselined”; empty if it did not move.

        Where nothing is approved it is later than first promised.
        """
        found = promise_kept(self.go_live)
        return found.words if found and found.is_moved else ""

    @property
    def days_overdue(self) -> int:
        """How many days ago the next milestone was expected; 0 if it is not late."""
        on = self.coming.expected_on if self.coming else None
        return max((self.day - on).days, 0) if on else 0

    @property
    def is_quiet(self) -> bool:
        """Whether nobody has said anything of the area for too long."""
        return is_silent(self.area.stage, self.said.updated_on, self.day)

    @property
    def worst_of(self) -> str:
        """The strands that are as bad as the worst: "Timescales, budget"."""
        return ", ".join(each.name for each in self._worst).capitalize()

    @property
    def status_words(self) -> str:
        """What the tag says: the worst rating, or for how long nobody has spoken."""
        return next((each.words for each in self._worst), "")

    @property
    def set_by(self) -> tuple[str, ...]:
        """Of what the tag says, what a person set: “Budget: Green, set by Ann; the data say Red”."""
        return tuple(
            f"{each.name}: {each.words}{each.set_by}" for each in self._worst if each.set_by
        )

    @property
    def _worst(self) -> list[SaidOf]:
        return [each for each in self.said.statuses if each.tag == self.said.worst]


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
    """The alliance's areas, each told what of the list's `show` it is: due, overdue, moved …

    A closed or withdrawn area is none of them. A milestone without an actual date is due in the
    month of its expected date, and overdue from the day after. Of the go-live to come: moved is
    forecast for another date than the approved one, late is by more than 30 days, and unapproved is
    without an approved date.
    """
    # The alliance is named once more, or every alliance's milestones are read.
    mine = Milestone.objects.filter(alliance=alliance, area=OuterRef("pk"))
    open_ones = mine.filter(actual_on__isnull=True).annotate(on=DUE_ON)
    go_live = open_ones.filter(kind=Milestone.Kind.GO_LIVE)
    moved = go_live.filter(forecast_on__isnull=False, approved_on__isnull=False)
    moved = moved.exclude(forecast_on=F("approved_on"))
    late = moved.filter(forecast_on__gt=F("approved_on") + timedelta(days=LATE_DAYS))
    first = day.replace(day=1)
    next_first = (first + timedelta(days=32)).replace(day=1)
    to_come = Q(stage__in=TO_GO_LIVE)
    goes_on = ~Q(stage__in=_ENDED)
    return BusinessArea.objects.filter(alliance=alliance).annotate(
        is_due=Q(goes_on & Q(Exists(open_ones.filter(on__gte=first, on__lt=next_first)))),
        is_overdue=Q(goes_on & Q(Exists(open_ones.filter(on__lt=day)))),
        is_moved=Q(to_come & Q(Exists(moved))),
        is_late=Q(to_come & Q(Exists(late))),
        is_unapproved=Q(to_come & Q(Exists(go_live.filter(approved_on__isnull=True)))),
    )


def area_counts(
    areas: Collection[Any], said: Mapping[int, Said], user: User, day: date
) -> AreaCounts:
    """The counts of all the alliance's areas, as `with_deadlines` tells them. No query."""
    here = [area for area in areas if area.stage != BusinessArea.Stage.WITHDRAWN]
    return AreaCounts(
        total=len(here),
        live=sum(area.stage == BusinessArea.Stage.LIVE for area in here),
        mine=sum(area.owner_id == user.pk for area in here),
        unassigned=sum(area.owner_id is None for area in here),
        due=sum(area.is_due for area in here),
        overdue=sum(area.is_overdue for area in here),
        quiet=sum(
            is_silent(area.stage, said.get(area.pk, NOTHING_SAID).updated_on, day) for area in here
        ),
        on_hold=sum(area.on_hold_since is not None for area in here),
        withdrawn=len(areas) - len(here),
    )


def area_rows(
    areas: Iterable[BusinessArea],
    milestones: Iterable[Milestone],
    said: Mapping[int, Said],
    day: date,
    order: str = "",
) -> tuple[AreaRow, ...]:
    """The areas as rows, in an order of `ORDERS` ("-" before it turns it round). No query.

    What is not known comes last, whichever way round.
    """
    go_lives: dict[int | None, Milestone] = {}
    coming: dict[int | None, Milestone] = {}
    for milestone in milestones:
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
            said=said.get(area.pk, NOTHING_SAID),
            day=day,
        )
        for area in areas
    ]
    return tuple(_in_order(rows, order))


def _sooner(milestone: Milestone) -> tuple[date, str]:
    return milestone.expected_on or date.max, milestone.code


RATINGS = ("RED", "AMBER", "GREEN", "NOT_RATED")
_STAGES = list(BusinessArea.Stage.values)
_KEYS: dict[str, Any] = {
    "name": lambda row: row.area.name.casefold(),
    "stage": lambda row: _STAGES.index(row.area.stage),
    "lead": lambda row: row.area.lead_force and row.area.lead_force.position,
    "owner": lambda row: row.area.owner and str(row.area.owner).casefold(),
    "next": lambda row: row.coming and row.coming.expected_on,
    "golive": lambda row: row.go_live and row.go_live.expected_on,
    "slippage": lambda row: row.slippage and row.slippage.days,
    "status": lambda row: RATINGS.index(row.said.worst),
    "updated": lambda row: row.said.updated_on,
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
