"""Asks for the database before a page is begun, and never for what needs none."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from alliance_portal.serving import silence
from alliance_portal.views import health

_HEALTH = {"/healthz": health.healthz, "/readyz": health.readyz}

GetResponse = Callable[[HttpRequest], HttpResponse]


class DatabaseFirst:
    """While the database is away every page says so, also one that would only lead to signing in.

    A connection that is kept is tried, which the first query of a page would do otherwise. The
    health addresses and what is missing below STATIC_URL are answered here, before anything looks
    for who is signed in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page; an OperationalError, which `views.errors` answers, if there can be none."""
        if request.path_info.startswith(settings.STATIC_URL):
            return HttpResponseNotFound("There is no such file.\n", content_type="text/plain")
        with silence.ends_after(silence.TRIAL):
            if request.path_info in _HEALTH:
                return _HEALTH[request.path_info](request)
            connection.close_if_health_check_failed()
            connection.ensure_connection()
        return self._get_response(request)
