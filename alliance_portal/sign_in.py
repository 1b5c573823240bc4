"""How allauth behaves here: nobody signs themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from programmes.models import User


class ClosedSignUp(DefaultAccountAdapter):
    """An administrator makes the users; the sign-up page says so."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


def display_name(user: User) -> str:
    """The person's name, or the address if none is recorded."""
    return str(user)
