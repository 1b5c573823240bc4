"""What every form of the portal carries: Django's token, and for whom its page was made.

A built-in library (settings): `{% csrf_token %}` means this one everywhere, the administration
site's pages included.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alliance_portal.typed.keeping import PAGE_OF, signed_page_of

register = template.Library()


class FormTokens(CsrfTokenNode):
    """Django's hidden field, and one more for a person who is signed in."""

    def render(self, context: Any) -> SafeString:
        """Both fields; the request is there even in a template that was included with `only`."""
        token: SafeString = super().render(context)  # type: ignore[assignment]
        user = getattr(getattr(context, "request", None), "user", None)
        if not token or user is None or not user.is_authenticated:
            return token
        hidden = '{}<input type="hidden" name="{}" value="{}">'
        return format_html(hidden, token, PAGE_OF, signed_page_of(user.pk))


@register.tag("csrf_token")
def form_tokens(parser: Parser, token: Token) -> FormTokens:
    """Takes nothing."""
    return FormTokens()
