"""Counts that come every year on the same day are due once that day is past without them."""

from datetime import date

import pytest
from django.test import Client

from programmes.models import Alliance, Role
from savings.selectors.sizes_due import missing
from tests import factories
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

BOTH, NORTH = {"North": 1, "South": 2}, {"North": 1}
TODAY = date(2018, 7, 1)


def march(year: int) -> date:
    return date(year, 3, 31)


@pytest.mark.parametrize(
    ("counted", "due"),
    [
        ({march(2016): BOTH, march(2017): BOTH}, [(march(2018), ())]),
        ({march(2016): BOTH, march(2017): BOTH, march(2018): BOTH}, []),
        ({march(2016): BOTH, march(2017): BOTH, march(2018): NORTH}, [(march(2018), ("South",))]),
        ({march(2017): BOTH, march(2018): BOTH, march(2019): NORTH}, []),  # to come
        ({march(2017): BOTH}, []),  # once is no rhythm
        ({march(2014): BOTH, march(2017): BOTH}, []),
        ({date(2016, 2, 29): BOTH, date(2017, 2, 28): BOTH}, []),
        (
            {march(2016): BOTH, march(2017): NORTH, date(2016, 9, 30): BOTH},
            [(march(2017), ("South",)), (march(2018), ())],
        ),
        ({march(2017): BOTH, date(2018, 3, 31): BOTH, date(2017, 7, 1): BOTH}, []),
        (
            {date(2016, 7, 1): BOTH, date(2017, 7, 1): BOTH},
            [],  # today is not past
        ),
    ],
)
def test_a_count_is_due_where_its_day_is_past(
    counted: dict[date, dict[str, int]], due: list[tuple[date, tuple[str, ...]]]
) -> None:
    assert list(missing(counted, TODAY)) == due


@pytest.fixture
def scene() -> Scene:
    """As at July 2017, with officers of April 2015 and 2016, and a population once."""
    scene = a_scene()
    Alliance.objects.filter(pk=scene.alliance.pk).update(held_on=date(2017, 7, 1))
    for force in scene.forces:
        scene.size(force, 1000, date(2016, 4, 1))
    return scene


@pytest.mark.django_db
def test_finance_officers_are_told_and_led_to_where_they_are_typed(
    client: Client, scene: Scene
) -> None:
    said = "Police officers (FTE): the counts of 1 April 2017 are due"
    for kind, is_told in ((Role.Kind.FINANCE_OFFICER, True), (Role.Kind.PROGRAMME_MANAGER, False)):
        client.force_login(factories.role(alliance=scene.alliance, kind=kind).user)
        home = client.get("/")
        assert (said in text_of(home)) == is_told
        grid = f"/alliances/hills/money/sizes/{scene.officers.pk}/grid/?also=2017-04-01"
        assert (f'href="{grid}"' in home.content.decode()) == is_told

    client.force_login(factories.role(alliance=scene.alliance, kind="FINANCE_OFFICER").user)
    scene.size(scene.north, 1000, date(2017, 4, 1))
    assert f"{said.removesuffix(' are due')} of South Police, East Police are due" in text_of(
        client.get("/")
    )
