"""The pages on which an approved date is asked for, and agreed to, refused or withdrawn."""

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from business_areas.models import ApprovalRequest, BusinessArea, Milestone, MovedDate
from programmes.models import Change, Role, User
from tests import factories
from tests.alliance_portal.dates.moves import MILESTONE, TOLD, Alliance, an_alliance
from tests.alliance_portal.dates.test_pages import summary, words
from tests.saving import saved

pytestmark = pytest.mark.django_db

ASK = f"{MILESTONE}approved/"
APRIL, JULY = date(2017, 4, 1), date(2017, 7, 1)
TYPED = {"to_day": "1", "to_month": "7", "to_year": "2017", "details": TOLD, "seen": "1"}


@pytest.fixture
def known() -> Alliance:
    """The go-live is approved for April and forecast for July."""
    known = an_alliance()
    Milestone.objects.filter(pk=known.milestone.pk).update(forecast_on=JULY)
    return known


@pytest.fixture
def alice(known: Alliance) -> Client:
    return known.client(known.alice)


@pytest.fixture
def bob(known: Alliance) -> Client:
    return known.client(known.bob)


def hidden(answer: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


def ask(client: Client, seen: str = "2") -> str:
    """The address of the request."""
    check = client.post(ASK, {**TYPED, "seen": seen})
    sent = {**TYPED, "seen": seen, "priced": hidden(check, "priced"), "save": "1"}
    return str(client.post(ASK, sent)["Location"])


def agree(client: Client, address: str, page: HttpResponse | None = None) -> HttpResponse:
    page = page or client.get(address)
    sent = {"agree": "1", "seen": hidden(page, "seen"), "priced": hidden(page, "priced")}
    answer: HttpResponse = client.post(address, sent)
    return answer


def approved() -> date | None:
    return Milestone.objects.get().approved_on


def test_the_page_that_asks_shows_what_the_date_does_and_who_may_agree(
    known: Alliance, alice: Client
) -> None:
    chief = factories.role(alliance=known.scene.alliance, kind=Role.Kind.CHIEF_OFFICER).user
    factories.role(alliance=known.scene.alliance, kind=Role.Kind.FINANCE_OFFICER)

    page = words(alice.post(ASK, {**TYPED, "seen": "2"}))

    assert "Nothing has been saved yet." in page
    assert "1 April 2017 → 1 July 2017" in page
    assert TOLD in page
    assert "91 days later than approved, not re-baselined" in page
    assert "On the approved date, re-baselined 91 days later than first promised" in page
    assert "slipped since approved and nothing re-baselined since the original" in page
    assert "nothing slipped since approved and" in page
    assert "Against 1 April 2017, approved now" in page
    assert "Against 1 July 2017, asked for" in page
    who = page.split("Who may agree")[1].split("Ask for 1 July")[0]
    assert who.split(":")[1].split() == ["Bob", *str(chief).split()]
    assert not ApprovalRequest.objects.exists()


def test_one_asks_and_another_agrees(known: Alliance, alice: Client, bob: Client) -> None:
    address = ask(alice)
    assert ask(alice) == address
    assert approved() == APRIL
    assert "Alice has asked for 1 July 2017 as its approved date" in words(bob.get(MILESTONE))

    shown = bob.get(address)
    saved = agree(bob, address, shown)

    assert approved() == JULY
    page = words(bob.get(saved["Location"]))
    assert "The original baseline, 1 April 2017, stays beside it" in page
    assert "Ask to go back to 1 April 2017" in page
    history = words(bob.get(MILESTONE)).split("History", 1)[1]
    assert "Approved date: 1 April 2017 → 1 July 2017" in history
    assert "Approved date asked for: 1 April 2017 → 1 July 2017" in history
    kinds = Change.objects.order_by("pk").values_list("kind", "made_by__name")
    assert list(kinds) == [("APPROVAL", "Alice"), ("APPROVED_DATE", "Bob")]
    assert agree(bob, address, shown).status_code == 302  # sent twice, agreed to once
    assert MovedDate.objects.filter(which="APPROVED").count() == 1


def test_who_asked_sees_who_may_agree_and_can_only_withdraw(
    known: Alliance, alice: Client, bob: Client
) -> None:
    address = ask(alice)

    page = alice.get(address)

    assert "This person may agree to it or refuse it: Bob" in words(page)
    assert 'name="agree"' not in page.content.decode()
    sent = alice.post(address, {"agree": "1", "seen": "2", "priced": ""})
    assert "somebody else who may approve dates has to agree" in words(sent)
    assert 'name="withdraw"' not in bob.get(address).content.decode()
    assert "The request is withdrawn" in words(alice.post(address, {"withdraw": "1"}, follow=True))
    assert approved() == APRIL
    assert "Approved date that was asked for withdrawn" in words(alice.get(MILESTONE))


def test_a_refusal_needs_a_reason_and_is_in_the_history(alice: Client, bob: Client) -> None:
    address = ask(alice)

    assert summary(bob.post(address, {"refuse": "1"})) == ["Enter why the date is refused"]
    page = words(bob.post(address, {"refuse": "1", "answer": "Not <b>funded</b>."}, follow=True))

    assert "The date is refused; the approved date stands." in page
    assert "Why it was refused Not <b>funded</b>." in page
    assert approved() == APRIL
    assert "Not <b>funded</b>." in words(alice.get(MILESTONE)).split("History")[1]


@pytest.mark.parametrize("what", ["date", "money"])
def test_a_request_whose_facts_moved_says_so_and_is_priced_afresh(
    known: Alliance, alice: Client, bob: Client, what: str
) -> None:
    address = ask(alice)
    seen = bob.get(address)
    assert "has changed since it was asked for" not in words(seen)
    if what == "date":
        Milestone.objects.update(forecast_on=date(2017, 8, 1))
    else:
        known.milestone.items.filter(code="posts").update(full_year_pence=999_999)

    first = agree(bob, address, seen)

    assert first.status_code == 409
    assert approved() == APRIL
    assert "changed while you were looking" in words(first)
    assert "has changed since it was asked for" in words(bob.get(address))
    agree(bob, address, first)
    assert approved() == JULY


def test_without_a_forecast_the_shares_that_move_are_shown_and_stored(
    known: Alliance, alice: Client, bob: Client
) -> None:
    Milestone.objects.update(forecast_on=None)
    address = ask(alice, "3")
    page = bob.get(address)
    assert "what starts from this milestone starts from the approved date" in words(page)

    agree(bob, address, page)

    change = Change.objects.get(kind="APPROVED_DATE")
    assert change.effect
    assert Change.objects.get(kind="APPROVAL").effect == []


def test_what_is_reached_is_not_asked_for(alice: Client, bob: Client) -> None:
    address = ask(alice)
    Milestone.objects.update(actual_on=date(2017, 1, 31))

    page = words(alice.get(ASK, follow=True))

    assert "was reached on 31 January 2017, so it gets no new approved date." in page
    assert "Ask for a new approved date" not in page
    waiting = bob.get(address)
    assert "Nobody can agree to it as things stand" in words(waiting)
    assert 'name="agree"' not in waiting.content.decode()
    assert 'name="refuse"' in waiting.content.decode()


def test_another_persons_request_is_shown_where_one_would_ask(alice: Client, bob: Client) -> None:
    address = ask(alice)

    page = bob.get(ASK)

    assert "Alice has asked for 1 July 2017 already" in words(page)
    assert f'href="{address}"' in page.content.decode()
    (said,) = summary(saved(bob, ASK, {**TYPED, "to_month": "6", "seen": "2"}))
    assert said.startswith("Alice has asked for 1 July 2017 already")


def test_it_waits_where_those_look_who_may_answer(
    known: Alliance, alice: Client, bob: Client
) -> None:
    reader = factories.role(alliance=known.scene.alliance, kind=Role.Kind.PANEL_MEMBER).user
    address = ask(alice)

    for path in ("/", "/alliances/hills/"):
        assert f'href="{address}"' in bob.get(path).content.decode()
    assert "Alice asks for 1 April 2017 → 1 July 2017" in words(bob.get("/alliances/hills/"))
    for other in (alice, known.client(reader)):
        assert "Waits for your answer" not in words(other.get("/"))
    BusinessArea.objects.update(stage="WITHDRAWN")
    assert f'href="{address}"' not in bob.get("/alliances/hills/").content.decode()


@pytest.mark.parametrize(
    ("kind", "asks", "answers"),
    [
        (Role.Kind.PROGRAMME_MANAGER, 200, 302),
        (Role.Kind.CHIEF_OFFICER, 200, 302),
        (Role.Kind.FINANCE_OFFICER, 403, 403),
        (Role.Kind.PANEL_MEMBER, 403, 403),
        (None, 404, 404),
    ],
)
def test_who_may_ask_and_who_may_answer(
    known: Alliance, alice: Client, kind: str | None, asks: int, answers: int
) -> None:
    address = ask(alice)
    somebody: User = (
        factories.role(alliance=known.scene.alliance, kind=kind).user if kind else factories.user()
    )
    client = known.client(somebody)

    assert client.get(ASK).status_code == asks
    assert client.post(address, {"refuse": "1", "answer": "No."}).status_code == answers


def test_the_request_of_another_milestone_is_not_found_here(known: Alliance, bob: Client) -> None:
    other = factories.milestone(area=known.scene.fleet, kind="REVIEW", code="review")
    request = factories.approval_request(milestone=other, asked_by=known.alice)

    assert bob.get(f"{ASK}{request.pk}/").status_code == 404
