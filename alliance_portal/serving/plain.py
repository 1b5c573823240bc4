"""What no browser sends is refused before anything looks at it: one answer, nothing more."""

import codecs
import re
from collections.abc import Callable
from urllib.parse import unquote_plus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

METHODS = ("GET", "HEAD", "POST")
_CHARSET = re.compile(r";\s*charset=([^;]*)", re.IGNORECASE)
_NUL = "\x00"


class PlainRequestsMiddleware:
    """Refuses methods that no page has, letters that are not UTF-8, and NUL wherever it stands.

    PostgreSQL keeps no NUL, so whatever looks one up would fail there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, or 400 or 405."""
        if request.method not in METHODS:
            answer = _refused(request, 405)
            answer["Allow"] = ", ".join(METHODS)
            return answer
        if not _is_plain(request):
            return _refused(request, 400)
        return self.get_response(request)


def _is_plain(request: HttpRequest) -> bool:
    named = _CHARSET.search(request.META.get("CONTENT_TYPE", ""))
    if named and not _is_utf8(named[1].strip().strip('"')):
        return False
    texts = [request.path, unquote_plus(request.META.get("QUERY_STRING", ""))]
    texts += [text for pair in request.COOKIES.items() for text in pair]
    if any(_NUL in text for text in texts):
        return False
    try:
        sent = request.POST
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, UnicodeError):
        return False
    return not any(_NUL in text for name, values in sent.lists() for text in (name, *values))


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in ("utf-8", "ascii")
    except (LookupError, ValueError):
        return False


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)
