"""Many areas changed in one go: every old beside its new first, then all of them or none."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea, Milestone, MovedDate
from programmes.models import User
from tests import factories
from tests.business_areas.conftest import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
TODAY = date(2017, 12, 15)
CODES = ["a", "b", "c"]
LATER = {
    "check-reason_later": "Technology is not ready",
    "check-details_later": "The supplier is late.",
}


@pytest.fixture(autouse=True)
def _areas(scene: Scene) -> None:
    scene.alliance.held_on = TODAY
    scene.alliance.explored_on = date(2015, 4, 1)
    scene.alliance.save()
    for code, stage in zip(CODES, ("PROPOSED", "DESIGN", "LIVE"), strict=True):
        area = factories.area(alliance=scene.alliance, code=code, name=code.upper(), stage=stage)
        live = {"actual_on": date(2017, 4, 1)} if stage == "LIVE" else {}
        factories.milestone(area=area, forecast_on=date(2018, 1, 1), **live)


@pytest.fixture
def client_of_alice(alice: User) -> Client:
    return signed_in(alice)


def post(client: Client, what: str, codes: Sequence[str] = CODES, **more: Any) -> Any:
    sent = {"what": what, "area": list(codes), "back": "sort=name", **more}
    return client.post(reverse("areas-change", args=["hills"]), sent)


def checked(client: Client, what: str, value: Any, codes: Sequence[str] = CODES) -> list[str]:
    """What the check page carries along: the revisions that it showed."""
    page = post(client, what, codes, step="check", value=value)
    assert page.status_code == 200
    return [f"{each.area.code}:{each.seen}" for each in page.context["planned"]]


def stages() -> dict[str, str]:
    return dict(BusinessArea.objects.filter(code__in=CODES).values_list("code", "stage"))


def test_the_check_page_shows_every_old_and_new_and_saves_nothing(client_of_alice: Client) -> None:
    page = post(client_of_alice, "stage", step="check", value="DESIGN")

    told = {each.area.code: each for each in page.context["planned"]}
    assert (told["a"].old, told["a"].new, told["a"].is_change) == ("Proposed", "Design", True)
    assert (told["b"].is_change, told["b"].refusal) == (False, "")
    assert "C is live; it can only be closed." in told["c"].refusal
    assert "Save 1 change" in page.content.decode()
    assert stages() == {"a": "PROPOSED", "b": "DESIGN", "c": "LIVE"}


def test_what_was_checked_is_saved_and_the_list_comes_back_as_it_was(
    client_of_alice: Client,
) -> None:
    seen = checked(client_of_alice, "stage", "CONSULTATION")

    answer = post(client_of_alice, "stage", step="check", save="1", value="CONSULTATION", seen=seen)

    assert answer.url == reverse("areas", args=["hills"]) + "?sort=name"
    assert stages() == {"a": "CONSULTATION", "b": "CONSULTATION", "c": "LIVE"}
    assert BusinessArea.objects.get(code="a").last_update_on == TODAY


def test_sent_twice_it_is_saved_once(client_of_alice: Client) -> None:
    seen = checked(client_of_alice, "stage", "CONSULTATION", ["a", "b"])
    for _ in range(2):
        answer = post(
            client_of_alice,
            "stage",
            ["a", "b"],
            step="check",
            save="1",
            value="CONSULTATION",
            seen=seen,
        )
        assert answer.status_code == 302
    assert BusinessArea.objects.get(code="a").revision == 2


def test_nothing_is_saved_if_someone_else_changed_one_of_them(client_of_alice: Client) -> None:
    seen = checked(client_of_alice, "stage", "CONSULTATION")
    BusinessArea.objects.filter(code="b").update(stage="IMPLEMENTATION")

    answer = post(client_of_alice, "stage", step="check", save="1", value="CONSULTATION", seen=seen)

    assert answer.status_code == 409
    assert "Someone else changed 1 of these areas" in answer.content.decode()
    assert stages() == {"a": "PROPOSED", "b": "IMPLEMENTATION", "c": "LIVE"}
    told = {each.area.code: each for each in answer.context["planned"]}
    assert told["b"].old == "Implementation"


def test_owners_are_given_and_taken(client_of_alice: Client, alice: User, mallory: User) -> None:
    for value, owner in ((alice.pk, alice), ("", None)):
        seen = checked(client_of_alice, "owner", value)
        post(client_of_alice, "owner", step="check", save="1", value=value, seen=seen)
        assert {area.owner for area in BusinessArea.objects.filter(code__in=CODES)} == {owner}

    page = post(client_of_alice, "owner", step="check", value=mallory.pk)
    assert "Select a valid choice" in page.content.decode()


def test_a_forecast_month_moves_through_the_record_of_dates_with_a_reason(
    scene: Scene, client_of_alice: Client
) -> None:
    page = post(client_of_alice, "month", step="check", value="April 2018")
    told = {each.area.code: each for each in page.context["planned"]}
    assert (told["a"].old, told["a"].new, told["a"].way) == (
        "1 January 2018",
        "1 April 2018",
        "later",
    )
    assert told["c"].refusal
    seen = [f"{each.area.code}:{each.seen}" for each in page.context["planned"]]

    silent = post(client_of_alice, "month", step="check", save="1", value="4 2018", seen=seen)
    assert "Choose the reason why they move later" in silent.content.decode()
    assert "Enter the details" in silent.content.decode()
    assert not MovedDate.objects.exists()

    for _ in range(2):
        post(client_of_alice, "month", step="check", save="1", value="4 2018", seen=seen, **LATER)
    changes = MovedDate.objects.order_by("milestone__area__code")
    assert [(c.milestone.area.code, c.to_on, c.reason) for c in changes] == [
        ("a", date(2018, 4, 1), "Technology is not ready"),
        ("b", date(2018, 4, 1), "Technology is not ready"),
    ]
    assert Milestone.objects.get(area__code="c").forecast_on == date(2018, 1, 1)


def test_all_or_none_if_a_go_live_moved_meanwhile(client_of_alice: Client) -> None:
    seen = checked(client_of_alice, "month", "4 2018", ["a", "b"])
    Milestone.objects.filter(area__code="b").update(forecast_on=date(2018, 3, 1))

    answer = post(
        client_of_alice,
        "month",
        ["a", "b"],
        step="check",
        save="1",
        value="4 2018",
        seen=seen,
        **LATER,
    )

    assert answer.status_code == 409
    assert Milestone.objects.get(area__code="a").forecast_on == date(2018, 1, 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the month"),
        ("13 2018", "must be a real month"),
        ("soon", "must be a real month"),
        ("4 18", "four digits"),
        ("4 2101", "between 1900 and 2100"),
    ],
)
def test_a_wrong_month_is_said_at_its_field(
    client_of_alice: Client, typed: str, sentence: str
) -> None:
    page = post(client_of_alice, "month", step="check", value=typed).content.decode()

    assert sentence in page.split("govuk-error-summary__list")[1].split("</ul>")[0]


def test_nothing_ticked_strange_codes_and_strange_steps_change_nothing(
    client_of_alice: Client, mallory: User
) -> None:
    theirs = factories.area(alliance=mallory.roles.get().alliance, code="theirs")
    for what, codes, more in (
        ("stage", [], {}),
        ("stage", ["theirs", "<b>"], {}),
        ("nonsense", CODES, {}),
        ("stage", CODES, {"back": "javascript:alert(1)//&sort=evil"}),
        ("stage", CODES, {"step": "check", "save": "1", "value": "WITHDRAWN"}),
        (
            "stage",
            CODES,
            {"step": "check", "save": "1", "value": "DESIGN", "seen": ["a:x", "nonsense"]},
        ),
    ):
        answer = post(client_of_alice, what, codes, **more)
        assert answer.status_code in (200, 302, 409)
    assert stages() == {"a": "PROPOSED", "b": "DESIGN", "c": "LIVE"}
    assert signed_in(mallory).post(reverse("areas-change", args=["hills"])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.stage == "PROPOSED"
