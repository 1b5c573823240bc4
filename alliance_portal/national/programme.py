"""An invented alliance's programme: milestones, people and design."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from alliance_portal.national.alliance import FROM, HELD_ON, Structure
from business_areas.models import BusinessArea, DesignStrand, Milestone, Staffing
from savings.engine.periods import add_months

# Of five areas three are live, as `alliance.STAGES` has them; the others are still to come.
_FIRST_COMING = date(2019, 11, 1)
_STEPS = (
    ("business-case", "Business case approved", Milestone.Kind.BUSINESS_CASE, -9),
    ("consultation", "Consultation closed", Milestone.Kind.CONSULTATION, -5),
    ("review", "Review", Milestone.Kind.REVIEW, 12),
)


def make_programme(structure: Structure) -> tuple[Milestone, ...]:
    """Write what the programme's pages show of each area; the go-lives, in the areas' order.

    Four milestones an area; every go-live that is still to come is later than approved, and every third
    of the others; a strand of each kind; and the people of each force on one day. No share depends on
    it. It is put in as it stands, so no date of it has moved on record.
    """
    go_lives = [_go_live(area, place) for place, area in enumerate(structure.areas)]
    steps = [_step(go_live, step) for go_live in go_lives for step in _STEPS]
    milestones = Milestone.objects.bulk_create([*go_lives, *steps])
    DesignStrand.objects.bulk_create(
        DesignStrand(alliance=area.alliance, area=area, strand=strand, status="AGREED")
        for area in structure.areas
        for strand in DesignStrand.Strand.values
    )
    Staffing.objects.bulk_create(_people(structure), batch_size=2000)
    return tuple(milestones[: len(go_lives)])


def _go_live(area: BusinessArea, place: int) -> Milestone:
    is_live = area.stage == BusinessArea.Stage.LIVE
    if is_live:
        planned, later = add_months(FROM, 12 + place), 3 if place % 3 == 0 else 0
    else:
        planned, later = add_months(_FIRST_COMING, place % 5), 6 + place % 12
    return Milestone(
        alliance=area.alliance,
        area=area,
        code="go-live",
        name="Go live",
        kind=Milestone.Kind.GO_LIVE,
        baseline_on=planned,
        approved_on=planned,
        forecast_on=add_months(planned, later),
        actual_on=min(add_months(planned, later), HELD_ON) if is_live else None,
    )


def _step(go_live: Milestone, step: tuple[str, str, str, int]) -> Milestone:
    code, name, kind, months = step
    assert go_live.approved_on
    planned = add_months(go_live.approved_on, months)
    return Milestone(
        alliance=go_live.alliance,
        area=go_live.area,
        code=code,
        name=name,
        kind=kind,
        baseline_on=planned,
        approved_on=planned,
        forecast_on=planned,
        actual_on=planned if planned <= HELD_ON else None,
    )


def _people(structure: Structure) -> Sequence[Staffing]:
    return [
        Staffing(
            alliance=structure.alliance,
            area=area,
            force=force,
            as_at=FROM,
            baseline_fte=Decimal(10 + place),
            shared_fte=Decimal(9 + place),
        )
        for area in structure.areas
        for place, force in enumerate(structure.forces)
    ]
