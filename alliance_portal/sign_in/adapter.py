"""How allauth behaves here: nobody signs themselves up, and nobody shuts another out."""

from functools import partial
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from alliance_portal.sign_in.client_address import client_address
from programmes import tries
from programmes.models import User


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """An administrator makes the users, each with the one address that signs in."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The email address or the password is not correct, or the account is switched off. "
            "Check both and try again, or ask your administrator."
        ),
        "too_many_login_attempts": tries.TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether `next=` leads to a page of the portal: an address without a host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that tries are counted by."""
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose the credentials are; wrong ones are counted by account and address together."""
        look = partial(super().authenticate, request, **credentials)
        try:
            user: User | None = tries.slowed(_tries_of(request, credentials), look)
        except tries.TooManyTries:
            raise self.validation_error("too_many_login_attempts") from None
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth counts here, before it looks, so that right tries at once refuse each other."""

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Who has set a new password by a link was the right one."""
        tries.forget(_tries_of(request, credentials))


def counted_by(request: HttpRequest, email: str) -> str:
    """The key of a limit that a stranger elsewhere cannot use up for somebody."""
    return f"{client_address(request)} {email.strip().lower()}"


def _tries_of(request: HttpRequest, credentials: dict[str, Any]) -> str:
    return f"to sign in {counted_by(request, credentials.get('email', ''))}"


def display_name(user: User) -> str:
    """The person's name, or the address if none is recorded."""
    return str(user)
