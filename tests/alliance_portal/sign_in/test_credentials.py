"""Addresses, passwords and who may change them: one's own address only, all of it on record."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from programmes.models import User
from tests.admin_forms import address, send
from tests.alliance_portal.sign_in.conftest import (
    PASSWORD,
    ask_for_link,
    browser_of,
    follow,
    is_in,
    sign_in,
)

pytestmark = pytest.mark.django_db

NEW = "another horse battery staple"


def recorded(user: User) -> list[str]:
    """What is on record of the user, in order."""
    return [event.pgh_label for event in user.events.order_by("pgh_id")]  # type: ignore[attr-defined]


# Whose address counts ------------------------------------------------------------------------------


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_that_is_not_the_persons_own_neither_signs_in_nor_gets_a_link(
    alice: User, verified: bool
) -> None:
    EmailAddress.objects.create(
        user=alice, email="mallory@example.org", verified=verified, primary=True
    )

    assert ask_for_link("mallory@example.org") == []
    assert not sign_in("mallory@example.org")
    assert sign_in(alice.email)


@pytest.mark.parametrize("typed", ["Alice@Example.ORG", " alice@example.org "])
def test_the_own_address_counts_however_it_is_typed(alice: User, typed: str) -> None:
    assert sign_in(typed)
    assert len(ask_for_link(typed)) == 1
    assert mail.outbox[0].to == [alice.email]


@pytest.mark.parametrize(
    "typed", ["al\u0131ce@example.org", "alice@example.org\u017f", "ALİCE@example.org"]
)
def test_letters_that_look_like_the_address_are_not_the_address(alice: User, typed: str) -> None:
    assert ask_for_link(typed) == []
    assert not sign_in(typed)


def test_nothing_that_a_person_does_makes_a_second_address(alice: User) -> None:
    follow(ask_for_link(alice.email)[0], NEW)
    sign_in(alice.email, NEW)

    assert not EmailAddress.objects.exists()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client, alice: User) -> None:
    reset = reverse("account_reset_password")

    known = client.post(reset, {"email": alice.email}, follow=True)
    unknown = client.post(reset, {"email": "nobody@example.org"}, follow=True)

    assert known.content == unknown.content
    assert [message.to for message in mail.outbox] == [[alice.email]]


# Links ---------------------------------------------------------------------------------------------


def test_a_link_sets_a_password_once(alice: User) -> None:
    (link,) = ask_for_link(alice.email)

    assert follow(link, NEW)
    assert sign_in(alice.email, NEW) and not sign_in(alice.email, PASSWORD)
    assert not follow(link, "a third horse battery")


def test_no_link_survives_a_password_an_address_or_a_deactivation(alice: User) -> None:
    def link_then(**change: object) -> bool:
        (link,) = ask_for_link(User.objects.get(pk=alice.pk).email)
        User.objects.filter(pk=alice.pk).update(**change)
        User.objects.filter(pk=alice.pk).update(is_active=True)
        return follow(link, "a third horse battery")

    assert not link_then(password=User(password="").password + "pbkdf2_sha256$1$a$b")
    assert not link_then(email="alice.smith@example.org")
    assert not link_then(is_active=False)
    assert link_then(name="Alice Smith")


def test_somebody_switched_off_gets_no_link_and_can_use_none(alice: User) -> None:
    (link,) = ask_for_link(alice.email)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert not follow(link, NEW)
    assert ask_for_link(alice.email) == []
    assert not sign_in(alice.email)


def test_somebody_switched_off_between_the_two_pages_of_a_link_sets_no_password(
    alice: User,
) -> None:
    client = Client()
    page = client.get(ask_for_link(alice.email)[0], follow=True)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    before = User.objects.get(pk=alice.pk).password

    answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert "no longer works" in answer.content.decode()
    assert User.objects.get(pk=alice.pk).password == before


# Sessions ------------------------------------------------------------------------------------------


def test_a_deactivation_ends_sessions_for_good(alice: User) -> None:
    browser = browser_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_in(browser)

    User.objects.filter(pk=alice.pk).update(is_active=True)

    assert not is_in(browser)
    assert sign_in(alice.email)


def test_a_session_that_nobody_used_meanwhile_is_over_too(alice: User) -> None:
    browser = browser_of(alice)

    User.objects.filter(pk=alice.pk).update(is_active=False)
    User.objects.filter(pk=alice.pk).update(is_active=True)

    assert not is_in(browser)


def test_a_row_that_was_read_before_a_deactivation_does_not_undo_it(alice: User) -> None:
    browser, stale = browser_of(alice), User.objects.get(pk=alice.pk)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    stale.save()

    assert User.objects.get(pk=alice.pk).is_active
    assert not is_in(browser)


def test_a_password_that_is_changed_ends_every_other_session(alice: User) -> None:
    here, elsewhere = browser_of(alice), browser_of(alice)
    page = reverse("account_change_password")

    here.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_password_that_is_reset_ends_every_session(alice: User) -> None:
    browser = browser_of(alice)

    follow(ask_for_link(alice.email)[0], NEW)

    assert not is_in(browser)


def test_a_session_alone_changes_no_password(alice: User) -> None:
    borrowed = browser_of(alice)
    page = reverse("account_change_password")

    for old in ({}, {"oldpassword": ""}, {"oldpassword": "a guess"}):
        borrowed.post(page, {**old, "password1": NEW, "password2": NEW})

    assert sign_in(alice.email, PASSWORD)


# In the administration site ------------------------------------------------------------------------

CHANGES = [{"email": "mallory@example.org"}, {"is_active": ""}, {"is_staff": "on"}]


@pytest.mark.parametrize("given", [{}, {"your_password": "a guess"}])
@pytest.mark.parametrize("change", CHANGES)
def test_a_borrowed_session_of_an_administrator_changes_nobodys_access(
    alice: User, boss: User, change: dict[str, str], given: dict[str, str]
) -> None:
    borrowed, before = browser_of(boss), recorded(alice)

    errors = send(borrowed, alice, **change, **given)

    assert any("Enter your own password" in line for line in errors)
    assert recorded(alice) == before


@pytest.mark.parametrize("change", CHANGES)
def test_an_administrator_changes_access_with_their_own_password_and_it_is_on_record(
    alice: User, boss: User, change: dict[str, str]
) -> None:
    assert send(browser_of(boss), alice, **change, your_password=PASSWORD) == []

    event = alice.events.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["user"] == boss.pk
    assert [event.email, event.is_active, event.is_staff] == [
        change.get("email", alice.email),
        "is_active" not in change,
        "is_staff" in change,
    ]


def test_a_name_is_changed_without_a_password(alice: User, boss: User) -> None:
    assert send(browser_of(boss), alice, name="Alice Smith") == []


def test_a_borrowed_session_makes_nobody_and_sets_nobodys_password(alice: User, boss: User) -> None:
    borrowed = browser_of(boss)
    new = {"usable_password": "true", "password1": NEW, "password2": NEW}

    made = send(borrowed, User, email="mallory@example.org", name="Mallory", **new)
    answer = borrowed.post(reverse("admin:auth_user_password_change", args=[alice.pk]), new)

    assert any("Enter your own password" in line for line in made)
    assert "Enter your own password" in answer.content.decode()
    assert not User.objects.filter(email="mallory@example.org").exists()
    assert sign_in(alice.email, PASSWORD)


def test_an_administrators_password_is_not_guessed_at_leisure(alice: User, boss: User) -> None:
    borrowed = browser_of(boss)
    for number in range(5):
        send(borrowed, alice, email="mallory@example.org", your_password=f"guess {number}")

    errors = send(borrowed, alice, email="mallory@example.org", your_password=PASSWORD)

    assert any("wait a minute" in line for line in errors)


def test_an_administrator_switches_off_many_in_a_minute(boss: User) -> None:
    browser = browser_of(boss)
    people = [User.objects.create_user(f"p{n}@example.org", name="P") for n in range(8)]

    for person in people:
        assert send(browser, person, is_active="", your_password=PASSWORD) == []


# On record -----------------------------------------------------------------------------------------


def test_a_password_is_on_record_through_every_door_and_its_hash_through_none(
    alice: User, boss: User
) -> None:
    def set_by() -> int | None:
        event = alice.events.latest("pgh_id")  # type: ignore[attr-defined]
        assert event.password_set_at == User.objects.get(pk=alice.pk).password_set_at
        assert not hasattr(event, "password")
        return event.pgh_context.metadata["user"] if event.pgh_context else None

    follow(ask_for_link(alice.email)[0], NEW)
    assert set_by() is None

    browser = Client()
    sign_in(alice.email, NEW, client=browser)
    change = {"oldpassword": NEW, "password1": PASSWORD, "password2": PASSWORD}
    browser.post(reverse("account_change_password"), change)
    assert set_by() == alice.pk

    new = {"usable_password": "true", "password1": NEW, "password2": NEW, "your_password": PASSWORD}
    place = reverse("admin:auth_user_password_change", args=[alice.pk])
    browser_of(boss).post(place, new)
    assert set_by() == boss.pk

    User.objects.filter(pk=alice.pk).update(password="!")
    assert recorded(alice) == ["insert", *["update"] * 4]


def test_the_administration_site_says_when_a_password_was_set(alice: User, boss: User) -> None:
    page = browser_of(boss).get(address(alice, "change", alice.pk)).content.decode()

    assert "Password set at" in page
