"""Whether the process is up, and how well it can serve.

`/readyz` answers `{"ready": true, "degraded": [], "database": "ok", "broker": "ok", "worker": "ok",
"shares": "ok", "disk": "ok"}`. A part that is not “ok” has a sentence instead. 503 and `"ready": false`
only where no page can be served, so that a balancer takes nobody's pages away for a worker that is
missing; what pages can be served without is also listed in `degraded`, with 200.
"""

import shutil
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from alliance_portal import env
from alliance_portal.celery import app
from savings.models import RecomputeRequest
from savings.selectors.worker import last_heard_at

WORKER_SEEN_WITHIN = timedelta(seconds=60)
SHARES_MAY_WAIT = timedelta(minutes=5)
BYTES_TO_SPARE = 500_000_000
_NOT_KNOWN = "Not known: the database does not answer."


def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nothing of anything else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Each part with “ok” or a sentence, as above."""
    database = _database()
    is_up = database == "ok"
    parts = {
        "broker": _broker(),
        # One that does not answer is not asked again and again: each time takes seconds.
        "worker": _worker() if is_up else _NOT_KNOWN,
        "shares": _shares() if is_up else _NOT_KNOWN,
        "disk": _disk(),
    }
    return JsonResponse(
        {
            "ready": is_up,
            "degraded": [said for said in parts.values() if said not in ("ok", _NOT_KNOWN)],
            "database": database,
            **parts,
        },
        status=200 if is_up else 503,
    )


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
        seen = last_heard_at()
    except DatabaseError:
        return _NOT_KNOWN
    if seen is None or timezone.now() - seen > WORKER_SEEN_WITHIN:
        return (
            "No background worker has been at work in the last minute; changes are saved, and "
            "shares will follow when one is."
        )
    return "ok"


def _shares() -> str:
    try:
        waiting = RecomputeRequest.objects.filter(
            asked_at__lt=timezone.now() - SHARES_MAY_WAIT
        ).count()
    except DatabaseError:
        return _NOT_KNOWN
    if waiting:
        return f"{waiting} requests have waited for more than five minutes; figures are behind."
    return "ok"


def _disk() -> str:
    """Of the disk with the embedded database and the logs."""
    free = shutil.disk_usage(env.VAR_DIR).free
    if free < BYTES_TO_SPARE:
        return f"The disk has {free // 10**6:,} MB left; make room before saving fails."
    return "ok"
