"""An area's page, and what the list says while there is nothing in it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from business_areas.models import BusinessArea
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

AREAS = "/alliances/hills/areas/"


@pytest.fixture
def scene(client: Client) -> Scene:
    """Fleet live and dogs in design, late; whoever looks is a panel member."""
    scene = a_scene()
    scene.alliance.held_on = date(2017, 12, 31)
    scene.alliance.save()
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(stage="LIVE", lead_force=scene.north)
    dogs = factories.area(
        alliance=scene.alliance,
        code="dogs",
        name="Dogs",
        category="OPERATIONAL_POLICING",
        stage="DESIGN",
        lead_force=scene.south,
    )
    factories.milestone(
        area=dogs,
        code="live",
        name="Go live",
        kind="GO_LIVE",
        approved_on=date(2018, 4, 1),
        forecast_on=date(2018, 7, 1),
    )
    factories.staffing(area=dogs, force=scene.north, baseline_fte=Decimal("12.5"))
    factories.staffing(area=dogs, force=scene.south, baseline_fte=Decimal("3.25"))
    client.force_login(factories.role(alliance=scene.alliance).user)
    return scene


def test_an_areas_numbers_align_and_add_up(client: Client, scene: Scene) -> None:
    page = client.get(f"{AREAS}dogs/").content.decode()

    for number in ("12.50", "3.25", "15.75"):
        assert f">{number}<" in page


def test_an_area_opens_its_money_of_the_year_that_the_alliance_is_held_in(
    client: Client, scene: Scene
) -> None:
    page = client.get(f"{AREAS}fleet/").content.decode()

    assert "/alliances/hills/money/areas/fleet/2017-18/?" in page


def test_what_is_not_recorded_yet_says_so(client: Client, scene: Scene) -> None:
    page = client.get(f"{AREAS}fleet/").content.decode()

    assert "No milestones are recorded yet" in page
    assert "Not yet named" in page


def test_an_alliance_without_areas_says_what_will_be_here(client: Client, scene: Scene) -> None:
    empty = factories.role().alliance
    client.force_login(empty.roles.get().user)

    assert (
        "No business areas are recorded yet"
        in client.get(f"/alliances/{empty.code}/areas/").content.decode()
    )
