"""What becomes of a withdrawn area: shown before, done once, and undone where it can be."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from alliance_portal.areas.withdrawal import preview_withdrawal, withdraw
from business_areas.models import BusinessArea
from business_areas.services.areas import change_area
from programmes.models import User
from programmes.recorded import StaleEdit
from savings.models import Amount
from savings.services import derive_forecasts
from tests import factories
from tests.business_areas.conftest import manager, signed_in
from tests.saving import saved
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db
TODAY = date(2017, 12, 15)


@pytest.fixture
def scene(db: None) -> Scene:
    """Fleet in design, with a plan, a derived and a typed forecast."""
    scene = a_scene()
    scene.alliance.held_on, scene.alliance.target_on = TODAY, date(2019, 3, 31)
    scene.alliance.save()
    go_live = factories.milestone(area=scene.fleet, forecast_on=date(2018, 4, 1))
    factories.milestone(
        area=scene.fleet, kind="OTHER", actual_on=date(2016, 4, 1), name="Case approved"
    )
    saving = scene.item("posts", "SAVING")
    saving.milestone, saving.full_year_pence, saving.ramp = go_live, 1_200_000, [100]
    saving.save()
    scene.amount(scene.item("move"), 50_001, date(2018, 1, 1), "FORECAST")
    scene.amount(scene.item("study"), 700, date(2017, 5, 1), "FORECAST")
    scene.amount(saving, 999_900, 2018)
    derive_forecasts(alliance=scene.alliance)
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    return manager(scene.alliance, name="Alice Archer")


def forecast() -> int:
    return sum(Amount.objects.filter(version="FORECAST").values_list("pence", flat=True))


def test_the_preview_is_what_leaves_the_forecast_by_force_and_year(scene: Scene) -> None:
    before = preview_withdrawal(scene.fleet, TODAY)

    assert [milestone.expected_on for milestone in before.open_milestones] == [date(2018, 4, 1)]
    assert before.reached == 1
    assert {year.year: year.total for year in before.effect.years()} == {
        2017: 50_001,
        2018: -1_200_000,
    }
    assert before.typed == 1
    assert [(kept.version, kept.savings, kept.costs) for kept in before.kept] == [
        ("Approved", 999_900, 0)
    ]


def test_the_preview_leaves_the_typed_forecast_of_other_areas_where_it_is(scene: Scene) -> None:
    before = preview_withdrawal(scene.fleet, TODAY)
    dogs = scene.item("kennels", "SAVING", scene.area("dogs"))
    scene.amount(dogs, 12_345, date(2018, 2, 1), "FORECAST")

    beside = preview_withdrawal(scene.fleet, TODAY)

    assert beside.effect.cells == before.effect.cells
    assert beside.typed == before.typed == 1


def test_withdrawing_takes_exactly_that_away_and_keeps_plan_actuals_and_the_past(
    scene: Scene, alice: User
) -> None:
    withdraw(area=scene.fleet, reason="Not viable", by=alice, day=TODAY, seen_revision=None)
    withdraw(area=scene.fleet, reason="Again", by=alice, day=TODAY, seen_revision=1)

    assert forecast() == 700
    assert Amount.objects.get(version="APPROVED").pence == 999_900
    assert BusinessArea.objects.get(code="fleet").stage == "WITHDRAWN"


def test_brought_back_its_forecast_from_dates_returns(scene: Scene, alice: User) -> None:
    area = withdraw(area=scene.fleet, reason="No", by=alice, day=TODAY, seen_revision=None)

    change_area(area=area, values={"stage": "DESIGN"}, by=alice, day=TODAY)

    assert forecast() == 700 + 1_200_000


def test_what_changed_after_it_was_shown_is_not_withdrawn(scene: Scene, alice: User) -> None:
    seen = scene.fleet.revision
    BusinessArea.objects.update(head="Someone")

    with pytest.raises(StaleEdit):
        withdraw(area=scene.fleet, reason="No", by=alice, day=TODAY, seen_revision=seen)


def test_the_page_shows_asks_why_and_withdraws(scene: Scene, alice: User) -> None:
    client: Client = signed_in(alice)
    address = reverse("area-withdraw", args=["hills", "fleet"])

    shown = client.get(address).content.decode()
    assert "−£12,000.00" in shown
    assert "Milestone" in shown
    revision = scene.fleet.revision
    assert (
        "Say why the area is withdrawn" in client.post(address, {"seen": revision}).content.decode()
    )
    done = saved(client, address, {"seen": revision, "reason": "Not <viable>"}, follow=True)
    page = done.content.decode()
    assert "Fleet is withdrawn." in page
    assert "Not &lt;viable&gt;" in page
    assert "Fleet is withdrawn already." in client.get(address, follow=True).content.decode()
    listed = client.get(reverse("areas", args=["hills"]))
    assert [row.area.code for row in listed.context["part"].rows] == []
    edit = client.get(reverse("area-edit", args=["hills", "fleet", "lead"]), follow=True)
    assert "bring it back before you change it" in edit.content.decode()


def test_a_live_area_cannot_be_withdrawn(scene: Scene, alice: User) -> None:
    scene.fleet.stage = "LIVE"
    scene.fleet.save()

    page = signed_in(alice).post(reverse("area-withdraw", args=["hills", "fleet"]), follow=True)

    assert "Fleet is live; it cannot be withdrawn." in page.content.decode()
