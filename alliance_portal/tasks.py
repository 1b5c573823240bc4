"""What Celery runs for the portal as a whole."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions(**_later: object) -> None:
    """Take away the sessions that have ended."""
    call_command("clearsessions")
