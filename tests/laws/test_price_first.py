"""Nothing that moves money is saved unseen: a save that carries no price is shown what it does first."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from alliance_portal.launcher.places import CHECKOUT
from business_areas.models import ApprovalRequest
from programmes.checked import CheckedPage
from programmes.models import Alliance, Change, User
from tests import factories
from tests.laws.hand import NotAsked, OnPages
from tests.laws.scene import an_alliance_to_change

pytestmark = pytest.mark.django_db

TEMPLATES = CHECKOUT / "templates"


@pytest.fixture
def alliance() -> Alliance:
    return an_alliance_to_change("hills")


@pytest.fixture
def boss(client: Client) -> User:
    person = factories.administrator()
    client.force_login(person)
    return person


class Unseen(OnPages):
    """Sends every save without the price of its page; `answer` is what came of one that had one."""

    answer: Any = None

    def carried(self, answer: Any) -> dict[str, Any]:
        carried = super().carried(answer)
        self.was_priced = bool(carried.pop("priced", ""))
        return carried

    def sent(self, answer: Any) -> None:
        if self.was_priced and self.answer is None and (answer.status_code != 302 or self.moves):
            self.answer = answer
        super().sent(answer)

    @property
    def moves(self) -> bool:
        """Whether a change that moved money, or what waits, is on record."""
        return any(change.effect or change.waiting for change in Change.objects.all())


@pytest.mark.parametrize("what", sorted({*OnPages.PRICED} - {"stage", "not_reached"}))
def test_a_save_without_its_price_is_shown_it_and_saves_nothing(
    alliance: Alliance, boss: User, client: Client, what: str
) -> None:
    for seed in range(30):
        hand = Unseen(seed, alliance, boss, client)
        with suppress(NotAsked):
            getattr(hand, what)()
        if hand.answer is not None:
            break

    assert hand.answer is not None
    assert not hand.moves
    assert hand.answer.status_code == 200
    page = hand.answer.content.decode()
    assert "Nothing has been" in page
    assert "Other figures changed while you were looking" not in page
    assert f'name="priced" value="{hand.shown}"' in page


def test_a_request_for_an_approved_date_is_shown_what_it_does_first(
    alliance: Alliance, boss: User, client: Client
) -> None:
    for seed in range(30):
        hand = Unseen(seed, alliance, boss, client)
        with suppress(NotAsked):
            hand.asked()
        if hand.answer is not None:
            break

    assert not ApprovalRequest.objects.exists()
    assert 'name="priced"' in hand.answer.content.decode()


def every_page() -> Iterator[type[CheckedPage[Any]]]:
    """The pages that an address leads to, and that change something in steps."""
    for found in _patterns(get_resolver().url_patterns):
        view = getattr(found.callback, "view_class", None)
        if isinstance(view, type) and issubclass(view, CheckedPage):
            yield view


def _patterns(found: Any) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(each.url_patterns)


def test_every_page_that_changes_in_steps_saves_in_one_way() -> None:
    pages = set(every_page())

    assert len(pages) > 10
    for page in pages:
        assert page.form_valid is CheckedPage.form_valid
        assert page._make is CheckedPage._make


def test_no_other_page_carries_a_price() -> None:
    carry = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if 'name="priced"' in path.read_text()
    }

    # The check page, one that asks where it shows, and the answer to a request.
    assert carry == {
        "changes/check.html",
        "business_areas/withdraw_area.html",
        "dates/_answer.html",
    }
