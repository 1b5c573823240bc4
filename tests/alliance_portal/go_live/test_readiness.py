"""What an area needs before it goes live: each item met, missing or said not to apply."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance_portal.go_live.readiness import readiness_of, readiness_of_areas
from business_areas.models import DesignStrand, Milestone, NotApplicable, Staffing
from business_areas.readiness import Need, Readiness
from savings.models import Amount
from tests import factories
from tests.alliance_portal.go_live.ready import TODAY, Ready

pytestmark = pytest.mark.django_db

NEXT_MONTH = date(2017, 3, 1)


def of(ready: Ready, day: date = TODAY) -> Readiness:
    found = readiness_of(ready.scene.alliance, day, "fleet")
    assert found
    return found


def need(ready: Ready, item: str) -> Need:
    return next(each for each in of(ready).needs if each.item == item)


def test_everything_is_in_place_in_the_order_of_the_page(ready: Ready) -> None:
    found = of(ready)

    steps = {"CONSULTATION", "DECISION"}  # only of areas that have such milestones
    assert [each.item for each in found.needs] == [
        item for item in NotApplicable.Item.values if item not in steps
    ]
    assert [each.words for each in found.needs] == [
        "approved for 1 April 2017",
        "in place",
        "in place",
        "in place",
        "16.5 full-time equivalents in the shared team",
        "every item has its approved amount",
    ]
    assert (found.missing, found.brief) == ((), "6 of 6 ready")


def test_a_date_is_approved_or_it_is_missing(ready: Ready) -> None:
    Milestone.objects.update(approved_on=None)

    assert need(ready, "APPROVED_DATE").words == "its go-live date is not approved"
    assert of(ready).brief == "5 of 6 ready"


def test_consultation_and_decision_count_where_the_area_has_them(ready: Ready) -> None:
    of_fleet = {"area": ready.scene.fleet, "forecast_on": TODAY}
    staff = factories.milestone(kind="CONSULTATION", name="Staff", code="a", **of_fleet)
    factories.milestone(kind="CONSULTATION", name="Unions", code="b", **of_fleet)
    factories.milestone(kind="DECISION", name="Board", actual_on=date(2017, 1, 2), **of_fleet)

    assert need(ready, "CONSULTATION").words == "“Staff” and “Unions” are not complete"
    assert need(ready, "DECISION").words == "taken on 2 January 2017"
    assert of(ready).brief == "7 of 8 ready"
    assert [each.item for each in of(ready).needs][1:3] == ["CONSULTATION", "DECISION"]
    Milestone.objects.filter(kind="CONSULTATION").update(actual_on=date(2017, 1, 3))
    assert need(ready, "CONSULTATION").words == "complete on 3 January 2017"
    Milestone.objects.filter(pk=staff.pk).update(actual_on=date(2030, 1, 1))
    assert need(ready, "CONSULTATION").words == "“Staff” is not complete"


@pytest.mark.parametrize(
    ("strand", "status", "words"),
    [
        ("STRUCTURE", "NOT_STARTED", "work on organisation structure has not started"),
        ("PROCESSES", "IN_DESIGN", "processes are still in design"),
        ("TECHNOLOGY", "AGREED", "technology is agreed but not in place"),
    ],
)
def test_a_strand_is_in_place_and_nothing_less(
    ready: Ready, strand: str, status: str, words: str
) -> None:
    DesignStrand.objects.filter(strand=strand).update(status=status)

    assert need(ready, strand).is_missing
    assert need(ready, strand).words == words


def test_a_strand_that_nobody_recorded_has_not_started(ready: Ready) -> None:
    DesignStrand.objects.filter(strand="TECHNOLOGY").delete()

    assert need(ready, "TECHNOLOGY").words == "work on technology has not started"


def test_people_are_in_post_when_each_force_that_shares_the_area_has_a_number(
    ready: Ready,
) -> None:
    Staffing.objects.filter(force=ready.scene.east).update(shared_fte=None)
    Staffing.objects.filter(force=ready.scene.south).delete()
    assert need(ready, "PEOPLE").words == "no people of South Police and East Police are on record"

    for force in (ready.scene.north, ready.scene.south):
        factories.area_membership(area=ready.scene.fleet, force=force)
    assert need(ready, "PEOPLE").words == "no people of South Police are on record"

    factories.staffing(
        area=ready.scene.fleet, force=ready.scene.south, as_at=NEXT_MONTH, shared_fte=4
    )
    assert need(ready, "PEOPLE").is_missing, "a count of a day to come is a plan"
    assert not of(ready, NEXT_MONTH).missing


def test_the_latest_count_is_the_one_that_counts(ready: Ready) -> None:
    for force in ready.scene.forces:
        factories.staffing(area=ready.scene.fleet, force=force, as_at=TODAY, shared_fte=0)

    assert need(ready, "PEOPLE").words == "nobody is on record in the shared team"


def test_money_is_approved_when_each_item_with_a_forecast_has_an_approved_amount(
    ready: Ready,
) -> None:
    approved = Amount.objects.filter(version="APPROVED")
    approved.filter(item__code="posts").delete()
    assert need(ready, "MONEY").words == "no amount is approved for “Posts”"

    approved.delete()
    assert need(ready, "MONEY").words == "no money is approved"


def test_what_is_marked_does_not_stand_in_the_way_and_does_not_count(ready: Ready) -> None:
    DesignStrand.objects.update(status="AGREED")
    NotApplicable.objects.create(
        alliance=ready.scene.alliance, area=ready.scene.fleet, item="TECHNOLOGY",
        reason="Later", said_by=ready.alice,
    )  # fmt: skip

    found = of(ready)

    assert [each.item for each in found.missing] == ["STRUCTURE", "PROCESSES"]
    assert found.brief == "3 of 5 ready"
    mark = need(ready, "TECHNOLOGY").mark
    assert mark
    assert (mark.reason, mark.who) == ("Later", "Alice")


def test_one_query_answers_for_one_area_and_for_many(ready: Ready) -> None:
    for n in range(30):
        area = ready.scene.area(f"area-{n}")
        factories.milestone(area=area)
        factories.design_strand(area=area, status="IN_PLACE")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = readiness_of_areas(ready.scene.alliance, TODAY)

    assert len(queries) == 1
    assert len(found) == 31
    assert found[ready.scene.fleet.pk].brief == "6 of 6 ready"
    assert sum(each.brief == "1 of 6 ready" for each in found.values()) == 30
