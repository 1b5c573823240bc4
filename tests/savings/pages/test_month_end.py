"""The pages of a month's end: who sees and does what, and what is said of it."""

import re
from typing import Any

import pytest
from django.test import Client

from programmes.models import Role
from savings import recompute
from savings.models import Amount, MonthLock
from tests import factories
from tests.forms_on_pages import filled_in
from tests.savings.month_end_scene import DECEMBER, december, lock_december
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

MONTHS = "/alliances/hills/money/month-end/"
PAGE = f"{MONTHS}2016-12/"


@pytest.fixture
def scene() -> Scene:
    return december()


def signed_in(client: Client, scene: Scene, kind: str = Role.Kind.FINANCE_OFFICER) -> Client:
    user = factories.user(name="Alice")
    factories.role(alliance=scene.alliance, user=user, kind=kind)
    client.force_login(user)
    return client


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_list_counts_what_is_in_and_says_what_is_locked(client: Client, scene: Scene) -> None:
    alice = signed_in(client, scene)
    assert "December 2016 3 1 0 2 Open" in said(alice.get(MONTHS))

    lock_december(scene.alliance, factories.user(name="Bob"))

    assert re.search(r"December 2016 3 1 0 2 Locked at .* by Bob", said(alice.get(MONTHS)))


def test_a_month_says_what_is_in_by_area_and_what_is_not_by_owner(
    client: Client, scene: Scene
) -> None:
    scene.alliance.items.filter(code="fund").update(owner="Carol")

    page = said(signed_in(client, scene).get(PAGE))

    assert "Actual amounts of 2 of 3 items are not in." in page
    assert "nobody 3 1 0 2" in page
    assert "Fund Fleet Carol £900.00 £1,000.00" in page
    assert "All forces £1,100.00 £1,100.00 £0.00 £0.00" in page


def test_nil_returns_then_the_lock_then_no_more(client: Client, scene: Scene) -> None:
    alice = signed_in(client, scene)
    items = scene.alliance.items.exclude(code="vans").values_list("pk", flat=True)

    answer = alice.post(f"{PAGE}nil/", {"items": list(items), "details": "", "save": "1"})
    assert answer.status_code == 302
    page = said(alice.get(PAGE))
    assert "2 nil returns of December 2016 recorded." in page
    assert "The actual amounts of all 3 items are in." in page
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")

    form = filled_in(alice.get(f"{PAGE}lock/").content.decode())
    alice.post(f"{PAGE}lock/", {**form, "save": "1"})
    page = said(alice.get(PAGE))
    assert re.search("Locked at .* by Alice. Its actual amounts stay as they are.", page)
    assert "What it came to when it was locked" in page

    answer = alice.post(f"{PAGE}unlock/", {"reason": "", "save": "1"})
    assert "Say why the month is unlocked" in said(answer)
    alice.post(f"{PAGE}unlock/", {"reason": "A late invoice", "save": "1"})
    page = said(alice.get(PAGE))
    assert "is unlocked. Its actual amounts can be changed again." in page
    assert "by Alice: “A late invoice”" in page


def test_a_lock_of_other_figures_than_were_shown_is_shown_again(
    client: Client, scene: Scene
) -> None:
    alice = signed_in(client, scene)
    form = {**filled_in(alice.get(f"{PAGE}lock/").content.decode()), "note": "Late"}
    Amount.objects.filter(version="ACTUAL", starts_on=DECEMBER).update(pence=7)

    answer = alice.post(f"{PAGE}lock/", {**form, "save": "1"})

    assert "Other figures changed while you were looking" in said(answer)
    assert not MonthLock.objects.exists()


def test_a_lock_with_something_missing_asks_why(client: Client, scene: Scene) -> None:
    alice = signed_in(client, scene)
    form = filled_in(alice.get(f"{PAGE}lock/").content.decode())

    answer = alice.post(f"{PAGE}lock/", {**form, "save": "1"})

    assert "Say why the month is locked while some actual amounts are not in" in said(answer)


@pytest.mark.parametrize("kind", [Role.Kind.PANEL_MEMBER, Role.Kind.PROGRAMME_MANAGER])
def test_who_may_only_look_sees_it_and_does_nothing(
    client: Client, scene: Scene, kind: str
) -> None:
    bob = signed_in(client, scene, kind)

    page = said(bob.get(PAGE))

    assert "are not in" in page
    assert "Lock the month" not in page
    for what in ("nil", "lock", "unlock"):
        assert bob.get(f"{PAGE}{what}/").status_code == 403
        assert bob.post(f"{PAGE}{what}/", {"save": "1"}).status_code == 403


@pytest.mark.parametrize("month", ["2016-13", "december", "2016", "2016-17"])
def test_what_is_no_month_is_not_found(client: Client, scene: Scene, month: str) -> None:
    assert signed_in(client, scene).get(f"{MONTHS}{month}/").status_code == 404


def test_a_month_of_which_nothing_is_known_says_so(client: Client, scene: Scene) -> None:
    assert "Nothing is expected in this month" in said(
        signed_in(client, scene).get(f"{MONTHS}2012-05/")
    )
