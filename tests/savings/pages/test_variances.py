"""The page of variances, and the page on which one is explained."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from programmes.models import Role
from savings.models import Narrative
from tests import factories
from tests.forms_on_pages import filled_in
from tests.savings.month_end_scene import DECEMBER, december
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

PAGE = "/alliances/hills/money/variances/"
EXPLAIN = f"{PAGE}2016-12/fleet/cost/recurring/"


@pytest.fixture
def scene() -> Scene:
    """A cost of December is £4,000.00 above its plan."""
    scene = december()
    tyres = scene.item("tyres")
    scene.amount(tyres, 6_000_00, DECEMBER, "APPROVED")
    scene.amount(tyres, 10_000_00, DECEMBER, "ACTUAL")
    return scene


def signed_in(client: Client, scene: Scene, kind: str = Role.Kind.FINANCE_OFFICER) -> Client:
    user = factories.user(name="Alice")
    factories.role(alliance=scene.alliance, user=user, kind=kind)
    client.force_login(user)
    return client


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_shows_the_last_month_that_is_in_and_what_is_not_explained(
    client: Client, scene: Scene
) -> None:
    page = said(signed_in(client, scene).get(f"{PAGE}?measure=month"))

    assert "Variances, December 2016" in page
    # Fund's plan is taken off: £900.00 of vans and £6,000.00 of tyres, less £900.00.
    assert "Fleet Costs, recurring £6,000.00 £11,100.00 +£5,100.00 85.0% not explained yet" in page
    assert "1 of 1 variance above 5% and £1,000.00 is not explained yet." in page


def test_a_variance_is_explained_and_then_said_differently(client: Client, scene: Scene) -> None:
    alice = signed_in(client, scene)
    typed = {"cause": "Winter tyres", "is_recurrent": "no", "owner": "Bob"}

    assert "Say what it comes from" in said(alice.post(EXPLAIN, {}))
    form = filled_in(alice.get(EXPLAIN).content.decode())
    assert alice.post(EXPLAIN, {**form, **typed}).status_code == 302

    page = said(alice.get(f"{PAGE}?month=2016-12&measure=month"))
    assert "Winter tyres. It happened once. Bob." in page
    assert "The one variance above 5% and £1,000.00 is explained." in page
    form = filled_in(alice.get(EXPLAIN).content.decode())
    assert form["cause"] == ["Winter tyres"]
    alice.post(EXPLAIN, {**form, "is_recurrent": "yes", "action": "Buy earlier"})
    assert Narrative.objects.get().said == "Winter tyres. It will come again. Buy earlier. Bob."


def test_who_was_second_sees_both_and_loses_nothing(client: Client, scene: Scene) -> None:
    alice = signed_in(client, scene)
    form = filled_in(alice.get(EXPLAIN).content.decode())
    alice.post(EXPLAIN, {**form, "cause": "Winter tyres", "is_recurrent": "no"})

    answer = alice.post(EXPLAIN, {**form, "cause": "Prices rose", "is_recurrent": "yes"})

    assert answer.status_code == 409
    assert "Prices rose" in answer.content.decode()
    assert Narrative.objects.get().cause == "Winter tyres"


@pytest.mark.parametrize("measure", ["month", "to-date", "year", "forecast", "nonsense"])
def test_each_measure_answers_for_any_month(client: Client, scene: Scene, measure: str) -> None:
    alice = signed_in(client, scene)
    for month in ("2016-12", "2016-11", "2012-01", "2099-01", "x"):
        assert alice.get(f"{PAGE}?month={month}&measure={measure}").status_code == 200


def test_last_months_forecast_is_the_outturn_as_it_stood(client: Client, scene: Scene) -> None:
    page = said(signed_in(client, scene).get(f"{PAGE}?month=2016-12&measure=forecast"))

    assert "Last month’s forecast Outturn Variance" in page
    assert "The record begins on" in page or "as it stood at" in page


def test_who_may_only_look_explains_nothing(client: Client, scene: Scene) -> None:
    bob = signed_in(client, scene, Role.Kind.PANEL_MEMBER)

    assert "not explained yet" in said(bob.get(f"{PAGE}?measure=month"))
    assert EXPLAIN not in bob.get(f"{PAGE}?measure=month").content.decode()
    assert bob.get(EXPLAIN).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["2016-12/fleet/grant/recurring/", "2016-13/fleet/cost/recurring/", "2016-12/x/cost/one-off/"],
)
def test_what_is_no_variance_is_not_found(client: Client, scene: Scene, address: str) -> None:
    assert signed_in(client, scene).get(f"{PAGE}{address}").status_code == 404


def test_a_date_is_said_with_it() -> None:
    found = Narrative(cause="A cause", is_recurrent=False, due_on=date(2017, 5, 1))
    assert found.said == "A cause. It happened once. Until 1 May 2017."
