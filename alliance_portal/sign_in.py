"""How allauth behaves here: nobody signs themselves up."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from programmes.models import User


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """An administrator makes the users; the sign-up page says so."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The email address or the password is not correct. Check both, then try again."
        ),
        "too_many_login_attempts": (
            "There were too many tries. Nothing is locked: wait a minute, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


def display_name(user: User) -> str:
    """The person's name, or the address if none is recorded."""
    return str(user)
