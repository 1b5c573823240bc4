"""Two people speak of one status: the second sees what the first said, and loses nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea, Direction, Outlook, Rating, StatusOverride, Strand
from business_areas.services import statuses
from programmes.models import User
from programmes.seen import PartChanged
from tests import factories
from tests.alliance_portal.dashboard.test_status_page import DAY, carried, given
from tests.business_areas.conftest import manager, signed_in

pytestmark = pytest.mark.django_db
REASON = "The board looked at it and disagrees with the data"


@pytest.fixture
def area() -> BusinessArea:
    area = factories.area(alliance=factories.alliance(held_on=DAY), stage="DESIGN", code="fleet")
    factories.milestone(area=area, approved_on=date(2018, 1, 1), forecast_on=date(2018, 8, 1))
    return area


@pytest.fixture
def ann(area: BusinessArea) -> User:
    return manager(area.alliance, name="Ann Archer", email="ann@example.org")


@pytest.fixture
def ben(area: BusinessArea) -> User:
    return manager(area.alliance, name="Ben Burns", email="ben@example.org")


def addresses(area: BusinessArea) -> list[str]:
    code = area.alliance.code
    return [
        reverse("statuses-area", args=[code, area.code, "timescales"]),
        reverse("statuses-programme", args=[code, "timescales"]),
    ]


def an_override(client: Client, address: str, rating: str, reason: str) -> dict[str, Any]:
    """What a browser would send from the page as it stands now."""
    page = client.get(address).content.decode()
    return given(rating=rating, reason=reason, seen=carried(page, "override-seen"))


def test_an_override_that_someone_else_set_first_is_shown_beside_what_was_typed(
    area: BusinessArea, ann: User, ben: User
) -> None:
    for address in addresses(area):
        hers, his = signed_in(ann), signed_in(ben)
        typed = an_override(hers, address, "AMBER", f"{REASON}, says Ann")
        his.post(address, an_override(his, address, "GREEN", f"{REASON}, says Ben"))

        answer = hers.post(address, typed)

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "saved this while you were typing" in page
        assert f"{REASON}, says Ben" in page
        assert f"{REASON}, says Ann</textarea>" in page
        newest = StatusOverride.objects.first()
        assert newest and newest.reason.endswith("says Ben")
        again = {**typed, "override-seen": carried(page, "override-seen")}
        assert hers.post(address, again).status_code == 302
        newest = StatusOverride.objects.first()
        assert newest and newest.reason.endswith("says Ann")


def test_an_override_that_was_not_seen_is_not_ended(
    area: BusinessArea, ann: User, ben: User
) -> None:
    for address in addresses(area):
        hers, his = signed_in(ann), signed_in(ben)
        hers.post(address, an_override(hers, address, "AMBER", REASON))
        ends = {
            "end": "1",
            "override-seen": carried(hers.get(address).content.decode(), "override-seen"),
        }
        his.post(address, an_override(his, address, "RED", f"{REASON}, all of it"))

        answer = hers.post(address, ends)

        assert answer.status_code == 409
        assert "Nothing is ended yet" in answer.content.decode()
        newest = StatusOverride.objects.first()
        assert newest and (newest.rating, newest.until_on > DAY) == (Rating.RED, True)


def test_a_forward_look_that_someone_else_said_first_is_shown(
    area: BusinessArea, ann: User, ben: User
) -> None:
    for address in addresses(area):
        hers, his = signed_in(ann), signed_in(ben)
        seen = carried(hers.get(address).content.decode(), "outlook-seen")
        sent = {"outlook": "1", "outlook-seen": seen}
        his.post(address, {**sent, "outlook-direction": "WORSENING", "outlook-note": "Ben’s"})

        typed = {**sent, "outlook-direction": "IMPROVING", "outlook-note": "Ann’s"}
        answer = hers.post(address, typed)

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Ben’s" in page and "Ann’s</textarea>" in page
        assert Outlook.objects.latest("pk").note == "Ben’s"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_speak_at_once_one_is_told_of_the_other(
    area: BusinessArea, ann: User, ben: User
) -> None:
    subject: dict[str, Any] = {"alliance": area.alliance, "strand": Strand.BUDGET, "day": DAY}

    def override(person: User, **of: Any) -> object:
        return statuses.override_status(
            **subject, **of, rating=Rating.RED, reason=f"{REASON}, {person}",
            until_on=DAY + timedelta(9), by=person, seen={},
        )  # fmt: skip

    def outlook(person: User, **of: Any) -> object:
        return statuses.say_outlook(
            **subject, **of, direction=Direction.STEADY, note=str(person), by=person, seen={}
        )

    for say in (override, outlook):
        for of in (area, None):
            with ThreadPoolExecutor(2) as both:
                found = list(both.map(lambda person: _said(say, person, of), (ann, ben)))  # noqa: B023
            assert sorted(found) == ["said", "told"]
    assert (StatusOverride.objects.count(), Outlook.objects.count()) == (2, 2)


def _said(say: Callable[..., object], person: User, of: BusinessArea | None) -> str:
    try:
        say(person, area=of)
    except PartChanged:
        return "told"
    finally:
        connection.close()
    return "said"
