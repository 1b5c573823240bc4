"""Alice may, Bob may look, Mallory is from elsewhere."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from programmes.models import Alliance, Role, User
from programmes.permissions import FOR_ONE_FORCE, Action, spokespeople, standing, visible_alliances
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance() -> Alliance:
    return factories.alliance(code="hills")


@pytest.fixture
def alice(alliance: Alliance) -> User:
    """The finance officer."""
    return factories.role(alliance=alliance, kind=Role.Kind.FINANCE_OFFICER).user


@pytest.fixture
def bob(alliance: Alliance) -> User:
    """A panel member."""
    return factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user


@pytest.fixture
def mallory() -> User:
    """The finance officer of another alliance."""
    return factories.role(kind=Role.Kind.FINANCE_OFFICER).user


@pytest.mark.parametrize(
    "kind, allowed",
    [
        (
            Role.Kind.PROGRAMME_MANAGER,
            {
                Action.CHANGE_DATES,
                Action.ASK_FOR_DATES,
                Action.APPROVE_DATES,
                Action.MANAGE_AREAS,
                Action.OVERRIDE_STATUSES,
                Action.MANAGE_ALLIANCE,
                Action.SUPPOSE,
            },
        ),
        (
            Role.Kind.FINANCE_OFFICER,
            {
                Action.RECORD_SIZES,
                Action.CHANGE_RULES,
                Action.CHANGE_AMOUNTS,
                Action.SETTLE,
                Action.SUPPOSE,
            },
        ),
        (
            Role.Kind.CHIEF_OFFICER,
            {
                Action.ASK_FOR_DATES,
                Action.APPROVE_DATES,
                Action.OVERRIDE_STATUSES,
                Action.SUPPOSE,
            },
        ),
        (Role.Kind.PANEL_MEMBER, set()),
    ],
)
def test_each_role_may_do_this_and_no_more(
    alliance: Alliance, kind: str, allowed: set[Action]
) -> None:
    user = factories.role(alliance=alliance, kind=kind).user
    found = standing(user, "hills")
    assert {action for action in Action if found.may(action)} == allowed


def test_only_a_role_that_names_a_force_gives_its_word(alliance: Alliance) -> None:
    north = factories.force(alliance=alliance)
    role = factories.role(alliance=alliance, kind=Role.Kind.FINANCE_OFFICER, force=north)
    assert standing(role.user, "hills").may(Action.ANSWER, of=north)
    factories.role(alliance=alliance, kind=Role.Kind.FINANCE_OFFICER)
    assert spokespeople(alliance, Action.ANSWER) == {north.pk: [role.user.name]}
    factories.role(
        alliance=alliance,
        user=role.user,
        kind=Role.Kind.FINANCE_OFFICER,
        force=factories.force(alliance=alliance),
    )
    assert not standing(role.user, "hills").may(Action.ANSWER)
    assert not spokespeople(alliance, Action.ANSWER)


def test_two_roles_add_up(alliance: Alliance, alice: User) -> None:
    factories.role(alliance=alliance, user=alice, kind=Role.Kind.PROGRAMME_MANAGER)
    found = standing(alice, "hills")
    assert all(found.may(action) for action in Action if action not in FOR_ONE_FORCE)
    assert list(visible_alliances(alice)) == [alliance]


def test_an_administrator_may_do_everything_everywhere(alliance: Alliance) -> None:
    found = standing(factories.administrator(), "hills")
    assert all(found.may(action) for action in Action if action not in FOR_ONE_FORCE)


def test_a_role_elsewhere_allows_nothing_here(alliance: Alliance, bob: User) -> None:
    factories.role(user=bob, kind=Role.Kind.FINANCE_OFFICER)
    assert not standing(bob, "hills").may(Action.RECORD_SIZES)


def test_what_one_may_not_do_is_said(alliance: Alliance, bob: User) -> None:
    with pytest.raises(PermissionDenied, match="does not let you record force sizes"):
        standing(bob, "hills").require(Action.RECORD_SIZES)


def test_another_alliance_is_as_missing_as_one_that_is_not_there(
    alliance: Alliance, mallory: User
) -> None:
    said = set()
    for code in ("hills", "no-such-alliance"):
        with pytest.raises(Http404) as missing:
            standing(mallory, code)
        said.add(str(missing.value))
    assert len(said) == 1


def test_nobody_is_nobody(alliance: Alliance) -> None:
    assert not visible_alliances(AnonymousUser())
    with pytest.raises(Http404):
        standing(AnonymousUser(), "hills")


def test_alice_may_bob_may_look_and_mallory_sees_nothing(
    client: Client, alliance: Alliance, alice: User, bob: User, mallory: User
) -> None:
    record = reverse("money-sizes-record", args=["hills"])
    sizes = reverse("money-sizes", args=["hills"])
    answers = {}
    for name, user in {"alice": alice, "bob": bob, "mallory": mallory}.items():
        client.force_login(user)
        answers[name] = (client.get(sizes).status_code, client.post(record, {}).status_code)
    assert answers == {"alice": (200, 200), "bob": (200, 403), "mallory": (404, 404)}


def test_the_page_for_mallory_is_that_of_a_missing_alliance(
    client: Client, alliance: Alliance, mallory: User
) -> None:
    client.force_login(mallory)
    pages = []
    for code in ("hills", "no-such-alliance"):
        page = client.get(reverse("money", args=[code])).content.decode().replace(code, "")
        pages.append(re.sub(r"[A-Za-z0-9]{64}", "", page))  # a form's token, new on every page
    assert pages[0] == pages[1]


def test_who_is_not_signed_in_is_asked_to(client: Client, alliance: Alliance) -> None:
    for code in ("hills", "no-such-alliance"):
        answer = client.get(reverse("money", args=[code]))
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_a_user_who_is_kept_out_is_out(client: Client, alliance: Alliance, alice: User) -> None:
    client.force_login(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(reverse("money", args=["hills"])).status_code == 302
