"""Sign in first; what was typed meanwhile is there afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from alliance_portal.typed import keeping
from alliance_portal.typed.filling import fill
from alliance_portal.typed.keeping import SIGNED_OUT, Typed
from alliance_portal.typed.views import not_kept


class SignInFirst(LoginRequiredMiddleware):
    """Django's, and a form that is sent without a session is kept and shown again after signing in.

    The page is asked for again, never the form sent again: nothing is saved but by a person who
    has looked at it.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """What Django says; to a page whose form was kept, its fields look like its address."""
        answer = super().process_view(request, view_func, args, kwargs)
        if answer is None and getattr(view_func, "login_required", True):
            assert request.user.pk
            keeping.drop_others(request, request.user.pk)
            here = request.get_full_path()
            mine = [each for each in keeping.kept(request) if here in (each.address, each.page)]
            if mine and request.method == "GET":
                _show(request, next((each for each in mine if each.address == here), mine[0]))
            elif mine and request.method == "POST":
                request.typed_again = here  # type: ignore[attr-defined]
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        """To the sign-in page, once what was sent is kept."""
        typed = Typed.sent_in(request, SIGNED_OUT) if request.method == "POST" else None
        if typed and typed.is_too_much:
            return not_kept(request, typed.texts)
        if typed:
            keeping.keep(request, typed)
        return super().handle_no_permission(request, view_func)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Fill the form in; what is sent again is with the person, and no longer kept here."""
        again: str = getattr(request, "typed_again", "")
        if again and response.status_code < 500 and response.status_code != 403:
            keeping.forget(request, again)
        typed: Typed | None = getattr(request, "typed", None)
        if typed is None or response.status_code >= 500:
            return response
        return _filled(request, response, typed) or _without_form(request, response, typed)


def _show(request: HttpRequest, typed: Typed) -> None:
    """Let the page know what was typed; a name that its address has already stays as it is."""
    request.typed = typed  # type: ignore[attr-defined]
    match = request.resolver_match
    if match and match.app_name == "admin":
        messages.warning(request, typed.why)
    if request.get_full_path() != typed.address:
        return
    asked = request.GET.copy()
    for name, values in typed.fields.items():
        if name not in asked:
            asked.setlist(name, values)
    request.GET = asked  # type: ignore[assignment]


def _filled(
    request: HttpRequest, response: HttpResponseBase, typed: Typed
) -> HttpResponseBase | None:
    """The page with its form filled in; None if it is no page, or has no such form any more."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.status_code != 200 or not is_page or not isinstance(response, HttpResponse):
        return None
    filled = fill(response.content.decode(), request.path, typed.address, typed.fields)
    if filled is None:
        return None
    response.content = filled.encode()
    return response


def _without_form(
    request: HttpRequest, response: HttpResponseBase, typed: Typed
) -> HttpResponseBase:
    """On to the page that the form stood on, if that is another; else what was typed, to copy."""
    if typed.page and request.get_full_path() == typed.address != typed.page:
        return redirect(typed.page)
    context = {
        "kept": typed,
        "onward": response.get("Location") or "/",
        "typed": None,
        "typed_elsewhere": (),
    }
    return render(request, "typed/no_form.html", context)
