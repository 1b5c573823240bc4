"""A run names the changes that asked for it, each once, whoever's request serves whom."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from programmes.changes import rehearse
from programmes.models import Change, ForceSize, Role
from programmes.services import record_size
from savings import recompute, requests, services
from savings.models import Amount, RecomputeRequest, Run
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    for version in ("APPROVED", "FORECAST", "ACTUAL"):
        scene.amount(scene.item(f"vans-{version.lower()}"), 1_000_00, 2016, version)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    return scene


def restate(scene: Scene, value: int) -> Change:
    record(scene, value)
    return Change.objects.latest("pk")


def record(scene: Scene, value: int) -> None:
    newest = ForceSize.objects.filter(force=scene.north).latest("release")
    record_size(
        force=scene.north,
        measure=scene.officers,
        effective_on=newest.effective_on,
        value=Decimal(value),
        source=f"Release of {value}",
        by=factories.user(name="Olive Officer"),
    )


def run_of(scene: Scene) -> Run:
    run = recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="")
    assert run is not None
    return run


def test_each_change_that_asked_is_named_once_though_one_request_serves_them_all(
    scene: Scene,
) -> None:
    amount = Amount.objects.get(version="FORECAST")
    made = [restate(scene, 1500), restate(scene, 1600), restate(scene, 1500)]
    amount.pence = 2_000_00
    services.save_amount(amount=amount, by=None)
    made.append(Change.objects.latest("pk"))

    assert RecomputeRequest.objects.count() == len(made)
    assert run_of(scene).change_numbers == [change.pk for change in made]


def test_a_change_that_no_service_asked_for_is_named_too(scene: Scene) -> None:
    restate(scene, 1500)
    first = run_of(scene)
    restate(scene, 1600)

    assert set(run_of(scene).change_numbers).isdisjoint(first.change_numbers)


def test_a_rehearsal_and_what_no_change_asked_for_name_nothing(scene: Scene) -> None:
    rehearse(lambda: record(scene, 1500), alliance=scene.alliance, kind=Change.Kind.SIZE, by=None)
    with transaction.atomic():
        requests.request_recompute(alliance=scene.alliance, cause="By hand")

    run = run_of(scene)
    assert (run.change_numbers, run.cause) == ([], "By hand")


def test_what_moved_is_the_forecasts_once_as_the_change_says_it(scene: Scene) -> None:
    change = restate(scene, 1500)
    run = run_of(scene)

    moved = [pence for *_, version, _, pence in change.effect if version == "FORECAST"]
    assert run.moved_pence == sum(map(abs, moved)) // 2 > 0


def test_the_page_of_runs_says_what_why_and_who_and_leads_to_the_change(
    scene: Scene, client: Client
) -> None:
    officer = factories.user()
    factories.role(alliance=scene.alliance, user=officer, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(officer)
    change = restate(scene, 1500)
    run_of(scene)
    address = reverse("money-change", args=[scene.alliance.code, change.pk])

    page = client.get(reverse("money-runs", args=[scene.alliance.code])).content.decode()
    assert address in page and "Olive Officer" in page

    said = client.get(address).content.decode()
    assert "Force size of" in said and "Olive Officer" in said and "What it moved" in said
    elsewhere = reverse("money-change", args=[factories.alliance().code, change.pk])
    assert client.get(elsewhere).status_code == 404
