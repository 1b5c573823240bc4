"""Whether the process is up, and whether everything that it needs is."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from alliance_portal.celery import app
from savings.models import Heartbeat, RecomputeRequest

WORKER_SEEN_WITHIN = timedelta(seconds=60)
SHARES_MAY_WAIT = timedelta(minutes=5)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nothing of anything else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part with “ok” or what is wrong, in one sentence; 503 if any is wrong."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "broker": _broker,
        "worker": _worker,
        "shares": _shares,
    }
    said = {name: check() for name, check in checks.items()}
    ready = all(words == "ok" for words in said.values())
    return JsonResponse({"ready": ready, **said}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return "ok"


def _broker() -> str:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:
        return (
            "The broker does not answer; changes are saved, and shares will follow when it is back."
        )
    return "ok"


def _worker() -> str:
    try:
        seen = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    except DatabaseError:
        return "Not known: the database does not answer."
    if seen is None or timezone.now() - seen > WORKER_SEEN_WITHIN:
        return "No background worker has been seen in the last minute."
    return "ok"


def _shares() -> str:
    try:
        waiting = RecomputeRequest.objects.filter(
            asked_at__lt=timezone.now() - SHARES_MAY_WAIT
        ).count()
    except DatabaseError:
        return "Not known: the database does not answer."
    if waiting:
        return f"{waiting} requests have waited for more than five minutes; figures are behind."
    return "ok"
