"""What cannot be, who may not, and whatever else is sent to the go-live pages."""

import html
import random
from datetime import date
from urllib.parse import unquote, urlencode

import pytest
from django.test import Client

from business_areas.models import (
    BusinessArea,
    MovedDate,
)
from programmes.models import Alliance
from tests.alliance_portal.go_live.ready import (
    AREA,
    CHECK,
    CORRECT,
    GO_LIVE,
    LIVE,
    MARK,
    TODAY,
    WENT_LIVE,
    Ready,
    asked,
    correction,
    lose,
    summary,
    take_live,
    typed,
    words,
)
from tests.test_any_address import WILD

pytestmark = pytest.mark.django_db


BAD = [
    (("31", "2", "2017"), "Go-live date must be a real date, for example 31 3 2018"),
    (("16", "1", "17"), "Go-live date must have a year of four digits, for example 2018"),
    (("16", "1", "2101"), "Go-live date must be between 1900 and 2100: check the year"),
    (("16", "", "2017"), "Go-live date must include a month"),
    (("", "", ""), "Enter the go-live date"),
    (("2", "2", "2017"), "The go-live date must be today, 1 February 2017, or earlier."),
    (
        ("28", "2", "2015"),
        "The date must be on or after 1 March 2015, when the alliance began: check the year.",
    ),
    (("<b>", "1", "2017"), "Go-live date must be a real date, for example 31 3 2018"),
]


@pytest.mark.parametrize("bad, sentence", BAD)
def test_a_bad_day_has_one_sentence_and_keeps_what_was_typed(
    client: Client, bad: tuple[str, str, str], sentence: str
) -> None:
    page = client.post(GO_LIVE, typed(bad, seen="1"))

    assert summary(page) == [sentence]
    for box, value in zip(("day", "month", "year"), bad, strict=True):
        if value:
            assert f'name="on_{box}"' in page.content.decode()
            assert f'value="{html.escape(value)}"' in page.content.decode()


@pytest.mark.parametrize("on", ["2017-02-02", "2015-02-28", "soon", "", "2017-02-30"])
def test_an_address_with_a_bad_day_leads_back_to_where_it_is_typed(
    ready: Ready, client: Client, on: str
) -> None:
    sent = {"on": on, "seen": "1", "stage": "IMPLEMENTATION"}

    assert client.get(f"{CHECK}?{urlencode(sent)}")["Location"].startswith(GO_LIVE)
    assert client.post(CHECK, sent)["Location"].startswith(GO_LIVE)
    assert ready.stage() == "IMPLEMENTATION"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": "WITHDRAWN"}, "Fleet is withdrawn, so its dates no longer change."),
        ({"stage": "CLOSED"}, "Fleet went live already."),
        (
            {"on_hold_since": TODAY, "hold_reason": "No room"},
            "Fleet is on hold; resume it before it goes live.",
        ),
    ],
)
def test_an_area_that_cannot_go_live_says_why_at_its_old_address(
    ready: Ready, client: Client, fields: dict[str, str], sentence: str
) -> None:
    BusinessArea.objects.filter(pk=ready.scene.fleet.pk).update(**fields)

    page = client.get(GO_LIVE)

    assert sentence in words(page)
    assert "When did it go live?" not in words(page)
    for address, sent in (
        (GO_LIVE, typed(WENT_LIVE)),
        (CHECK, asked(ready)),
        (MARK, {"item": "PEOPLE", "reason": "No"}),
        (CORRECT, correction(ready, WENT_LIVE, save="1")),
    ):
        assert client.post(address, sent, follow=True).status_code == 200
    assert not MovedDate.objects.exists()


def test_an_area_without_a_go_live_milestone_says_what_to_do(ready: Ready, client: Client) -> None:
    ready.scene.fleet.items.all().delete()
    ready.milestone.delete()

    page = client.get(GO_LIVE)

    assert "Fleet has no go-live milestone; add one to the area, then come back." in words(page)
    assert client.get(f"{AREA}add-milestone/").status_code == 200
    assert f'href="{AREA}add-milestone/"' in page.content.decode()
    sent = {"on": "2017-01-16", "seen": "1", "stage": "IMPLEMENTATION"}
    for address in (GO_LIVE, CHECK, CORRECT):
        assert client.post(address, {**sent, **typed(WENT_LIVE)}, follow=True).status_code == 200
    assert ready.stage() == "IMPLEMENTATION"


def test_a_reader_sees_the_list_and_may_do_nothing(ready: Ready) -> None:
    lose(ready)
    bob = ready.client(ready.bob)

    page = bob.get(GO_LIVE)

    assert page.status_code == 200
    assert "technology is still in design" in words(page)
    assert "Mark as not applicable" not in words(page)
    assert "/edit/" not in page.content.decode()
    for address, sent in (
        (GO_LIVE, typed(WENT_LIVE)),
        (MARK, {"item": "TECHNOLOGY", "reason": "No"}),
        (CHECK, asked(ready)),
        (CORRECT, correction(ready, WENT_LIVE, save="1")),
    ):
        assert bob.post(address, sent).status_code == 403
    assert bob.get(f"{CHECK}?{urlencode(asked(ready))}").status_code == 403
    assert bob.get(CORRECT).status_code == 403


def test_another_alliance_is_not_there_at_all(ready: Ready) -> None:
    mallory = ready.client(ready.mallory)

    for address in (GO_LIVE, MARK, CHECK, LIVE, CORRECT):
        assert mallory.get(address).status_code == 404
        assert mallory.post(address, asked(ready)).status_code == 404
    assert ready.client(ready.alice).get(GO_LIVE.replace("fleet", "no-such")).status_code == 404


SENT_WITH = {
    CHECK: ("on", "seen", "stage", "priced"),
    CORRECT: ("what", "seen", "reason", "on_year"),
    MARK: ("item", "reason", "undo"),
}


@pytest.mark.parametrize("address", SENT_WITH)
def test_whatever_is_sent_the_answer_is_a_page(ready: Ready, client: Client, address: str) -> None:
    """In an alliance that does not say when it began, too."""
    Alliance.objects.update(explored_on=None, agreed_on=None)
    if address == CORRECT:
        take_live(ready)
    chance = random.Random(1)
    for name in SENT_WITH[address]:
        for wild in ("0001-01-01", *map(unquote, chance.sample(WILD, 5))):
            sent = {**asked(ready), **correction(ready, date(1900, 1, 1)), name: wild}
            client.get(address, sent)
            for more in ({}, {"save": "1"}):
                answer = client.post(address, {"priced": "x", **sent, **more})
                refused = (400,) if "\x00" in wild else ()  # before any page looks at it
                assert answer.status_code in (200, 302, 409, *refused)
