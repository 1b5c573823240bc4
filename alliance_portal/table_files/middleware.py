"""Answers a page's own address with one of its tables as a file, where `table` and `file` ask for it."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from alliance_portal.page import portal
from alliance_portal.table_files.reading import read_table
from programmes.tables import About, about, table_file

ENDINGS = ("csv", "xlsx")
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_SHEET_NAME = 31

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TableFiles:
    """Middleware: what the page shows of the table, its name, as at when, and the data note."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page as it is, or its table; 404 for a table that it has not."""
        answer = self._get_response(request)
        name, ending = request.GET.get("table", ""), request.GET.get("file", "")
        if request.method != "GET" or ending not in ENDINGS or not _NAME.fullmatch(name):
            return answer
        if answer.status_code != 200 or not isinstance(answer, HttpResponse):
            return answer
        if not answer.get("Content-Type", "").startswith("text/html"):
            return answer
        table = read_table(answer.content.decode(), name)
        if table is None:
            raise Http404(f"This page has no table “{name}”.")
        standing = getattr(request, "standing", None)
        return table_file(
            "-".join(part for part in (standing and standing.alliance.code, name) if part),
            ending,
            name.replace("-", " ")[:_SHEET_NAME],
            table.columns,
            table.rows,
            _about(request, table.title),
        )


def _about(request: HttpRequest, title: str) -> About:
    """What the file says of itself; where figures are behind their inputs, that too."""
    standing = getattr(request, "standing", None)
    if standing is None:
        return (("Table", title), ("As at", timezone.localdate()))
    behind = portal(request)["portal"].behind
    late = (("Note", behind.sentence),) if behind else ()
    stood_at = getattr(request, "stood_at", "")
    past = (("Figures of the past", f"As they stood at {stood_at}"),) if stood_at else ()
    return (*about(standing.alliance, standing.today, title), *past, *late)
