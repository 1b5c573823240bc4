"""What must hold before any process of the portal starts; Django's commands run it as a check."""

from typing import Any

from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

from alliance_portal import demonstration
from alliance_portal.env import BadSetting


@register()
def nobody_gets_in_by_a_published_password(**_given: Any) -> list[CheckMessage]:
    """An error while a demo user is let in where others can reach the portal.

    A database that is away or still without tables lets nobody in.
    """
    if not settings.HTTPS:
        return []
    try:
        opened = demonstration.open_doors()
    except DatabaseError:
        return []
    if not opened:
        return []
    return [
        Error(
            f"With HTTPS=1 nobody may sign in with the demo password, and {', '.join(opened)} can; "
            "run bin/manage close_demo, or give each another password.",
            id="portal.E001",
        )
    ]


def stop_unless_safe(**_sent: Any) -> None:
    """End a web, worker or beat process with the first error's sentence; Celery runs no check."""
    problems = nobody_gets_in_by_a_published_password()
    connection.close()  # no child process may inherit it
    if problems:
        raise BadSetting(problems[0].msg)


worker_init.connect(stop_unless_safe, weak=False)
beat_init.connect(stop_unless_safe, weak=False)
