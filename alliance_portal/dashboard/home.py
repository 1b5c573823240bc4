"""The home page: every alliance of the user's side by side, and what needs their attention."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.urls import reverse

from alliance_portal.as_at.assess import Assessment, assess
from alliance_portal.as_at.budget import read_plans
from alliance_portal.as_at.facts import Facts, read_facts
from alliance_portal.dashboard.deciding import asked_for
from alliance_portal.dashboard.moved import OfOthers, moved_by_others
from business_areas import silence
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.statuses import TO_GO_LIVE
from programmes.models import Alliance, Force, User
from programmes.permissions import Action, visible_alliances, where_one_may
from savings.models import RecomputeRequest
from savings.selectors.totals import (
    Totals,
    is_part_approved,
    read_totals,
    savings_year,
    sum_of,
    unapproved,
    year_of,
)

DUE_DAYS = 30
PER_PAGE = 10
_SHOWN = 8
_SHOW = {"Overdue": "overdue", "No update for 30 days": "quiet"}


@dataclass(frozen=True)
class AllianceLine:
    """An alliance beside the others. Savings are the forecast of `year`, in pence."""

    alliance: Alliance
    forces: tuple[str, ...]
    areas: int
    live: int
    next_go_live: Milestone | None
    assessment: Assessment
    year: int
    savings: int | None
    planned: int | None
    unapproved: int

    @property
    def is_part_approved(self) -> bool:
        """True if too much of the forecast has no plan for the two to be compared."""
        return is_part_approved(self.unapproved, self.savings)


@dataclass(frozen=True)
class Notice:
    """One thing to look at. `area` is None for the programme's own; `on` is the day it is about.

    A move is from `was` to `on`, either of which may be no date; it has its reason, who made it and
    what it did to each force. `url` is where it is answered, or what there is to read of it.
    """

    alliance: Alliance
    area: BusinessArea | None
    what: str
    on: date | None = None
    was: date | None = None
    is_move: bool = False
    is_mine: bool = False
    url: str = ""
    why: str = ""
    who: str = ""
    pounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Notices of one kind: those shown, and how many there are."""

    title: str
    notices: tuple[Notice, ...]
    show: str = ""  # what the list of areas calls it

    @property
    def shown(self) -> tuple[Notice, ...]:
        """The first few; the user's own areas come first."""
        return self.notices[:_SHOWN]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, len(self.notices) - _SHOWN)

    @property
    def alliances(self) -> tuple[Alliance, ...]:
        """Whose list of areas has them all; none if the list cannot be asked for them."""
        found = {each.alliance.pk: each.alliance for each in self.notices if self.show}
        return tuple(found.values())


@dataclass(frozen=True)
class Home:
    """Everything on the page: `page` of the user's alliances, and what needs attention in those."""

    page: Page[Alliance]
    alliances: tuple[AllianceLine, ...]
    attention: tuple[Group, ...]


def home(user: User | AnonymousUser, number: str = "") -> Home:
    """A page of the alliances that the user may see, by name, and what needs attention in them.

    Thirteen queries at most, and the work of PER_PAGE alliances at most, however many there are.
    """
    page = Paginator(visible_alliances(user).order_by("name", "pk"), PER_PAGE).get_page(number)
    alliances = list(page)
    ids = [each.pk for each in alliances]
    if not ids:
        return Home(page, (), ())
    facts = read_facts(alliances)
    totals = read_totals(ids)
    forces: dict[int, dict[str, str]] = {}
    for alliance_id, code, name in (
        Force.objects.filter(alliance__in=ids)
        .order_by("position")
        .values_list("alliance_id", "code", "name")
    ):
        forces.setdefault(alliance_id, {})[code] = name
    moved = moved_by_others(facts.values(), user.pk, forces)
    waiting = _waiting(ids)
    years = {pk: year_of(totals.get(pk, {}), one.day) for pk, one in facts.items()}
    plans = read_plans(years, totals)
    lines = tuple(
        _line(
            facts[each.pk],
            totals.get(each.pk, {}),
            assess(facts[each.pk], plans[each.pk], years[each.pk]),
            tuple(forces.get(each.pk, {}).values()),
        )
        for each in alliances
    )
    groups = (
        ("Waits for your answer", list(_asked(facts.values(), user))),
        ("Overdue", [each for one in facts.values() for each in _overdue(one, user)]),
        ("Due in 30 days", [each for one in facts.values() for each in _due(one, user)]),
        ("Moved by others", [each for pk, one in facts.items() for each in _moved(one, moved[pk], user)]),
        ("No update for 30 days", [each for one in facts.values() for each in _silent(one, user)]),
        ("Shares behind", [_behind(each, waiting[each.pk]) for each in alliances if each.pk in waiting]),
    )  # fmt: skip
    return Home(
        page=page,
        alliances=lines,
        attention=tuple(
            Group(title, tuple(sorted(notices, key=_order)), _SHOW.get(title, ""))
            for title, notices in groups
            if notices
        ),
    )


def _line(
    facts: Facts, totals: Totals, assessment: Assessment, forces: tuple[str, ...]
) -> AllianceLine:
    saving_year = savings_year(totals, facts.day, facts.alliance.target_on)
    coming = [each.go_live for each in facts.to_come if each.go_live and each.go_live.expected_on]
    return AllianceLine(
        alliance=facts.alliance,
        forces=forces,
        areas=len(facts.counted),
        live=len(facts.live),
        next_go_live=coming[0] if coming else None,
        assessment=assessment,
        year=saving_year,
        savings=sum_of(totals, saving_year, "SAVING", "FORECAST"),
        planned=sum_of(totals, saving_year, "SAVING", "APPROVED"),
        unapproved=unapproved(totals, saving_year),
    )


def _asked(facts: Iterable[Facts], user: User | AnonymousUser) -> Iterator[Notice]:
    """Approved dates that the user may agree to or refuse: not those that he asked for himself."""
    waiting = [(one, asked) for one in facts for asked in asked_for(one)]
    if not waiting or not isinstance(user, User):
        return
    mine = set(where_one_may(user, Action.APPROVE_DATES).values_list("pk", flat=True))
    for one, asked in waiting:
        if one.alliance.pk in mine and asked.asked_by_id != user.pk:
            yield Notice(
                alliance=one.alliance,
                area=asked.area,
                what=f"{asked.who} asks for another approved date of {asked.milestone.name}",
                on=asked.to_on,
                was=asked.milestone.approved_on,
                is_move=True,
                url=asked.url,
            )


def _waiting(ids: list[int]) -> Mapping[int, int]:
    rows = RecomputeRequest.objects.filter(alliance__in=ids).values("alliance_id")
    return dict(rows.annotate(n=Count("area_id", distinct=True)).values_list("alliance_id", "n"))


def _open(facts: Facts, user: User | AnonymousUser) -> Iterator[tuple[Milestone, Notice]]:
    """Milestones that are not reached, of areas at work and of the programme."""
    for each in facts.areas:
        if (
            each.area.stage in (*TO_GO_LIVE, BusinessArea.Stage.LIVE)
            and not each.area.on_hold_since
        ):
            for milestone in each.milestones:
                if milestone.actual_on is None:
                    yield milestone, _notice(facts, each.area, milestone, user)
    for milestone in facts.programme:
        if milestone.actual_on is None:
            yield milestone, _notice(facts, None, milestone, user)


def _notice(
    facts: Facts, area: BusinessArea | None, milestone: Milestone, user: User | AnonymousUser
) -> Notice:
    return Notice(
        alliance=facts.alliance,
        area=area,
        what=milestone.name,
        on=milestone.expected_on,
        is_mine=area is not None and area.owner_id is not None and area.owner_id == user.pk,
    )


def _overdue(facts: Facts, user: User | AnonymousUser) -> Iterator[Notice]:
    return (notice for _, notice in _open(facts, user) if notice.on and notice.on < facts.day)


def _due(facts: Facts, user: User | AnonymousUser) -> Iterator[Notice]:
    until = facts.day + timedelta(days=DUE_DAYS)
    return (
        notice for _, notice in _open(facts, user) if notice.on and facts.day <= notice.on <= until
    )


def _moved(facts: Facts, found: Iterable[OfOthers], user: User | AnonymousUser) -> Iterator[Notice]:
    areas = {each.area.pk: each.area for each in facts.areas}
    for each in found:
        moved, milestone = each.moved, each.moved.milestone
        area = areas.get(milestone.area_id) if milestone.area_id else None
        which = MovedDate.Date(moved.which).label.lower()
        yield Notice(
            alliance=facts.alliance,
            area=area,
            what=f"{milestone.name} ({which} date)",
            on=moved.to_on,
            was=moved.from_on,
            is_move=True,
            is_mine=area is not None and area.owner_id == user.pk,
            why=moved.reason,
            who=each.who,
            pounds=each.pounds,
            url=reverse("money-change", args=[facts.alliance.code, each.number]),
        )


def _silent(facts: Facts, user: User | AnonymousUser) -> Iterator[Notice]:
    for each in facts.counted:
        if silence.is_silent(each.area.stage, each.updated_on, facts.day):
            yield Notice(
                alliance=facts.alliance,
                area=each.area,
                what=silence.words(each.updated_on, facts.day),
                on=each.updated_on,
                is_mine=each.area.owner_id is not None and each.area.owner_id == user.pk,
            )


def _behind(alliance: Alliance, areas: int) -> Notice:
    what = "1 area’s shares are" if areas == 1 else f"{areas:,} areas’ shares are"
    return Notice(alliance, None, f"{what} being worked out again")


def _order(notice: Notice) -> tuple[bool, date, str]:
    return not notice.is_mine, notice.on or date.min, notice.area.name if notice.area else ""
