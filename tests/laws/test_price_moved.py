"""A page that shows what a change does saves no other: if figures moved meanwhile, it shows them first."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.test import Client

from programmes.models import Alliance, Change, Force, User
from tests import factories
from tests.laws.hand import NotAsked, OnPages
from tests.laws.scene import an_alliance_to_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance() -> Alliance:
    return an_alliance_to_change("hills")


@pytest.fixture
def boss(client: Client) -> User:
    person = factories.administrator()
    client.force_login(person)
    return person


class Interrupted(OnPages):
    """Somebody halves a force's size between the page and its saving; `answer` is what came then."""

    was_asked = False
    answer: Any = None

    def __init__(self, seed: int, alliance: Alliance, by: User, client: Client) -> None:
        super().__init__(seed, alliance, by, client)
        self.meanwhile = self.halve

    def halve(self) -> None:
        self.was_asked = True
        for force in Force.objects.filter(alliance=self.alliance, code="north"):
            factories.force_size(
                force=force,
                measure=self.alliance.measures.get(),
                effective_on=date(2015, 4, 1),
                release=9,
                value=1500,
            )

    def sent(self, answer: Any) -> None:
        self.answer = answer
        super().sent(answer)


@pytest.mark.parametrize("what", sorted({*OnPages.PRICED} - {"stage", "not_reached"}))
def test_if_other_figures_moved_the_page_shows_the_new_price_and_saves_nothing(
    alliance: Alliance, boss: User, client: Client, what: str
) -> None:
    for seed in range(30):
        hand = Interrupted(seed, alliance, boss, client)
        with suppress(NotAsked):
            getattr(hand, what)()
        if hand.was_asked:
            break

    assert hand.was_asked
    assert not Change.objects.exists()
    assert hand.answer.status_code == 200
    page = hand.answer.content.decode()
    assert "Other figures changed while you were looking" in page
    assert f'name="priced" value="{hand.shown}"' not in page
