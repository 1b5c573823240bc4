"""Says of every request through which door its changes come, and that it has shown no price yet."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from programmes.changes.making import having_shown, through
from programmes.models import Change

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Door:
    """Middleware: the administration site is one door, every other page another.

    No page moves money unless it says what it showed: what a page's code saves without `having_shown`
    is refused, so that a new page cannot forget to ask.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the door open."""
        is_admin = request.path_info.startswith("/admin/")
        door = Change.Door.ADMINISTRATION if is_admin else Change.Door.PAGE
        with through(door), having_shown(""):
            return self._get_response(request)
