"""What the home page and an alliance's overview say: answers that need all three apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from alliance_portal.templatetags.portal import pounds_short
from business_areas.models import BusinessArea, Milestone, Staffing
from programmes.models import Alliance, Force, Gate, Membership, User
from programmes.permissions import visible_alliances
from savings.selectors.apportioned import Apportioned, apportioned


@dataclass(frozen=True)
class AllianceLine:
    """An alliance on the home page."""

    alliance: Alliance
    forces: tuple[str, ...]
    areas: int
    live: int
    next_go_live: Milestone | None


@dataclass(frozen=True)
class Overview:
    """An alliance as at a day. `savings` is the forecast by force and year."""

    members: tuple[tuple[Force, Membership], ...]
    gates: tuple[Gate, ...]
    areas: int
    live: tuple[BusinessArea, ...]
    next_go_lives: tuple[Milestone, ...]
    shared_people: Decimal
    savings: Apportioned
    in_scope_pence: int | None
    budget_pence: int | None

    @property
    def of_areas(self) -> str:
        """What the number of live areas is out of."""
        return f"of {self.areas}"

    @property
    def people_shown(self) -> str:
        """Officers and staff in shared teams of live areas, to the whole person."""
        return f"{round(self.shared_people):,}"

    @property
    def in_scope(self) -> str:
        """The budget in scope, or a dash where none is published."""
        return pounds_short(self.in_scope_pence, "Not known")

    @property
    def in_scope_note(self) -> str:
        """The share of the forces' budgets that is in scope."""
        if not self.in_scope_pence or not self.budget_pence:
            return "No budget is published"
        part = Decimal(self.in_scope_pence) / self.budget_pence * 100
        return f"{part:.1f}% of {pounds_short(self.budget_pence)} combined budgets"

    @property
    def savings_label(self) -> str:
        """Which year's savings the headline is of."""
        return f"Savings in {self.savings.year} to {self.savings.year + 1}"

    @property
    def savings_shown(self) -> str:
        """The year's forecast savings."""
        return pounds_short(self.savings.total.total)


def my_alliances(user: User | AnonymousUser) -> list[AllianceLine]:
    """The alliances that the user may see, by name. Three queries."""
    alliances = list(
        visible_alliances(user)
        .annotate(
            area_count=Count("areas", distinct=True),
            live_count=Count(
                "areas", filter=Q(areas__stage=BusinessArea.Stage.LIVE), distinct=True
            ),
        )
        .order_by("name")
    )
    forces: dict[int, list[str]] = {}
    for alliance_id, force in (
        Force.objects.filter(alliance__in=alliances)
        .order_by("position")
        .values_list("alliance_id", "name")
    ):
        forces.setdefault(alliance_id, []).append(force)
    coming: dict[int, Milestone] = {}
    for milestone in _to_come(Milestone.objects.filter(alliance__in=alliances)):
        coming.setdefault(milestone.alliance_id, milestone)
    return [
        AllianceLine(
            alliance=alliance,
            forces=tuple(forces.get(alliance.pk, ())),
            areas=alliance.area_count,
            live=alliance.live_count,
            next_go_live=coming.get(alliance.pk),
        )
        for alliance in alliances
    ]


def overview(alliance: Alliance, day: date) -> Overview:
    """The alliance as at `day`. Nine queries, however many areas."""
    members = Membership.objects.filter(alliance=alliance).on(day).select_related("force")
    areas = list(BusinessArea.objects.filter(alliance=alliance).in_order())
    live = tuple(area for area in areas if area.stage == BusinessArea.Stage.LIVE)
    milestones = Milestone.objects.filter(alliance=alliance)
    return Overview(
        members=tuple((stay.force, stay) for stay in members.order_by("force__position")),
        gates=tuple(Gate.objects.filter(alliance=alliance).order_by("order")),
        areas=len(areas),
        live=live,
        next_go_lives=tuple(_to_come(milestones))[:6],
        shared_people=_shared_people(live),
        savings=apportioned(
            alliance=alliance, version="FORECAST", view="saving", year=None, today=day
        ),
        in_scope_pence=alliance.in_scope_budget_pence,
        budget_pence=alliance.total_budget_pence,
    )


def _to_come(milestones: QuerySet[Milestone]) -> list[Milestone]:
    """Go-lives that have not happened, soonest first; those without a date last."""
    found = milestones.filter(
        kind=Milestone.Kind.GO_LIVE,
        actual_on__isnull=True,
        area__stage__in=_STILL_TO_GO_LIVE,
    ).select_related("area")
    return sorted(found, key=lambda milestone: (milestone.expected_on or date.max, milestone.name))


_STILL_TO_GO_LIVE = [
    BusinessArea.Stage.PROPOSED,
    BusinessArea.Stage.BUSINESS_CASE,
    BusinessArea.Stage.DESIGN,
    BusinessArea.Stage.CONSULTATION,
    BusinessArea.Stage.IMPLEMENTATION,
]


def _shared_people(live: Iterable[BusinessArea]) -> Decimal:
    """People in the shared teams of live areas, FTE: the latest row of each area and force."""
    latest = (
        Staffing.objects.filter(area__in=live)
        .order_by("area_id", "force_id", "-as_at")
        .distinct("area_id", "force_id")
    )
    return sum((row.shared_fte or Decimal(0) for row in latest), Decimal(0))
