"""Tries are slowed for one account from one address; nobody is shut out by somebody elsewhere."""

import json
from typing import Any

import pytest
from allauth.account import app_settings
from django.conf import settings as portal_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from alliance_portal.sign_in.client_address import client_address
from programmes.models import User
from tests import factories
from tests.alliance_portal.sign_in.conftest import PASSWORD, ask_for_link, is_in, sign_in

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

TRIES = 5
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def _behind_one_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1


def guess(email: str, times: int, *, address: str) -> Client:
    client = Client()
    for number in range(times):
        assert not sign_in(email, f"guess {number}", client=client, X_Forwarded_For=address)
    return client


def test_a_guesser_is_slowed_even_with_the_right_password_at_last(alice: User) -> None:
    guess(alice.email, TRIES, address=ELSEWHERE)
    client = Client(headers={"X-Forwarded-For": ELSEWHERE})

    answer = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})

    assert "Nothing is locked: wait a minute, then try again." in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("typed", ["ALICE@example.org", " alice@example.org", "Alice@Example.Org"])
def test_another_way_of_typing_the_address_is_no_further_try(alice: User, typed: str) -> None:
    guess(alice.email, TRIES, address=ELSEWHERE)

    assert not sign_in(typed, X_Forwarded_For=ELSEWHERE)


def test_a_stranger_shuts_nobody_out(alice: User) -> None:
    guess(alice.email, 3 * TRIES, address=ELSEWHERE)

    assert sign_in(alice.email, X_Forwarded_For=OFFICE)


def test_wrong_tries_from_an_office_shut_out_no_colleague(alice: User, boss: User) -> None:
    guess(boss.email, 3 * TRIES, address=OFFICE)

    assert sign_in(alice.email, X_Forwarded_For=OFFICE)


def test_a_whole_office_signs_in_within_a_minute() -> None:
    people = [factories.user(password=PASSWORD) for _ in range(50)]

    refused = [each.email for each in people if not sign_in(each.email, X_Forwarded_For=OFFICE)]

    assert refused == []


def test_one_person_signs_in_as_often_as_they_like(alice: User) -> None:
    assert all(sign_in(alice.email, X_Forwarded_For=OFFICE) for _ in range(12))


def test_an_invented_header_gives_a_guesser_no_further_try(alice: User) -> None:
    for number in range(TRIES):
        spoofed = f"203.0.113.{number}, {ELSEWHERE}"
        assert not sign_in(alice.email, "a guess", X_Forwarded_For=spoofed)

    assert not sign_in(alice.email, X_Forwarded_For=f"203.0.113.99, {ELSEWHERE}")
    assert not sign_in(alice.email, X_Forwarded_For=ELSEWHERE)
    assert sign_in(alice.email, X_Forwarded_For=f"{ELSEWHERE}, {OFFICE}")


def test_one_home_with_many_ipv6_addresses_is_one_guesser(alice: User) -> None:
    for number in range(TRIES):
        sign_in(alice.email, "a guess", X_Forwarded_For=f"2001:db8:0:1::{number}")

    assert not sign_in(alice.email, X_Forwarded_For="2001:db8:0:1:ffff::1")
    assert sign_in(alice.email, X_Forwarded_For="2001:db8:0:2::1")


def test_counts_are_not_pushed_out_by_tries_for_other_accounts(alice: User) -> None:
    guess(alice.email, TRIES, address=ELSEWHERE)
    for number in range(400):
        cache.set(f"allauth:another:{number}", [1.0], 60)

    assert not sign_in(alice.email, X_Forwarded_For=ELSEWHERE)


def test_asking_for_links_floods_nobody_and_shuts_nobody_out(alice: User) -> None:
    sent = sum(len(ask_for_link(alice.email, X_Forwarded_For=ELSEWHERE)) for _ in range(12))

    assert sent == TRIES
    assert len(ask_for_link(alice.email, X_Forwarded_For=OFFICE)) == 1


def test_who_asks_too_often_is_told_what_everybody_is_told(client: Client, alice: User) -> None:
    reset = reverse("account_reset_password")
    answers = {client.post(reset, {"email": alice.email}, follow=True).content for _ in range(8)}

    assert len(answers) == 1
    assert len(mail.outbox) == TRIES


def test_a_whole_office_sets_new_passwords_within_a_minute() -> None:
    for _ in range(25):
        person = factories.user(password=PASSWORD)
        assert len(ask_for_link(person.email, X_Forwarded_For=OFFICE)) == 1


def test_no_limit_of_allauths_own_counts_by_address_alone() -> None:
    reached = {
        "login",
        "login_failed",
        "change_password",
        "reset_password",
        "reset_password_from_key",
    }
    limits = {name: app_settings.RATE_LIMITS[name] for name in reached}

    assert limits == dict.fromkeys(reached)
    assert "/ip" not in json.dumps(portal_settings.ACCOUNT_RATE_LIMITS)


# The client's address ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "proxies, header, neighbour, expected",
    [
        (0, None, "10.0.0.9", "10.0.0.9"),
        (0, "192.0.2.1", "10.0.0.9", "10.0.0.9"),
        (1, "192.0.2.1", "10.0.0.9", "192.0.2.1"),
        (1, "6.6.6.6, 192.0.2.1", "10.0.0.9", "192.0.2.1"),
        (2, "6.6.6.6, 192.0.2.1, 10.0.0.8", "10.0.0.9", "192.0.2.1"),
        (2, "6.6.6.6", "10.0.0.9", "10.0.0.9"),
        (1, None, "10.0.0.9", "10.0.0.9"),
        (1, "", "10.0.0.9", "10.0.0.9"),
        (1, "unknown", "10.0.0.9", "10.0.0.9"),
        (1, "192.0.2.1:4711", "10.0.0.9", "192.0.2.1"),
        (1, "[2001:db8::1]:4711", "10.0.0.9", "2001:db8::/64"),
        (1, "2001:db8::1", "10.0.0.9", "2001:db8::/64"),
        (1, "::ffff:192.0.2.1", "10.0.0.9", "192.0.2.1"),
        (1, "x" * 9000, "10.0.0.9", "10.0.0.9"),
        (1, None, "", ""),
        (1, "\x00", "10.0.0.9", "10.0.0.9"),
    ],
)
def test_the_address_is_the_one_that_the_first_proxy_of_ones_own_saw(
    settings: Any, proxies: int, header: str | None, neighbour: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=neighbour)
    if header is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = header

    assert client_address(request) == expected
