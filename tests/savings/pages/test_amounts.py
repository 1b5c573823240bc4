"""Who bore an area's amounts, a year in months and back, and what earlier data count twice, on pages."""

from datetime import date
from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.utils import timezone

from programmes.models import Change, Role
from savings import recompute
from savings.models import Amount, Item
from tests import factories
from tests.savings.test_views import text_of
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MONEY = "/alliances/hills/money/"
FLEET = f"{MONEY}areas/fleet/2016-17/"
PAGES = ("bearers", "spread", "gather", "doubled")
MAY, JUNE = date(2016, 5, 1), date(2016, 6, 1)


@pytest.fixture
def scene() -> Scene:
    return a_scene()


@pytest.fixture
def vans(scene: Scene) -> Item:
    return scene.item("vans")


@pytest.fixture(autouse=True)
def officer(client: Client, scene: Scene) -> None:
    role = factories.role(alliance=scene.alliance, kind=Role.Kind.FINANCE_OFFICER)
    client.force_login(role.user)


def saved(client: Client, page: str, **typed: Any) -> str:
    """The page that is shown once it was typed, checked and saved; its change has a reason."""
    checked = client.post(f"{FLEET}{page}/", typed).content.decode()
    assert "Nothing has been saved yet." in checked, checked
    priced = checked.split('name="priced" value="')[1].split('"')[0]
    sent = {**typed, "priced": priced, "check-reason": "As the ledger has it", "save": "1"}
    return text_of(client.post(f"{FLEET}{page}/", sent, follow=True))


def key(item: Item, bearer: Any = None, version: str = "APPROVED") -> str:
    return f"{item.pk}-{version}-{bearer.pk if bearer else 0}"


def test_who_bore_all_of_an_items_year_is_recorded_at_once(
    client: Client, scene: Scene, vans: Item
) -> None:
    for month in (MAY, JUNE):
        scene.amount(vans, 100_01, month)
    other = scene.amount(scene.item("fuel"), 5_00, MAY)

    said = saved(client, "bearers", amounts=[key(vans)], force="south")

    assert "Fleet: who bore it is recorded." in said
    assert {each.borne_by for each in vans.amounts.all()} == {scene.south}
    other.refresh_from_db()
    assert other.borne_by is None
    change = Change.objects.get()
    assert (change.reason, change.effect) == ("As the ledger has it", [])


def test_one_amount_alone_is_borne_by_another(client: Client, scene: Scene, vans: Item) -> None:
    may, june = (scene.amount(vans, 100_01, month, borne_by=scene.north) for month in (MAY, JUNE))

    saved(client, "bearers", each="1", amounts=[str(june.pk)], force="east")

    may.refresh_from_db()
    june.refresh_from_db()
    assert (may.borne_by, june.borne_by) == (scene.north, scene.east)


def test_nothing_chosen_is_said_at_its_place(client: Client, scene: Scene, vans: Item) -> None:
    scene.amount(vans, 100_01, MAY)
    assert "Choose at least one" in text_of(client.post(f"{FLEET}bearers/", {"force": "south"}))
    assert not Change.objects.exists()


def test_a_year_is_spread_and_put_together_again(client: Client, scene: Scene, vans: Item) -> None:
    scene.rule(date(2016, 10, 1))  # equal shares from October
    scene.amount(vans, 1_200_05, 2016, borne_by=scene.north)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    shown = text_of(client.get(FLEET, {"version": "approved"}))
    assert "although what holds changes on 1 October 2016" in shown

    saved(client, "spread", amounts=[key(vans, scene.north)])
    assert sorted(vans.amounts.values_list("pence", flat=True)) == [100_00] * 7 + [100_01] * 5
    assert "although what holds" not in text_of(client.get(FLEET, {"version": "approved"}))

    saved(client, "gather", amounts=[key(vans, scene.north)])
    assert [(a.pence, a.whole_year) for a in vans.amounts.all()] == [(1_200_05, True)]


def test_what_counts_twice_is_listed_and_taken_away_with_its_price(
    client: Client, scene: Scene, vans: Item
) -> None:
    scene.amount(vans, 100_00, MAY, borne_by=scene.north)
    with pgtrigger.ignore("savings.Amount:counts_once"):
        nameless = scene.amount(vans, 90_00, MAY)
        year = scene.amount(vans, 70_00, 2016)
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    assert "Some of these amounts count twice." in text_of(client.get(FLEET))
    listed = text_of(client.get(f"{MONEY}doubled/"))
    assert "£160.00" in listed

    said = saved(client, "doubled", amounts=[key(vans)])

    assert "what counted twice is taken away." in said
    assert not Amount.objects.filter(pk__in=[nameless.pk, year.pk]).exists()
    moved = Change.objects.get().effect
    assert sum(pence for *_, pence in moved) == -160_00
    assert "Nothing counts twice" in text_of(client.get(f"{MONEY}doubled/"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_nothing_to_change_says_so_and_leads_back(client: Client, page: str) -> None:
    said = text_of(client.get(f"{FLEET}{page}/"))
    assert "Nothing is to be changed here." in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["PANEL_MEMBER", "of one force"])
def test_amounts_are_changed_by_a_finance_officer_of_all_forces(
    client: Client, scene: Scene, page: str, kind: str
) -> None:
    named = {"kind": "FINANCE_OFFICER", "force": scene.south} if " " in kind else {"kind": kind}
    client.force_login(factories.role(alliance=scene.alliance, **named).user)

    assert client.get(f"{FLEET}{page}/").status_code == 403
    assert client.post(f"{FLEET}{page}/", {"save": "1"}).status_code == 403
    shown = text_of(client.get(FLEET))
    assert "Record who bore it" not in shown


def test_an_area_of_another_alliance_is_none(client: Client, scene: Scene) -> None:
    a_scene("vales").area("dogs")
    for page in PAGES:
        assert client.get(f"{MONEY}areas/dogs/2016-17/{page}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_closed_year_asks_nothing_and_says_why(
    client: Client, scene: Scene, vans: Item, page: str
) -> None:
    scene.amount(vans, 100_01, MAY)
    factories.financial_year(alliance=scene.alliance, closed_at=timezone.now())

    shown = client.get(f"{FLEET}{page}/").content.decode()

    assert "2016/17 is closed, so nothing in it changes" in text_of(client.get(f"{FLEET}{page}/"))
    assert 'name="amounts"' not in shown
