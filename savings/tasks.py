"""What Celery runs. A task carries an id and makes one call into the domain."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from savings import pruning, recompute, runs
from savings.models import Heartbeat, RecomputeRequest

STALE_AFTER = timedelta(seconds=10)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def recompute_alliance(
    *, alliance_id: int, cause: str = "", everything: bool = False, **_later: object
) -> None:
    """Bring an alliance's shares up to date. Safe to deliver twice: requests are claimed, not counted."""
    recompute.bring_up_to_date(alliance_id=alliance_id, cause=cause, everything=everything)


@shared_task
def sweep(**_later: object) -> None:
    """Ring again for requests that have waited ten seconds, and close the runs of dead workers."""
    waiting = RecomputeRequest.objects.filter(asked_at__lt=timezone.now() - STALE_AFTER).order_by()
    for alliance_id in waiting.values_list("alliance_id", flat=True).distinct():
        recompute_alliance.apply_async(
            kwargs={"alliance_id": alliance_id, "cause": "Found waiting by the sweep"},
            expires=STALE_AFTER.total_seconds() * 6,
        )
    runs.close_dead_runs()


@shared_task
def beat_heart(**_later: object) -> None:
    """Leave the time at which a worker was last at work."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})


@shared_task
def prune(**_later: object) -> None:
    """Take away what nobody reads any more."""
    pruning.prune_ratios()
    pruning.prune_runs()
