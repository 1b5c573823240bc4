"""Whatever a person does is one change on record: old to new, why, who, through which door, and its price."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import business_areas.services
import programmes.services
from business_areas import services
from business_areas.models import Direction, Milestone, Rating, Strand
from business_areas.reasons import ANOTHER
from business_areas.services import areas, parts, statuses
from programmes.changes import PriceMoved, having_shown, making
from programmes.models import Alliance, Change, User
from programmes.services import save_alliance
from savings.book import compare, read
from tests import factories
from tests.alliance_portal.dates.moves import HELD_ON, TOLD, an_alliance
from tests.business_areas.conftest import manager
from tests.scenes import Scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

JULY = date(2017, 7, 1)
# What follows from a change and is asked for inside one; and what only looks.
CONSEQUENCES = {"ask_for_amounts", "derive_forecasts", "request_recompute", "made_already"}


def services_that_write() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public service that is told by whom it is asked."""
    own = ("savings.services", "savings.amount_services", "savings.grid.services")
    modules = [import_module(name) for name in own]
    for package in (business_areas.services, programmes.services):
        modules += [
            package,
            *(
                import_module(f"{package.__name__}.{found.name}")
                for found in pkgutil.iter_modules(package.__path__)
            ),
        ]
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__
            is_asked = "by" in inspect.signature(function).parameters
            if is_own and is_asked and name[0] != "_" and name not in CONSEQUENCES:
                yield f"{module.__name__}.{name}", function


def test_every_service_that_writes_puts_a_change_on_record() -> None:
    found = dict(services_that_write())

    assert len(found) > 30
    assert [name for name, service in found.items() if not hasattr(service, "kind_of_change")] == []


@pytest.fixture
def scene(db: None) -> Scene:
    return an_alliance().scene


@pytest.fixture
def alice(scene: Scene) -> User:
    return manager(scene.alliance, name="Alice Archer")


def move(scene: Scene, by: User | None, to: date = JULY, **more: Any) -> Change:
    services.reschedule(
        milestone=go_live(scene), to=to, reason=ANOTHER, details=TOLD, by=by, day=HELD_ON, **more
    )
    return newest()


def go_live(scene: Scene) -> Milestone:
    return Milestone.objects.get(alliance=scene.alliance, kind="GO_LIVE")


def newest() -> Change:
    change = Change.objects.order_by("-pk").first()
    assert change is not None
    return change


def test_a_moved_date_is_told_in_words_with_its_reason_person_and_price(
    scene: Scene, alice: User
) -> None:
    before = read(scene.alliance.pk)

    change = move(scene, alice)

    assert change.kind == Change.Kind.FORECAST_DATE
    assert (change.reason, change.details, change.made_by) == (ANOTHER, TOLD, alice)
    assert (change.made_on, change.area_id) == (HELD_ON, scene.fleet.pk)
    assert change.said == [
        {
            "of": f"Milestone “{go_live(scene).name}”",
            "what": "changed",
            "area": scene.fleet.pk,
            "fields": [["Forecast date", "1 April 2017", "1 July 2017"]],
        }
    ]
    effect = compare(before, read(scene.alliance.pk))
    assert change.effect == effect.cells_kept() != []


def test_sent_twice_it_is_one_change(scene: Scene, alice: User) -> None:
    seen = go_live(scene).revision
    move(scene, alice, seen_revision=seen)
    move(scene, alice, seen_revision=seen)

    assert Change.objects.count() == 1


def test_a_price_that_is_no_longer_so_saves_nothing(scene: Scene, alice: User) -> None:
    milestone = go_live(scene)
    now = read(scene.alliance.pk, area_ids=[scene.fleet.pk])
    shown = compare(now, now.expecting(milestone.pk, JULY)).digest
    scene.size(scene.north, 4000, release=2)

    with pytest.raises(PriceMoved) as moved, having_shown(shown):
        move(scene, alice)

    milestone.refresh_from_db()
    assert milestone.forecast_on == date(2017, 4, 1)
    assert not Change.objects.exists()
    with having_shown(moved.value.effect.digest):
        move(scene, alice)


def test_a_change_in_a_change_is_part_of_it(scene: Scene, alice: User) -> None:
    with making(alliance=scene.alliance, kind=Change.Kind.MANY, by=alice):
        move_to = date(2017, 9, 1)
        services.reschedule(
            milestone=go_live(scene),
            to=move_to,
            reason=ANOTHER,
            details=TOLD,
            by=alice,
            day=HELD_ON,
        )
        areas.hold_area(area=scene.fleet, since=HELD_ON, reason="Wait", by=alice, day=HELD_ON)

    (change,) = Change.objects.all()
    assert {one["of"] for one in change.said} == {
        "Business area “Fleet”",
        f"Milestone “{go_live(scene).name}”",
    }


def test_an_alliance_that_is_made_is_a_change_of_its_own(alice: User) -> None:
    made = save_alliance(alliance=Alliance(code="moors", name="Moors"), by=alice)

    change = newest()
    assert (change.alliance, change.kind, change.effect) == (made, "ALLIANCE", [])
    assert [(each["of"], each["what"]) for each in change.said] == [("Alliance “Moors”", "added")]


def test_an_alliance_that_is_not_made_after_all_leaves_no_record(alice: User) -> None:
    with making(alliance=Alliance(code="moors"), kind=Change.Kind.ALLIANCE, by=alice):
        pass

    assert not Change.objects.exists()


def test_who_shares_an_area_is_told_with_what_it_moves(scene: Scene, alice: User) -> None:
    stays = [parts.Stay(force, None, None) for force in (scene.north, scene.south)]

    parts.set_members(area=scene.fleet, stays=stays, by=alice, day=HELD_ON)

    change = newest()
    assert change.kind == Change.Kind.SHARED_BY
    assert [one["what"] for one in change.said] == ["added", "added"]
    assert any(cell[4] == "east" and cell[5] for cell in change.effect)
    assert sum(cell[5] for cell in change.effect) == 0


def test_a_status_moves_no_money_and_is_on_record_all_the_same(scene: Scene, alice: User) -> None:
    statuses.override_status(
        alliance=scene.alliance,
        area=scene.fleet,
        strand=Strand.BUDGET,
        rating=Rating.RED,
        reason="The supplier has gone into administration",
        until_on=date(2030, 1, 1),
        by=alice,
        day=HELD_ON,
    )

    assert (newest().kind, newest().effect) == (Change.Kind.STATUS, [])


def test_what_is_said_again_as_it_is_leaves_no_record(scene: Scene, alice: User) -> None:
    areas.change_area(
        area=scene.fleet, values={"summary": scene.fleet.summary}, by=alice, day=HELD_ON
    )

    assert not Change.objects.exists()


def test_a_change_knows_its_door(scene: Scene, alice: User, client: Client) -> None:
    client.force_login(alice)

    client.post(
        reverse("area-edit", args=[scene.alliance.code, "fleet", "facts"]), {"name": "Vehicles"}
    )
    on_a_page = Change.objects.filter(door=Change.Door.PAGE).count()
    by_command = move(scene, alice).door

    assert by_command == Change.Door.COMMAND
    assert on_a_page == Change.objects.count() - 1


def test_a_change_is_kept_or_lost_with_what_it_wrote(scene: Scene, alice: User) -> None:
    with transaction.atomic():
        move(scene, alice)
        transaction.set_rollback(True)

    assert not Change.objects.exists()


def test_the_factory_of_a_minimal_change() -> None:
    assert str(factories.change()) == "Forecast date, 2016-04-01"


def test_an_area_was_updated_last_on_the_latest_day_whatever_is_said_later(
    scene: Scene, alice: User
) -> None:
    later = date(2030, 1, 1)
    scene.fleet.last_update_on = later
    scene.fleet.save()

    statuses.say_outlook(
        alliance=scene.alliance,
        area=scene.fleet,
        strand=Strand.BUDGET,
        direction=Direction.STEADY,
        by=alice,
        day=HELD_ON,
    )
    parts.set_design(area=scene.fleet, strands={"STRUCTURE": ("AGREED", "")}, by=alice, day=HELD_ON)
    areas.change_area(area=scene.fleet, values={"head": "Someone"}, by=alice, day=HELD_ON)
    move(scene, alice)

    scene.fleet.refresh_from_db()
    assert scene.fleet.last_update_on == later
