"""The home page: every alliance of the user's side by side, and what needs their attention."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count

from alliance_portal.as_at.assess import Assessment, assess
from alliance_portal.as_at.budget import read_plans
from alliance_portal.as_at.facts import Facts, read_facts
from alliance_portal.dashboard.attention import Group, attention
from alliance_portal.dashboard.moved import moved_by_others
from business_areas.models import Milestone
from programmes.models import Alliance, Force, User
from programmes.permissions import visible_alliances
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

PER_PAGE = 10


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
class Home:
    """Everything on the page: `page` of the user's alliances, and what needs attention in those."""

    page: Page[Alliance]
    alliances: tuple[AllianceLine, ...]
    attention: tuple[Group, ...]


def home(user: User | AnonymousUser, number: str = "") -> Home:
    """A page of the alliances that the user may see, by name, and what needs attention in them.

    Fifteen queries at most, and the work of PER_PAGE alliances at most, however many there are.
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
    return Home(
        page=page,
        alliances=lines,
        attention=attention(facts, moved, waiting, user),
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


def _waiting(ids: list[int]) -> Mapping[int, int]:
    rows = RecomputeRequest.objects.filter(alliance__in=ids).values("alliance_id")
    return dict(rows.annotate(n=Count("area_id", distinct=True)).values_list("alliance_id", "n"))
