"""What could only be changed in the administration site has its page, checked like every change."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Alliance, Change, Force, Membership, SizeMeasure
from savings import recompute
from savings.models import FinancialYear, PoolShare
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

WHY = {"check-reason": "Both police authorities agreed it", "save": "1"}


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    parts = scene.item("parts", "SAVING")
    for year in (2016, 2017):
        scene.amount(parts, 600_01, year, "FORECAST")
    work_out(scene)
    return scene


@pytest.fixture
def client(scene: Scene) -> Client:
    client = Client()
    client.force_login(factories.role(alliance=scene.alliance, kind="PROGRAMME_MANAGER").user)
    return client


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


def text(answer: HttpResponse) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def address(name: str, *more: object) -> str:
    return reverse(f"settings{name}", args=["hills", *more])


def day(name: str, on: date) -> dict[str, str]:
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}_{part}": str(number) for part, number in parts.items()}


def shown(client: Client, place: str) -> dict[str, str]:
    """What the page's form holds as it is opened."""
    context: Any = client.get(place).context
    form, found = context["form"], {"seen": str(context["seen"] or "")}
    for bound in form:
        value = bound.value()
        if isinstance(value, date):
            found |= day(bound.html_name, value)
        elif value is not None:
            found[bound.html_name] = str(value)
    return found


def saved(client: Client, place: str, **typed: str) -> Change:
    sent = {**shown(client, place), **typed}
    page: Any = client.post(place, sent)
    assert page.status_code == 200 and "rehearsed" in page.context, text(page)[-3000:]
    priced = page.context["rehearsed"].effect.digest
    answer = client.post(place, {**sent, **WHY, "priced": priced})
    assert answer.status_code == 302, text(answer)
    change = Change.objects.latest("pk")
    assert change.reason == WHY["check-reason"] and change.made_by and change.door == "PAGE"
    return change


def shares(year: int) -> dict[str, int]:
    of_year = PoolShare.objects.filter(pool__year=year, pool__version="FORECAST")
    return dict(of_year.values_list("force__code", "pence"))


def test_a_force_leaves_and_joins_again(scene: Scene, client: Client) -> None:
    stay = Membership.objects.get(force=scene.east)
    change = saved(client, address("-stay", stay.pk), **day("left_on", date(2017, 4, 1)))
    assert change.kind == "MEMBERSHIP" and change.effect
    work_out(scene)
    assert "east" in shares(2016) and "east" not in shares(2017)

    saved(
        client, address("-stay-add"), force=str(scene.east.pk), **day("joined_on", date(2018, 4, 1))
    )
    assert Membership.objects.filter(force=scene.east).count() == 2
    page = text(client.get(address("")))
    assert "1 April 2017" in page and "1 April 2018" in page


def test_a_membership_entered_by_mistake_is_taken_away(scene: Scene, client: Client) -> None:
    stay = Membership.objects.get(force=scene.east)
    change = saved(client, address("-stay-gone", stay.pk))
    assert change.said[0]["what"] == "taken away"
    assert not Membership.objects.filter(force=scene.east).exists()


def test_a_closed_years_members_stay(scene: Scene, client: Client) -> None:
    FinancialYear.objects.create(alliance=scene.alliance, year=2016, closed_at=timezone.now())
    stay = Membership.objects.get(force=scene.east)
    sent = {**shown(client, address("-stay", stay.pk)), **day("left_on", date(2016, 4, 1))}
    page = text(client.post(address("-stay", stay.pk), sent))
    assert "2016/17 is closed and stays shared between the forces that were in it" in page
    assert "would have passed between forces" in page
    saved(client, address("-stay", stay.pk), **day("left_on", date(2017, 4, 1)))


def test_the_order_of_forces_is_priced(scene: Scene, client: Client) -> None:
    change = saved(client, address("-force", scene.east.pk), position="1", commissioner="New")
    assert change.kind == "FORCES"
    assert Force.objects.order_by("position")[0].code == "east"


def test_the_alliances_facts_are_changed(scene: Scene, client: Client) -> None:
    saved(
        client,
        address("-facts"),
        base="Winfrith",
        total_budget_pence="1,000.50",
        **day("target_on", date(2019, 3, 31)),
    )
    found = Alliance.objects.get()
    assert (found.base, found.total_budget_pence, found.target_on) == (
        "Winfrith",
        100_050,
        date(2019, 3, 31),
    )


def test_a_measure_is_added_and_renamed(scene: Scene, client: Client) -> None:
    saved(client, address("-measure-add"), name="Population")
    measure = SizeMeasure.objects.get(name="Population")
    saved(client, address("-measure", measure.pk), name="Residents")
    page = client.post(address("-measure-add"), {"name": "residents"})
    assert "The alliance already has a measure with this name." in text(page)


def test_whoever_was_second_sees_what_it_says_now(scene: Scene, client: Client) -> None:
    place = address("-force", scene.north.pk)
    sent = {**shown(client, place), "name": "Mine"}
    Force.objects.filter(pk=scene.north.pk).update(name="Theirs")
    answer = client.post(place, sent)
    assert answer.status_code == 409
    assert "Someone else saved this while you were typing" in text(answer)
    assert '<td data-label="Saved meanwhile">Theirs</td>' in text(answer)
    assert 'value="Mine"' in text(answer)


def test_others_read_the_settings_and_change_none(scene: Scene) -> None:
    stay = Membership.objects.get(force=scene.north)
    client = Client()
    for kind, force in (("PANEL_MEMBER", None), ("PROGRAMME_MANAGER", scene.south)):
        client.force_login(factories.role(alliance=scene.alliance, kind=kind, force=force).user)
        page = client.get(address(""))
        assert page.status_code == 200 and "Add a member" not in text(page)
        for place in (
            address("-facts"),
            address("-force", scene.north.pk),
            address("-measure-add"),
            address("-measure", scene.officers.pk),
            address("-stay-add"),
            address("-stay", stay.pk),
            address("-stay-gone", stay.pk),
        ):
            assert client.get(place).status_code == 403
            assert client.post(place, WHY).status_code == 403
    elsewhere = factories.membership()
    client.force_login(factories.role(alliance=scene.alliance, kind="PROGRAMME_MANAGER").user)
    assert client.get(address("-stay", elsewhere.pk)).status_code == 404
