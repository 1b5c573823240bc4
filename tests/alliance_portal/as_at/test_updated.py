"""“Updated” is the day on which the thing itself was last said or changed, and no other's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from alliance_portal.dashboard.sources import assessment
from business_areas.models import Direction, Strand
from business_areas.reasons import ANOTHER
from business_areas.services import parts, statuses
from business_areas.services.dates import reschedule
from programmes.changes import rehearse
from programmes.models import Alliance, LastWord, User
from savings.services import save_amount
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

FIRST = date(2017, 10, 2)
OF = ("TIMESCALES", "BUDGET", "RESOURCES")


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    scene.alliance.held_on = FIRST
    scene.alliance.save()
    factories.milestone(area=scene.fleet, code="live", forecast_on=date(2018, 4, 1))
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    return factories.role(alliance=scene.alliance).user


def on(scene: Scene, days: int) -> date:
    """So many days later, in the alliance's own time."""
    day = FIRST + timedelta(days)
    Alliance.objects.filter(pk=scene.alliance.pk).update(held_on=day)
    scene.alliance.held_on = day
    return day


def people(scene: Scene, alice: User, day: date) -> None:
    parts.record_people(
        area=scene.fleet,
        as_at=day,
        people={scene.north: (Decimal(4), None)},
        by=alice,
        day=day,
    )


def money(scene: Scene, alice: User, *, pence: int = 5000) -> None:
    amount = scene.new_amount(scene.item(f"vans-{pence}"), pence, 2017, "APPROVED")
    save_amount(amount=amount, by=alice)


def move(scene: Scene, alice: User, day: date) -> None:
    reschedule(
        milestone=scene.alliance.milestones.get(code="live"),
        to=date(2018, 6, 1),
        reason=ANOTHER,
        details="The lease ends.",
        by=alice,
        day=day,
    )


def shown(scene: Scene) -> dict[str, tuple[date | None, date | None]]:
    """When the area's and the programme's status of each strand was updated."""
    found = assessment(Alliance.objects.get(pk=scene.alliance.pk))
    (area,) = found.areas
    return {
        str(mine.strand): (mine.updated_on, whole.updated_on)
        for mine, whole in zip(area.statuses, found.programme, strict=True)
    }


def test_each_strand_has_the_day_on_which_what_it_is_rated_by_was_changed(
    scene: Scene, alice: User
) -> None:
    people(scene, alice, on(scene, 1))
    money(scene, alice, pence=(on(scene, 2) - FIRST).days)
    move(scene, alice, on(scene, 3))
    parts.set_design(
        area=scene.fleet, strands={"STRUCTURE": ("AGREED", "")}, by=alice, day=on(scene, 4)
    )

    days = {name: FIRST + timedelta(n) for name, n in zip(OF, (3, 2, 1), strict=True)}
    assert shown(scene) == {name: (day, day) for name, day in days.items()}


def test_what_is_said_of_one_strand_updates_no_other(scene: Scene, alice: User) -> None:
    people(scene, alice, on(scene, 1))
    said_on = on(scene, 5)
    statuses.say_outlook(
        alliance=scene.alliance,
        area=scene.fleet,
        strand=Strand.BUDGET,
        direction=Direction.STEADY,
        by=alice,
        day=said_on,
    )

    now = shown(scene)

    assert now["BUDGET"][0] == said_on
    assert now["RESOURCES"][0] == FIRST + timedelta(1)


def test_money_of_an_area_is_a_word_on_it_and_on_the_programme(
    scene: Scene, alice: User, client: Client
) -> None:
    on(scene, 100)
    client.force_login(alice)
    pages = [
        reverse("overview", args=[scene.alliance.code]),
        reverse("area", args=[scene.alliance.code, "fleet"]),
        reverse("areas", args=[scene.alliance.code]),
    ]
    before = ["No update on record" in client.get(page).content.decode() for page in pages]
    money(scene, alice)

    assert before == [True] * 3
    assert not any("No update on record" in client.get(page).content.decode() for page in pages)


def test_what_is_only_tried_out_or_taken_back_is_no_word(scene: Scene, alice: User) -> None:
    rehearse(lambda: people(scene, alice, FIRST), alliance=scene.alliance, kind="PEOPLE", by=alice)

    assert not LastWord.objects.exists()


def test_a_later_day_stays(scene: Scene, alice: User) -> None:
    people(scene, alice, FIRST + timedelta(3))
    people(scene, alice, FIRST)

    assert LastWord.objects.get(sort="staffing").said_on == FIRST + timedelta(3)
