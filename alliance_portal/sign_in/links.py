"""The secret of a link that sets a new password: good once, while its person may sign in."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from programmes.models import User


class ResetLinks(PasswordResetTokenGenerator):
    """Makes and checks the secret of a link.

    It ends with the password, the address, the next sign-in and a deactivation, and does not come
    back to life with the person.
    """

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Never for somebody who may not sign in."""
        return user is not None and user.is_active and super().check_token(user, token)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.deactivations}"
