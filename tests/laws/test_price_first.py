"""Nothing that moves money is saved unseen: a save that carries no price is shown what it does first."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.generic import RedirectView

from alliance_portal.launcher.places import CHECKOUT
from business_areas.models import ApprovalRequest
from programmes.changes import PriceMoved
from programmes.changes.door import Door as AtTheDoor
from programmes.checked import CheckedPage
from programmes.models import Alliance, Change, User
from programmes.services import sizes
from savings import recompute
from savings.pages.settlement.acts import Act
from tests import factories
from tests.forms_on_pages import filled_in
from tests.laws import doors
from tests.laws.scene import an_alliance_to_change

pytestmark = pytest.mark.django_db

TEMPLATES = CHECKOUT / "templates"
# Pages that take what is sent in another way than in steps, and what they change: nothing of money.
UNPRICED = {
    "AddArea": "a new area has none",
    "AddMilestone": "nothing follows a new milestone",
    "Approval": "the answer to a request, which carries the price that it showed",
    "ChangePassword": "the reader's own",
    "Confirm": "a date stays as it is",
    "Forget": "a what-if, which moved nothing",
    "ForgetView": "a list's view",
    "HoldArea": "an area's work pauses; its dates stay",
    "LoginView": "nothing",
    "LogoutView": "nothing",
    "MarkNotApplicable": "what an area need not have to go live",
    "MilestoneDates": "asks only; the next page is in steps",
    "PasswordResetFromKeyView": "one's own password",
    "PasswordResetView": "one's own password",
    "ReadSizes": "a file is read; the next page is in steps",
    "ReadyToGoLive": "asks only; the next page is in steps",
    "ResumeArea": "an area's work goes on; its dates stay",
    "SaveView": "a list's view",
    "StatusPage": "what people say of a status",
    "Suppose": "a what-if, which moves nothing",
    "TakeOut": "a what-if, which moves nothing",
    "WhatIfs": "a what-if, which moves nothing",
}


@pytest.fixture
def alliance() -> Alliance:
    alliance = an_alliance_to_change("hills")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")
    return alliance


@pytest.fixture
def boss(client: Client) -> User:
    person = factories.administrator()
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", doors.EVERY)
def test_a_save_without_its_price_is_shown_it_and_saves_nothing(
    alliance: Alliance, boss: User, client: Client, name: str
) -> None:
    door = doors.EVERY[name](alliance)

    answer, sent = sent_unseen(client, door)

    assert not moves()
    if not door.moves_money:
        return
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Nothing has been" in page
    assert "Other figures changed while you were looking" not in page
    priced = filled_in(page)["priced"]
    # Seen, it is saved: it was refused for nothing else.
    answer = client.post(door.address, {**sent, "priced": priced, **door.file()})
    assert answer.status_code == 302
    assert moves()


def sent_unseen(client: Client, door: doors.Door) -> tuple[Any, dict[str, Any]]:
    """The answer to a save that forgot the price that its page showed, and what was sent."""
    sent = door.filled_in(client)
    sent.pop("priced", None)
    answer = client.post(door.address, {**sent, **door.file()})
    if answer.status_code == 200 and not moves() and 'name="save"' in answer.content.decode():
        sent = {**filled_in(answer.content.decode()), **doors.ANSWERS, "save": "1"}
        sent.pop("priced", None)
        answer = client.post(door.address, {**sent, **door.file()})
    return answer, sent


def moves() -> bool:
    """Whether a change that moved money, or what waits, is on record."""
    return any(change.effect or change.waiting for change in Change.objects.all())


def test_every_page_that_changes_in_steps_is_asked(alliance: Alliance) -> None:
    found = {page for page in doors.every_page() if not issubclass(page, Act)}

    asked = {doors.page_of(door, alliance) for door in doors.EVERY.values()}

    assert {page.__name__ for page in found - asked} == set()


def test_every_page_that_changes_in_steps_saves_in_one_way() -> None:
    for page in doors.every_page():
        assert page.form_valid is CheckedPage.form_valid
        assert page._make is CheckedPage._make


def test_whatever_else_takes_what_is_sent_moves_no_money() -> None:
    others = {
        view.__name__
        for view in doors.every_view()
        if isinstance(view, type)
        and hasattr(view, "post")
        and not issubclass(view, CheckedPage | RedirectView)
    }

    assert others == set(UNPRICED)


def test_a_page_that_forgets_to_ask_cannot_move_money(alliance: Alliance, boss: User) -> None:
    def forgetful(request: HttpRequest) -> HttpResponse:
        sizes.record_release(
            measure=alliance.measures.get(),
            effective_on=date(2015, 4, 1),
            source="A later release",
            values={alliance.forces.get(code="north"): 9000},
            by=boss,
        )
        return HttpResponse()

    for path in ("/alliances/hills/new-page/", "/admin/programmes/new-page/"):
        with pytest.raises(PriceMoved):
            AtTheDoor(forgetful)(RequestFactory().post(path))

    assert not Change.objects.exists()


def test_a_request_for_an_approved_date_is_shown_what_it_does_first(
    alliance: Alliance, boss: User, client: Client
) -> None:
    answer, _ = sent_unseen(client, doors.approved_date(alliance))

    assert not ApprovalRequest.objects.exists()
    assert 'name="priced"' in answer.content.decode()


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
