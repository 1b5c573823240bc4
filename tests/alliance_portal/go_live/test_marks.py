"""What an area needs and does not: marked as not applicable, with a reason."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from business_areas.models import (
    MovedDate,
    NotApplicable,
)
from tests.alliance_portal.go_live.ready import (
    CHECK,
    MARK,
    Ready,
    asked,
    lose,
    summary,
    take_live,
    words,
)

pytestmark = pytest.mark.django_db


def test_an_item_is_marked_as_not_applicable_and_that_is_undone(
    ready: Ready, client: Client
) -> None:
    lose(ready)
    sent = {"item": "TECHNOLOGY", "reason": "<b>Each force</b> keeps its own until 2019."}
    for _ in range(2):
        page = client.post(MARK, sent, follow=True)
    assert "&lt;b&gt;Each force&lt;/b&gt; keeps its own" in page.content.decode()
    assert "is in place, or does not apply." in words(page)
    mark = NotApplicable.objects.get()
    assert (mark.said_by, mark.item) == (ready.alice, "TECHNOLOGY")
    check = client.get(f"{CHECK}?{urlencode(asked(ready))}")
    assert "5 of 6 in place “Technology in place” does not apply: <b>Each force</b>" in words(check)

    for _ in range(2):
        page = client.post(MARK, {"item": "TECHNOLOGY", "undo": str(mark.pk)}, follow=True)

    assert "“Technology in place” applies again." in words(page)
    assert not NotApplicable.objects.exists()


def test_what_did_not_apply_is_kept_with_the_go_live(ready: Ready, client: Client) -> None:
    lose(ready)
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "Not before 2019."})

    take_live(ready)

    change = MovedDate.objects.get().change
    assert change.details == "Marked as not applicable: Technology in place."


def test_a_mark_needs_a_reason_and_takes_a_long_one(ready: Ready, client: Client) -> None:
    lose(ready)

    for reason, sentence in (
        (" ", "Enter why “Technology in place” does not apply"),
        (
            "x" * 2001,
            "The reason must be 2,000 characters or fewer; it has 2,001, which is 1 too many",
        ),
    ):
        page = client.post(MARK, {"item": "TECHNOLOGY", "reason": reason})
        assert summary(page) == [sentence]
        assert "<details" in page.content.decode().split("need-TECHNOLOGY")[1]
        assert " open>" in page.content.decode().split("need-TECHNOLOGY")[1]
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "W" * 400})
    client.post(MARK, {"item": "WEATHER", "reason": "Rain"})

    assert NotApplicable.objects.get().reason == "W" * 400


def test_two_who_mark_the_same_item_see_both_reasons(ready: Ready, client: Client) -> None:
    lose(ready)
    ready.client(ready.bert).post(MARK, {"item": "TECHNOLOGY", "reason": "His reason."})

    page = client.post(MARK, {"item": "TECHNOLOGY", "reason": "My reason."})

    assert summary(page) == [
        "Bob has marked this already: “His reason.”. Undo that first to give another reason."
    ]
    assert ">\nMy reason.</textarea>" in page.content.decode()
    mine = NotApplicable.objects.get().pk
    NotApplicable.objects.all().delete()
    client.post(MARK, {"item": "TECHNOLOGY", "reason": "A new reason."})
    page = client.post(MARK, {"item": "TECHNOLOGY", "undo": str(mine)}, follow=True)
    assert "Someone else has marked this again" in words(page)
    assert NotApplicable.objects.get().reason == "A new reason."
