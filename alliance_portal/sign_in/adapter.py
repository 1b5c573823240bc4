"""How allauth behaves here: nobody signs themselves up, and nobody shuts another out."""

from functools import partial
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from alliance_portal.sign_in.client_address import client_address
from programmes import tries
from programmes.models import Role, User


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

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the page of one's force, for whoever has one; else to all of one's alliances."""
        return page_of_force(request.user) or str(super().get_login_redirect_url(request))

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


def page_of_force(user: User | AnonymousUser) -> str:
    """The page of the force that all roles of a person name; blank if they name others, or none."""
    if not isinstance(user, User):
        return ""
    roles = Role.objects.filter(user=user).values_list("alliance__code", "force__code").distinct()
    found = list(roles)
    if len(found) != 1 or found[0][1] is None:
        return ""
    return reverse("overview-force", args=found[0])


def counted_by(request: HttpRequest, email: str) -> str:
    """The key of a limit that a stranger elsewhere cannot use up for somebody."""
    return f"{client_address(request)} {email.strip().lower()}"


def _tries_of(request: HttpRequest, credentials: dict[str, Any]) -> str:
    return f"to sign in {counted_by(request, credentials.get('email', ''))}"


def display_name(user: User) -> str:
    """The person's name, or the address if none is recorded."""
    return str(user)
