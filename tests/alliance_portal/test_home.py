"""The home page and an alliance's overview."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from business_areas.models import BusinessArea
from savings import recompute, services
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def scene(client: Client) -> Scene:
    """Fleet live with a saving of £1.5 million; dogs next."""
    scene = a_scene()
    scene.alliance.held_on = date(2016, 12, 31)
    scene.alliance.data_note = "The amounts are invented."
    scene.alliance.save()
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(stage="LIVE")
    dogs = factories.area(alliance=scene.alliance, name="Dogs", stage="DESIGN")
    factories.milestone(
        area=dogs, code="live", name="Live", kind="GO_LIVE", approved_on=date(2018, 4, 1)
    )
    for force, day, fte in (
        (scene.north, date(2016, 4, 1), "100"),
        (scene.north, date(2016, 10, 1), "40.5"),
        (scene.south, date(2016, 4, 1), "20"),
    ):
        factories.staffing(area=scene.fleet, force=force, as_at=day, shared_fte=Decimal(fte))
    scene.amount(scene.item("tyres", "SAVING"), 1_500_000_00, 2016, "FORECAST")
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    client.force_login(factories.role(alliance=scene.alliance).user)
    return scene


def test_home_lists_the_alliances_of_ones_own_and_no_other(client: Client, scene: Scene) -> None:
    a_scene("elsewhere")

    page = client.get("/").content.decode()

    assert "Hills" in page
    assert "1 of 2" in page
    assert "Dogs" in page
    assert "Elsewhere" not in page


def test_an_administrator_sees_every_alliance(client: Client, scene: Scene) -> None:
    a_scene("elsewhere")
    client.force_login(factories.administrator())

    page = client.get("/").content.decode()

    assert "Hills" in page
    assert "Elsewhere" in page


def test_somebody_without_an_alliance_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(factories.user())

    assert "You are not in an alliance yet" in client.get("/").content.decode()


def test_every_page_of_a_held_alliance_says_its_day_and_what_is_invented(
    client: Client, scene: Scene
) -> None:
    for path in ("", "areas/", "areas/fleet/", "money/", "money/sizes/", "money/runs/"):
        page = client.get(f"/alliances/hills/{path}").content.decode()
        assert "31 December 2016</time> (held at this date)" in page
        assert "The amounts are invented." in page
        assert "Shares are up to date, worked out at" in page


def test_the_forces_stand_in_the_agreed_order(client: Client, scene: Scene) -> None:
    page = client.get("/alliances/hills/about/").content.decode()

    places = [page.index(name) for name in ("North Police", "South Police", "East Police")]
    assert places == sorted(places)
