"""Somebody with an account, an administrator, and doors to come in by."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from programmes.models import User
from tests import factories

PASSWORD = "correct horse battery staple"
Try = Callable[..., HttpResponse]


@pytest.fixture
def alice() -> User:
    return factories.user(email="alice@example.org", name="Alice", password=PASSWORD)


@pytest.fixture
def boss() -> User:
    return factories.administrator(email="boss@example.org", name="The boss", password=PASSWORD)


def sign_in(
    email: str, password: str = PASSWORD, *, client: Client | None = None, **headers: str
) -> bool:
    """Send the form once, from a browser of its own unless one is given; whether it let one in."""
    client = client or Client()
    sent = {"login": email, "password": password}
    client.post(reverse("account_login"), sent, headers=headers)
    return is_in(client)


def is_in(client: Client) -> bool:
    """Whether the browser is signed in."""
    return client.get(reverse("account_change_password")).status_code == 200


def browser_of(user: User) -> Client:
    """A browser in which the user has signed in."""
    client = Client()
    assert sign_in(user.email, client=client)
    return client


def ask_for_link(email: str, **headers: str) -> list[str]:
    """Ask for a new password, and the links that the mail of it holds, each a path."""
    mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": email}, headers=headers)
    words = [word for message in mail.outbox for word in str(message.body).split()]
    return [word.removeprefix("http://testserver") for word in words if "://" in word]


def follow(link: str, password: str) -> bool:
    """Set a password by a link, from a browser of its own; whether the link took it."""
    client = Client()
    page = client.get(link, follow=True)
    if "no longer works" in page.content.decode():
        return False
    new = {"password1": password, "password2": password}
    return client.post(page.request["PATH_INFO"], new).status_code == 302
