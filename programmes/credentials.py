"""Forms that change how somebody signs in; each asks for one's own password again.

A borrowed session of an administrator must not be enough to keep the way in.
"""

from typing import Any

from allauth.core import context
from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)

from programmes import tries
from programmes.administration import RefusableForm
from programmes.models import User

_ACCESS = frozenset({"email", "is_active", "is_staff", "is_superuser"})


class AsksOwnPassword(forms.Form):
    """Takes the password of whoever sends the form, if what it changes is how somebody signs in."""

    your_password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your own, as the administrator: needed to change how somebody signs in.",
    )

    def changes_access(self) -> bool:
        """Whether the form, as sent, changes how somebody signs in."""
        return True

    def clean(self) -> Any:
        """Refuse a change of access without the password; wrong ones are slowed, right ones never."""
        cleaned = super().clean()
        if not self.errors and self.changes_access():
            problem = _problem_with(self.cleaned_data["your_password"])
            if problem:
                self.add_error("your_password", problem)
        return cleaned


def _problem_with(password: str) -> str:
    try:
        if tries.is_own_password(context.request.user, password):
            return ""
    except tries.TooManyTries:
        return tries.TOO_MANY
    return "Enter your own password: this changes how somebody signs in."


class LowerCaseEmail(forms.ModelForm[User]):
    """Keeps an e-mail address in lower case, however it is typed."""

    def clean_email(self) -> str:
        """The address that signs in."""
        return str(self.cleaned_data["email"]).lower()


class NewPersonForm(AsksOwnPassword, LowerCaseEmail, RefusableForm, AdminUserCreationForm):  # type: ignore[type-arg]
    """A new person: address, name and a first password."""

    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(AsksOwnPassword, LowerCaseEmail, RefusableForm, UserChangeForm):  # type: ignore[type-arg]
    """A person; the password has a page of its own."""

    class Meta:
        model = User
        fields = ("email", "name", "password", "is_active", "is_staff", "is_superuser")

    def changes_access(self) -> bool:
        """Not if only the name changes, or a role below."""
        return not _ACCESS.isdisjoint(self.changed_data)


class NewPasswordForm(AsksOwnPassword, AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Another password for somebody, or none."""
