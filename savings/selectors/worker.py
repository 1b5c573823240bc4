"""When the background was last heard of."""

from datetime import datetime

from django.db import connection


def last_heard_at() -> datetime | None:
    """The newest sign of life: a heartbeat, or that of a run which keeps heartbeats waiting. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest((SELECT max(seen_at) FROM savings_heartbeat),"
            " (SELECT max(seen_at) FROM savings_run WHERE state = 'RUNNING'))"
        )
        heard_at: datetime | None = cursor.fetchone()[0]
        return heard_at
