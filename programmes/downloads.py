"""Files that the portal makes: a few at a time, one for a person, and none in the way of a page.

Whoever has a turn holds a lock of PostgreSQL's that ends with the transaction the file is made in;
so turns hold over every process and host, behind a pooler too, and none outlives its maker.
"""

import tempfile
from io import SEEK_END, BytesIO
from typing import IO, Any

from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import StreamingHttpResponse
from django.shortcuts import render

from programmes.models import User
from programmes.pages import SAFE_METHODS, InAlliance
from programmes.snapshot import one_snapshot

AT_ONCE = 2
_SECONDS_TO_ASK_AGAIN = 3
_IN_MEMORY = 1024 * 1024

# The first keys of the locks; the second are the number of the turn, and of the person.
TURNS, PEOPLE = 4713, 4714

_ANOTHER = "Another file is being made for you; this one starts when that one ends."
_ALL = f"{AT_ONCE} files are being made; yours starts when one ends."


class Download(InAlliance):
    """A page that is a file. Its `get` makes it, within one moment of the database."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file, finished before it is sent; or a page that waits for a turn and holds nothing."""
        if request.method not in SAFE_METHODS:
            return super().dispatch(request, *args, **kwargs)
        with one_snapshot():
            wait = _no_turn(self.standing.user)
            if not wait:
                return _finished(super().dispatch(request, *args, **kwargs))
        return self.waiting(wait)

    def waiting(self, sentence: str) -> HttpResponse:
        """Asks again by itself, with or without script, until the file comes."""
        context = {"sentence": sentence, "alliance": self.standing.alliance}
        answer = render(self.request, "components/download_waits.html", context, status=503)
        answer["Refresh"] = answer["Retry-After"] = str(_SECONDS_TO_ASK_AGAIN)
        return answer


def spool() -> IO[bytes]:
    """A file to write a download into; it leaves the memory once it is large."""
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def sealed(file: IO[bytes]) -> IO[bytes]:
    """What was written into a spool, from its beginning; a small one is a file in memory alone."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size > _IN_MEMORY:
        return file
    with file:
        return BytesIO(file.read())


def _no_turn(user: User) -> str:
    """Why the file has to wait; empty where the turn is taken, until the transaction ends."""
    free = " ".join(
        f"WHEN pg_try_advisory_xact_lock({TURNS}, {turn}) THEN ''" for turn in range(AT_ONCE)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT CASE WHEN NOT pg_try_advisory_xact_lock(%s, %s) THEN %s {free} ELSE %s END",
            [PEOPLE, user.pk % 2**31, _ANOTHER, _ALL],
        )
        said: str = cursor.fetchone()[0]
    return said


def _finished(answer: HttpResponseBase) -> HttpResponseBase:
    """A streamed answer as a file that is there already; its reader may then take his time."""
    if not isinstance(answer, StreamingHttpResponse) or isinstance(answer, FileResponse):
        return answer
    file = spool()
    for part in answer:
        file.write(part)
    return FileResponse(sealed(file), status=answer.status_code, headers=dict(answer.items()))
