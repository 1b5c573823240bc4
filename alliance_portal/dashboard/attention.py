"""What needs a user's attention in the alliances of the home page, by kind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from alliance_portal.as_at.facts import Facts
from alliance_portal.dashboard.deciding import asked_for
from alliance_portal.dashboard.moved import OfOthers
from business_areas import silence
from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.statuses import TO_GO_LIVE
from programmes import words
from programmes.models import Alliance, User
from programmes.permissions import Action, where_one_may
from savings.selectors.sizes_due import sizes_due

DUE_DAYS = 30
_SHOWN = 8
_SHOW = {"Overdue": "overdue", "No update for 30 days": "quiet"}


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


def attention(
    facts: Mapping[int, Facts],
    moved: Mapping[int, Sequence[OfOthers]],
    waiting: Mapping[int, int],
    user: User | AnonymousUser,
) -> tuple[Group, ...]:
    """The kinds of which there is a notice, in these alliances (by their ids).

    `moved` are dates that others moved; `waiting` in how many areas shares are behind. Three queries.
    """
    groups = (
        ("Waits for your answer", list(_asked(facts.values(), user))),
        ("Sizes are due", list(_sizes_due(facts.values(), user))),
        ("Overdue", [each for one in facts.values() for each in _overdue(one, user)]),
        ("Due in 30 days", [each for one in facts.values() for each in _due(one, user)]),
        ("Moved by others", [each for pk, one in facts.items() for each in _moved(one, moved[pk], user)]),
        ("No update for 30 days", [each for one in facts.values() for each in _silent(one, user)]),
        ("Shares behind", [_behind(one.alliance, waiting[pk]) for pk, one in facts.items() if pk in waiting]),
    )  # fmt: skip
    return tuple(
        Group(title, tuple(sorted(notices, key=_order)), _SHOW.get(title, ""))
        for title, notices in groups
        if notices
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


def _sizes_due(facts: Iterable[Facts], user: User | AnonymousUser) -> Iterator[Notice]:
    """Counts of every year that have not come, for those who may record them."""
    known = {one.alliance.pk: one for one in facts}
    due = sizes_due({pk: one.day for pk, one in known.items()})
    if not due or not isinstance(user, User):
        return
    mine = set(where_one_may(user, Action.RECORD_SIZES).values_list("pk", flat=True))
    for pk in mine & due.keys():
        for each in due[pk]:
            code = known[pk].alliance.code
            grid = reverse("money-sizes-grid", args=[code, each.measure_id])
            whose = f" of {', '.join(each.forces)}" if each.forces else ""
            yield Notice(
                alliance=known[pk].alliance,
                area=None,
                what=f"{each.measure}: the counts of {words.day(each.on)}{whose} are due",
                on=each.on,
                url=f"{grid}?also={each.on.isoformat()}",
            )


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
