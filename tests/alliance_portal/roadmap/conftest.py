"""Alice manages the areas of an alliance held at a day; mallory is from elsewhere."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from business_areas.models import BusinessArea
from programmes.models import Role, User
from tests import factories
from tests.scenes import Scene, a_scene

TODAY = date(2017, 12, 15)
LONG = ("An unusually long name that goes on " * 6)[:199] + "!"


@pytest.fixture
def scene(db: None) -> Scene:
    """Three forces and no area."""
    scene = a_scene()
    scene.alliance.held_on = TODAY
    scene.alliance.data_note = "Dates are illustrative."
    scene.alliance.save()
    scene.fleet.delete()
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    person = factories.user(name="Alice Archer", email="alice@example.org")
    factories.role(alliance=scene.alliance, user=person, kind=Role.Kind.PROGRAMME_MANAGER)
    return person


@pytest.fixture
def browser_of_alice(alice: User) -> Client:
    return signed_in(alice)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def area(scene: Scene, code: str, **fields: Any) -> BusinessArea:
    given = {"code": code, "name": code.title(), "last_update_on": TODAY, **fields}
    return factories.area(alliance=scene.alliance, **given)


def milestone(area: BusinessArea, name: str, kind: str, **dates: Any) -> None:
    given = {"baseline_on": None, **dates}
    factories.milestone(area=area, name=name, kind=kind, **given)


def a_programme(scene: Scene) -> None:
    """A live area, a late one, one on hold, a withdrawn one and one without dates."""
    dogs = area(
        scene, "dogs", stage="LIVE", category="OPERATIONAL_POLICING", lead_force=scene.north
    )
    milestone(dogs, "Staff consulted", "CONSULTATION", actual_on=date(2016, 2, 1))
    milestone(
        dogs, "Go live", "GO_LIVE", baseline_on=date(2016, 10, 1), approved_on=date(2016, 10, 1),
        forecast_on=date(2016, 11, 1), actual_on=date(2016, 11, 1),
    )  # fmt: skip
    milestone(dogs, "Review", "REVIEW", forecast_on=date(2017, 11, 30))
    estates = area(scene, "estates", stage="IMPLEMENTATION", lead_force=scene.south)
    milestone(estates, "Case agreed", "BUSINESS_CASE", actual_on=date(2017, 5, 30))
    milestone(estates, "Decision", "DECISION", forecast_on=date(2017, 5, 30))
    milestone(
        estates, "Go live", "GO_LIVE", baseline_on=date(2018, 1, 1), approved_on=date(2018, 4, 1),
        forecast_on=date(2018, 7, 1),
    )  # fmt: skip
    vetting = area(scene, "vetting", stage="DESIGN", on_hold_since=TODAY, hold_reason="Wait")
    milestone(vetting, "Go live", "GO_LIVE", approved_on=date(2018, 9, 1))
    gone = area(scene, "gone", stage="WITHDRAWN")
    milestone(gone, "Go live", "GO_LIVE", approved_on=date(2018, 9, 2))
    area(scene, "events")
