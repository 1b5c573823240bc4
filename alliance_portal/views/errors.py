"""Plain pages for what went wrong."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views import defaults

from alliance_portal.outage import database_is_away
from alliance_portal.serving.patience import busy, given_up

SECONDS_TO_TRY_AGAIN = "10"


def server_error(request: HttpRequest) -> HttpResponse:
    """503 if the database is away or somebody saves, 500 if the mistake is ours; none asks the database."""
    problem = sys.exc_info()[1]
    if problem is not None and (sentence := given_up(problem)):
        return busy(request, sentence)
    if not database_is_away(problem):
        return defaults.server_error(request)
    page = get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": SECONDS_TO_TRY_AGAIN})


@login_not_required
def missing(request: HttpRequest, anywhere: str) -> HttpResponse:
    """An address that a part of Django brings along, and the portal does not have."""
    raise Http404
