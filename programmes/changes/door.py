"""Says of every request through which door its changes come."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from programmes.changes.making import through
from programmes.models import Change

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Door:
    """Middleware: the administration site is one door, every other page another."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the door open."""
        is_admin = request.path_info.startswith("/admin/")
        with through(Change.Door.ADMINISTRATION if is_admin else Change.Door.PAGE):
            return self._get_response(request)
