"""Changing one's own password, which asks for the current one."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from allauth.account.views import PasswordChangeView
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from programmes import tries


class CurrentPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """allauth's form; wrong current passwords are slowed, new ones may be refused as often as they are."""

    def clean_oldpassword(self) -> str:
        """The current password."""
        given = str(self.cleaned_data["oldpassword"])
        try:
            is_right = tries.is_own_password(self.user, given)
        except tries.TooManyTries:
            raise forms.ValidationError(tries.TOO_MANY) from None
        if not is_right:
            raise get_adapter().validation_error("enter_current_password")
        return given


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """allauth's page; who has no password yet asks for a link by mail, and no session sets one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer
