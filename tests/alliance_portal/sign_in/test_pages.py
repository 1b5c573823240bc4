"""The account pages are those of a list, and whatever else allauth could serve is not there."""

from importlib import import_module

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests import factories
from tests.test_any_address import routes

pytestmark = pytest.mark.django_db

PAGES = {
    "login/",
    "logout/",
    "password/change/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}
NOT_SERVED = [
    *(
        "",
        "signup/",
        "inactive/",
        "email/",
        "confirm-email/",
        "confirm-email/x/",
        "reauthenticate/",
    ),
    *("password/set/", "login/code/", "login/code/confirm/", "phone/verify/", "phone/change/"),
    *("2fa/", "2fa/totp/activate/", "3rdparty/", "social/signup/", "sessions/", "signup/passkey/"),
]


def test_the_account_pages_are_those_of_the_list() -> None:
    served = [route for route in routes(get_resolver()) if route.startswith("accounts/")]

    assert {route.removeprefix("accounts/") for route in served} == PAGES


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("path", NOT_SERVED)
def test_no_other_account_page_is_there(client: Client, path: str, signed_in: bool) -> None:
    if signed_in:
        client.force_login(factories.administrator(password="x"))

    for answer in (
        client.get(f"/accounts/{path}"),
        client.post(f"/accounts/{path}", {"email": "a"}),
    ):
        # Who is not signed in is asked to sign in, whatever the address.
        assert answer.status_code == 404 or answer.url.startswith("/accounts/login/"), path  # type: ignore[attr-defined]
        assert signed_in is False or answer.status_code == 404


def test_the_administration_site_has_no_table_of_addresses_and_no_page_of_its_own_to_change_a_password(
    client: Client,
) -> None:
    client.force_login(factories.administrator(password="x"))

    answer = client.get("/admin/password_change/")

    assert answer.url == reverse("account_change_password")  # type: ignore[attr-defined]
    for table in ("account_emailaddress", "account_emailconfirmation"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{table}_changelist")


def test_nobody_without_a_password_sets_one_by_a_session_alone(client: Client) -> None:
    client.force_login(factories.user())

    answer = client.get(reverse("account_change_password"))

    assert answer.url == reverse("account_reset_password")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example",
        "http:evil.example",
        "/\\evil.example",
        "javascript:x",
    ],
)
def test_after_signing_in_or_out_nobody_is_led_elsewhere(client: Client, away: str) -> None:
    person = factories.user(password="a good password")
    sent = {"login": person.email, "password": "a good password", "next": away}

    into = client.post(reverse("account_login"), sent)
    out = client.post(reverse("account_logout"), {"next": away})

    assert into.url == reverse("home")  # type: ignore[attr-defined]
    assert out.url == reverse("account_login")  # type: ignore[attr-defined]


def test_a_page_of_the_portal_is_where_one_arrives_after_signing_in(client: Client) -> None:
    person = factories.user(password="a good password")
    sent = {"login": person.email, "password": "a good password", "next": "/alliances/x/?a=b"}

    assert client.post(reverse("account_login"), sent).url == "/alliances/x/?a=b"  # type: ignore[attr-defined]


def test_the_list_names_each_page_that_this_version_of_allauth_adds_to_the_portals_own() -> None:
    theirs = {str(each.pattern) for each in import_module("allauth.account.urls").urlpatterns}

    assert theirs >= PAGES
    assert {"email/", "signup/", "password/set/"} <= theirs - PAGES
