"""Asking for a link that sets a new password: it goes to the person's own address."""

from allauth.account.forms import ResetPasswordForm
from allauth.core import ratelimit
from django.http import HttpRequest

from alliance_portal.sign_in.adapter import counted_by
from programmes.models import User


class ResetLinkForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for the address to send a link to; the answer is the same whether it has an account."""

    def clean_email(self) -> str:
        """The address, exactly as the user's own is kept: no letter that merely looks like it."""
        email = str(self.cleaned_data["email"]).lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Send the link, unless as many as anybody needs have been sent from here already."""
        email = str(self.cleaned_data["email"])
        if ratelimit.consume(request, action="reset_link", key=counted_by(request, email)):
            return str(super().save(request, **kwargs))
        return email
