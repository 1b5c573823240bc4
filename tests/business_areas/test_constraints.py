"""What the database itself refuses about areas, their members, people, design, milestones and RAID."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model

from business_areas.models import (
    ApprovalRequest,
    AreaMembership,
    BusinessArea,
    Dependency,
    DesignStrand,
    Milestone,
    MovedDate,
    NotApplicable,
    Outlook,
    RaidItem,
    Staffing,
    StatusOverride,
)
from tests import factories
from tests.refusals import Refusals, refused
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

database = Refusals("business_areas")

MARCH = date(2016, 3, 1)
APRIL = date(2016, 4, 1)


@pytest.fixture
def scene() -> Scene:
    return a_scene()


@pytest.fixture
def go_live(scene: Scene) -> Milestone:
    return Milestone.objects.create(
        alliance=scene.alliance,
        area=scene.fleet,
        code="go-live",
        name="Go-live",
        kind="GO_LIVE",
        baseline_on=APRIL,
    )


def an_entry(scene: Scene, **fields: object) -> RaidItem:
    given = {"code": "r1", "kind": "RISK", "title": "Too few vans", **fields}
    return RaidItem(alliance=scene.alliance, **given)


def test_every_constraint_and_trigger_has_a_test() -> None:
    assert database.promised() == database.shown


@database.by("area_code_once", says="The alliance already has an area with this code.")
def test_an_area_has_a_code_of_its_own(scene: Scene) -> Model:
    return BusinessArea(
        alliance=scene.alliance, code="fleet", name="Cars", category="BUSINESS_SUPPORT"
    )


@database.by("area_budget_not_negative", says="A budget cannot be negative.")
def test_an_areas_budget_is_not_negative(scene: Scene) -> Model:
    scene.fleet.in_scope_budget_pence = -1
    return scene.fleet


@database.by("area_category_known", says="Value 'OTHER' is not a valid choice.")
def test_an_areas_category_is_one_of_two(scene: Scene) -> Model:
    scene.fleet.category = "OTHER"
    return scene.fleet


@database.by("area_stage_known", says="Value 'ASLEEP' is not a valid choice.")
def test_an_areas_stage_is_one_of_those_there_are(scene: Scene) -> Model:
    scene.fleet.stage = "ASLEEP"
    return scene.fleet


@database.by(
    "area_membership_ends_after_it_starts", says="The leaving date must be after the joining date."
)
def test_a_force_does_not_leave_an_area_before_it_joins(scene: Scene) -> Model:
    return AreaMembership(
        alliance=scene.alliance,
        area=scene.fleet,
        force=scene.north,
        joined_on=APRIL,
        left_on=MARCH,
    )


@database.by(
    "area_membership_no_overlap",
    says="The force already shares this area on some of these days.",
)
def test_a_force_is_not_twice_in_an_area_on_one_day(scene: Scene) -> Model:
    AreaMembership.objects.create(alliance=scene.alliance, area=scene.fleet, force=scene.north)
    return AreaMembership(
        alliance=scene.alliance, area=scene.fleet, force=scene.north, joined_on=APRIL
    )


def test_a_force_may_be_in_two_areas_on_one_day(scene: Scene) -> None:
    for area in (scene.fleet, scene.area("dogs")):
        AreaMembership.objects.create(alliance=scene.alliance, area=area, force=scene.north)


def people(scene: Scene, **fields: object) -> Staffing:
    return Staffing(
        alliance=scene.alliance, area=scene.fleet, force=scene.north, as_at=APRIL, **fields
    )


@database.by("staffing_once", says="The people of this force on this day are already recorded.")
def test_a_forces_people_are_recorded_once_a_day(scene: Scene) -> Model:
    people(scene, baseline_fte=5).save()
    return people(scene, baseline_fte=6)


@database.by("staffing_not_negative", says="A number of people cannot be negative.")
def test_a_number_of_people_is_not_negative(scene: Scene) -> Model:
    return people(scene, shared_fte=-1)


@database.by("design_strand_once", says="The area already has this strand.")
def test_an_area_has_each_strand_of_design_once(scene: Scene) -> Model:
    strand = {"alliance": scene.alliance, "area": scene.fleet, "strand": "PROCESSES"}
    DesignStrand.objects.create(**strand)
    return DesignStrand(**strand)


@database.by("design_strand_known", says="Value 'POETRY' is not a valid choice.")
def test_a_strand_of_design_is_one_of_three(scene: Scene) -> Model:
    return DesignStrand(alliance=scene.alliance, area=scene.fleet, strand="POETRY")


@database.by("milestone_code_once", says="The area already has a milestone with this code.")
def test_a_milestone_of_the_programme_has_a_code_of_its_own(scene: Scene) -> Model:
    milestone = {"alliance": scene.alliance, "code": "vote", "name": "Vote", "kind": "DECISION"}
    Milestone.objects.create(**milestone)
    return Milestone(**milestone)


@database.by("one_go_live_per_area", says="The area already has its go-live milestone.")
def test_an_area_goes_live_once(scene: Scene, go_live: Milestone) -> Model:
    return Milestone(
        alliance=scene.alliance, area=scene.fleet, code="again", name="Again", kind="GO_LIVE"
    )


@database.by("milestone_kind_known", says="Value 'PARTY' is not a valid choice.")
def test_a_milestones_kind_is_one_of_those_there_are(go_live: Milestone) -> Model:
    go_live.kind = "PARTY"
    return go_live


@database.by_trigger("Milestone.baseline_stays")
@pytest.mark.parametrize("other", [MARCH, None])
def test_a_milestones_baseline_is_neither_moved_nor_taken_away(
    go_live: Milestone, other: date | None
) -> None:
    with refused("baseline_stays"):
        Milestone.objects.filter(pk=go_live.pk).update(baseline_on=other)


def test_a_baseline_that_was_never_set_may_be_set_once(scene: Scene) -> None:
    vote = Milestone.objects.create(
        alliance=scene.alliance, code="vote", name="Vote", kind="DECISION"
    )
    Milestone.objects.filter(pk=vote.pk).update(baseline_on=MARCH)
    with refused("baseline_stays"):
        Milestone.objects.filter(pk=vote.pk).update(baseline_on=APRIL)


@database.by("moved_date_moves", says="The new date is the same as the old one.")
def test_a_moved_date_moves(scene: Scene, go_live: Milestone) -> Model:
    change = factories.change(alliance=scene.alliance)
    dates = {"from_on": MARCH, "to_on": MARCH}
    return MovedDate(change=change, milestone=go_live, which="FORECAST", **dates)


@database.by("moved_date_once", says="The change has moved this date already.")
def test_a_change_moves_a_date_once(go_live: Milestone) -> Model:
    moved = factories.moved_date(milestone=go_live)
    return MovedDate(
        change=moved.change, milestone=go_live, which=moved.which, from_on=MARCH, to_on=APRIL
    )


@database.by_trigger("MovedDate.never_edited")
def test_a_moved_date_on_record_is_never_edited(go_live: Milestone) -> None:
    moved = factories.moved_date(milestone=go_live)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        MovedDate.objects.filter(pk=moved.pk).update(to_on=MARCH)


@database.by("dependency_once", says="This dependency is already recorded.")
def test_a_dependency_is_recorded_once(scene: Scene, go_live: Milestone) -> Model:
    vote = Milestone.objects.create(
        alliance=scene.alliance, code="vote", name="Vote", kind="DECISION"
    )
    waits = {"alliance": scene.alliance, "milestone": go_live, "provider": vote}
    Dependency.objects.create(**waits)
    return Dependency(**waits)


@database.by("dependency_not_on_itself", says="A milestone cannot wait for itself.")
def test_a_milestone_does_not_wait_for_itself(scene: Scene, go_live: Milestone) -> Model:
    return Dependency(alliance=scene.alliance, milestone=go_live, provider=go_live)


@database.by("raid_code_once", says="The register already has an entry with this code.")
def test_an_entry_of_the_register_has_a_code_of_its_own(scene: Scene) -> Model:
    an_entry(scene).save()
    return an_entry(scene)


@database.by("raid_likelihood_1_to_5", says="Likelihood is a number from 1 to 5.")
def test_likelihood_is_from_1_to_5(scene: Scene) -> Model:
    return an_entry(scene, likelihood=6)


@database.by("raid_impact_1_to_5", says="Impact is a number from 1 to 5.")
def test_impact_is_from_1_to_5(scene: Scene) -> Model:
    return an_entry(scene, impact=0)


@database.by(
    "raid_closed_after_raised",
    says=f"{MARCH:%-d %B %Y} is before raised, {APRIL:%-d %B %Y}.",
)
def test_an_entry_is_not_closed_before_it_was_raised(scene: Scene) -> Model:
    return an_entry(scene, raised_on=APRIL, closed_on=MARCH)


@database.by("raid_kind_known", says="Value 'RUMOUR' is not a valid choice.")
def test_an_entrys_kind_is_one_of_those_there_are(scene: Scene) -> Model:
    return an_entry(scene, kind="RUMOUR")


@database.by("area_on_hold_says_why", says="Say why the area is on hold.")
def test_an_area_on_hold_says_why(scene: Scene) -> Model:
    scene.fleet.on_hold_since = APRIL
    return scene.fleet


def not_applicable(scene: Scene, **fields: object) -> NotApplicable:
    given = {"area": scene.fleet, "item": "TECHNOLOGY", "reason": "It has none.", **fields}
    return NotApplicable(alliance=scene.alliance, **given)


@database.by("not_applicable_once", says="This item is already marked as not applicable.")
def test_an_item_of_readiness_is_marked_once(scene: Scene) -> Model:
    not_applicable(scene).save()
    return not_applicable(scene)


@database.by("not_applicable_says_why", says="This field cannot be blank.")
def test_an_item_of_readiness_that_does_not_apply_says_why(scene: Scene) -> Model:
    return not_applicable(scene, reason="")


def an_override(scene: Scene, **fields: object) -> StatusOverride:
    given = {
        "area": scene.fleet,
        "strand": "BUDGET",
        "rating": "RED",
        "reason": "The grant is late.",
        "made_on": APRIL,
        "until_on": APRIL,
        **fields,
    }
    return StatusOverride(alliance=scene.alliance, **given)


@database.by("override_known", says="Value 'PINK' is not a valid choice.")
def test_an_overrides_rating_is_one_of_those_there_are(scene: Scene) -> Model:
    return an_override(scene, rating="PINK")


@database.by("override_says_why", says="This field cannot be blank.")
def test_an_override_says_why(scene: Scene) -> Model:
    return an_override(scene, reason="")


@database.by(
    "override_ends_after_it_starts", says="The end date must not be before the day it is set."
)
def test_an_override_does_not_end_before_it_starts(scene: Scene) -> Model:
    return an_override(scene, until_on=MARCH)


@database.by("outlook_known", says="Value 'SIDEWAYS' is not a valid choice.")
def test_a_forward_looks_direction_is_one_of_three(scene: Scene) -> Model:
    return Outlook(
        alliance=scene.alliance,
        area=scene.fleet,
        strand="BUDGET",
        direction="SIDEWAYS",
        said_on=APRIL,
    )


@database.by("one_outlook_a_day", says="A forward look is on record for this day; change that one.")
def test_a_day_has_one_forward_look_at_a_programmes_status(scene: Scene) -> Model:
    said = {"alliance": scene.alliance, "strand": "BUDGET", "direction": "STEADY", "said_on": APRIL}
    Outlook.objects.create(**said)
    return Outlook(**said)


def a_request(go_live: Milestone, **fields: object) -> ApprovalRequest:
    given = {
        "alliance": go_live.alliance,
        "area": go_live.area,
        "milestone": go_live,
        "to_on": MARCH,
        "reason": "The supplier is late.",
        "asked_on": APRIL,
        "asked_by": fields.pop("asked_by", None) or factories.user(),
        **fields,
    }
    return ApprovalRequest(**given)


@database.by("one_waiting_request", says="Another approved date waits for an answer already.")
def test_a_milestone_has_one_request_that_waits(go_live: Milestone) -> Model:
    a_request(go_live).save()
    return a_request(go_live)


@database.by("request_state_known", says="Value 'LOST' is not a valid choice.")
def test_a_request_is_in_one_of_four_states(go_live: Milestone) -> Model:
    return a_request(go_live, state="LOST")


@database.by("request_says_why", says="This field cannot be blank.")
def test_a_request_says_why(go_live: Milestone) -> Model:
    return a_request(go_live, reason="")


@database.by("refusal_says_why", says="Enter why the date is refused.")
def test_a_refusal_says_why(go_live: Milestone) -> Model:
    return a_request(go_live, state="REFUSED", answered_by=factories.user())


@database.by("a_second_person_agrees", says="Somebody else has to agree to the date.")
def test_nobody_agrees_to_what_he_asked_for(go_live: Milestone) -> Model:
    asker = factories.user()
    return a_request(go_live, state="AGREED", asked_by=asker, answered_by=asker)
