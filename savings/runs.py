"""Runs on record, each from its start to its end however it ends, and the runs of the dead."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

from django.db import Error, connection
from django.db.models.functions import Now
from django.utils import timezone

from savings.models import Run

# How often a run says that its worker lives, and for how long it may say nothing: a machine that
# is short of breath, or a server that starts again, takes a few seconds.
SECONDS_BETWEEN_SIGNS = 3.0
SECONDS_OF_SILENCE = 20.0

# All but the sign of life, which has a writer of its own.
_ACCOUNT = (
    "state", "finished_at", "problem", "requests_answered", "lines_considered", "shares_changed",
    "moved_pence", "withheld_pools", "change_numbers",
)  # fmt: skip


@contextmanager
def on_record(alliance_id: int, cause: str, everything: bool) -> Iterator[Run]:
    """A run on record while the block works, and what it came to.

    A run that came to nothing, because others had answered it all, is taken off the record again;
    one that considered `everything` is kept.
    """
    run = Run.objects.create(alliance_id=alliance_id, cause=cause)
    with _signs_of_life(run.pk):
        try:
            yield run
        except BaseException as problem:
            Run.objects.filter(pk=run.pk).update(
                state=Run.State.FAILED,
                finished_at=timezone.now(),
                problem=f"{type(problem).__name__}: {problem}"[:500],
            )
            raise
    if run.requests_answered or run.shares_changed or (everything and run.lines_considered):
        run.state, run.problem = Run.State.DONE, ""
        run.finished_at = timezone.now()
        save(run)
    else:
        run.delete()


def save(run: Run) -> None:
    """Write down what the run has come to so far."""
    run.save(update_fields=_ACCOUNT)


@contextmanager
def _signs_of_life(run_id: int) -> Iterator[None]:
    """Renew the run's `seen_at` while the block works, however long one statement of it takes."""
    at_rest = Event()
    signs = Thread(target=_give_signs, args=(run_id, at_rest), daemon=True)
    signs.start()
    try:
        yield
    finally:
        at_rest.set()
        signs.join()


def _give_signs(run_id: int, at_rest: Event) -> None:
    """Each sign is a statement of its own on a connection of its own: no session need last.

    A run that is over before the first is due opens none.
    """
    while not at_rest.wait(SECONDS_BETWEEN_SIGNS):
        with suppress(Error):  # a database that is away for a moment hears the next one
            Run.objects.filter(pk=run_id).update(seen_at=Now())
        connection.close()


def close_dead_runs() -> int:
    """Mark runs whose worker has been silent as failed; how many. Their requests still wait.

    A worker that was only held up goes on, and writes over it what its run came to.
    """
    silent_since = Now() - timedelta(seconds=SECONDS_OF_SILENCE)
    return Run.objects.filter(state=Run.State.RUNNING, seen_at__lt=silent_since).update(
        state=Run.State.FAILED,
        finished_at=Now(),
        problem="The worker stopped before it had finished; a later run took over.",
    )
