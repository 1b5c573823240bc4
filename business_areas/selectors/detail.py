"""One area as its page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from business_areas.lateness import Slippage, promise_kept
from business_areas.models import AreaMembership, BusinessArea, DesignStrand, Milestone, Staffing
from programmes.models import Force, Membership

_STRANDS = tuple(DesignStrand.Strand.values)


@dataclass(frozen=True)
class People:
    """One force's people in an area: before, and in the shared team, on the latest day on record."""

    force: Force
    as_at: date
    baseline_fte: Decimal | None
    shared_fte: Decimal | None


@dataclass(frozen=True)
class AreaDetail:
    """Everything that an area's page shows apart from its money; `staffing` has every row of `people`."""

    area: BusinessArea
    forces: tuple[Force, ...]
    every_force: tuple[Force, ...]
    shared_by_all: bool
    stays: tuple[AreaMembership, ...]
    staffing: tuple[Staffing, ...]
    people: tuple[People, ...]
    strands: tuple[DesignStrand, ...]
    milestones: tuple[tuple[Milestone, Slippage | None], ...]

    @property
    def places(self) -> int:
        """The decimals at which all numbers of people align."""
        figures = [fte for row in self.people for fte in (row.baseline_fte, row.shared_fte) if fte]
        exponents = (figure.normalize().as_tuple().exponent for figure in figures)
        return max((-each for each in exponents if isinstance(each, int) and each < 0), default=0)

    @property
    def baseline_fte(self) -> Decimal:
        """People before, all forces."""
        return sum((row.baseline_fte or Decimal(0) for row in self.people), Decimal(0))

    @property
    def shared_fte(self) -> Decimal:
        """People in the shared team, all forces."""
        return sum((row.shared_fte or Decimal(0) for row in self.people), Decimal(0))


def area_detail(area: BusinessArea, day: date) -> AreaDetail:
    """One area as at `day`: its members, people, design and milestones. Five queries."""
    staying = Membership.objects.filter(force=OuterRef("pk")).on(day)
    forces = {
        force.pk: force
        for force in Force.objects.filter(alliance_id=area.alliance_id)
        .annotate(is_member=Exists(staying))
        .order_by("position")
    }
    in_alliance = {pk for pk, force in forces.items() if force.is_member}
    stays = tuple(area.memberships.select_related("force").order_by("force__position"))
    sharing = in_alliance & _staying(stays, day) if stays else in_alliance
    staffing = tuple(area.staffing.order_by("force__position"))
    return AreaDetail(
        area=area,
        forces=tuple(force for pk, force in forces.items() if pk in sharing),
        every_force=tuple(forces.values()),
        shared_by_all=not stays,
        stays=stays,
        staffing=staffing,
        people=latest_people(staffing, forces),
        strands=tuple(sorted(area.design.all(), key=lambda strand: _STRANDS.index(strand.strand))),
        milestones=tuple(
            (milestone, promise_kept(milestone))
            for milestone in sorted(
                area.milestones.all(), key=lambda found: (found.expected_on or date.max, found.code)
            )
        ),
    )


def latest_people(rows: Iterable[Staffing], forces: Mapping[int, Force]) -> tuple[People, ...]:
    """Each force's latest row, in the agreed order: dated rows replace, and never add to, each other."""
    latest = {row.force_id: row for row in sorted(rows, key=lambda found: found.as_at)}
    return tuple(
        People(force, last.as_at, last.baseline_fte, last.shared_fte)
        for pk, force in forces.items()
        if (last := latest.get(pk)) is not None
    )


def _staying(stays: Iterable[AreaMembership], day: date) -> set[int]:
    return {
        stay.force_id
        for stay in stays
        if (stay.joined_on is None or stay.joined_on <= day)
        and (stay.left_on is None or day < stay.left_on)
    }
