"""Signing in, out, and what a person who cannot is told."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


@pytest.fixture
def alice() -> User:
    """Somebody with an account."""
    return User.objects.create_user(email="alice@example.org", name="Alice", password=PASSWORD)


def test_a_wrong_password_is_refused_with_one_sentence_in_the_summary(
    client: Client, alice: User
) -> None:
    sent = {"login": alice.email, "password": "wrong"}

    page = client.post(reverse("account_login"), sent).content.decode()

    assert page.count("govuk-error-summary__title") == 1
    assert "not correct" in page.split("govuk-error-summary__list")[1]
    assert "<title>Error: Sign in" in page


def test_an_empty_sign_in_form_says_what_to_enter(client: Client) -> None:
    page = client.post(reverse("account_login"), {}).content.decode()

    for target in re.findall(r'<a href="#(id_[^"]+)"', page):
        assert f'id="{target}"' in page
    assert "Enter the email" in page
    assert "Enter the password" in page


def test_the_right_password_signs_in_and_the_header_names_the_person(
    client: Client, alice: User
) -> None:
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})

    page = client.get(reverse("account_change_password")).content.decode()

    assert "Alice</span>" in page
    assert "Sign out" in page


def test_signing_out_is_a_post_from_the_header(client: Client, alice: User) -> None:
    client.force_login(alice)

    answer = client.post(reverse("account_logout"), follow=True)

    assert "You are signed out." in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_reset_password_done"]
)
def test_every_page_for_people_who_are_not_signed_in_opens(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
def test_every_page_for_people_who_are_signed_in_opens(
    client: Client, alice: User, name: str
) -> None:
    client.force_login(alice)

    assert client.get(reverse(name)).status_code == 200
