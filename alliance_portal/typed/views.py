"""The page for a form that could not be sent, and forgetting what was kept of one."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from alliance_portal.typed import keeping
from alliance_portal.typed.keeping import SIGNED_IN_SINCE, SIGNED_OUT, Typed


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not this browser's any more: its page again, filled in.

    Only where the form came from a page of ours that was made for who is signed in now, or for
    whoever signs in next. Anything else may be another site's doing, and is neither kept nor shown.
    """
    if not keeping.is_from_our_own_page(request):
        return not_kept(request)
    signed_in = request.user.pk
    typed = Typed.sent_in(request, SIGNED_IN_SINCE if signed_in else SIGNED_OUT)
    if typed is None or typed.is_too_much or signed_in not in (None, typed.user_id):
        return not_kept(request, keeping.texts_of(keeping.fields_of(request)))
    keeping.keep(request, typed)
    return redirect(typed.address)


def not_kept(request: HttpRequest, texts: Sequence[str] = ()) -> HttpResponse:
    """Says that nothing was saved, with what was typed to copy."""
    return render(request, "403_csrf.html", {"texts": texts}, status=403)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget what was typed for an address, and go on to a page of ours."""
    keeping.forget(request, request.POST.get("address", ""))
    onward = request.POST.get("onward", "")
    is_ours = url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    return redirect(onward if is_ours else "/")


def typed(request: HttpRequest) -> dict[str, Any]:
    """Adds what the page's notice needs: `typed` of this page, `typed_elsewhere` of others."""
    if not hasattr(request, "session"):
        return {}
    return {"typed": getattr(request, "typed", None), "typed_elsewhere": _Elsewhere(request)}


class _Elsewhere:
    """The addresses of forms that wait to be saved; asks the session only when a page shows them."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __iter__(self) -> Any:
        if getattr(self._request, "typed", None) is None:
            yield from keeping.kept(self._request)
