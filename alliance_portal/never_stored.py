"""No answer is kept by a browser or a proxy: what was on a page is gone when its reader signs out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control


def never_stored(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that says `no-store` of every answer that does not call itself public.

    Whom an answer is for is not asked, since that would cost the addresses that need no session a
    query. Files under /static/ are served before it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "public" not in response.get("Cache-Control", ""):
            patch_cache_control(response, no_store=True)
        return response

    return answer
