"""Three writers, four workers, messages lost and doubled, workers killed: nothing is wrong after."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import QuerySet

from programmes.models import Alliance
from savings import services
from savings.models import RecomputeRequest, Run
from tests.processes.alliances import an_alliance
from tests.processes.fleet import Fleet, Process, wait_until_ready
from tests.savings import stored_shares
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.dialect, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SEED = random.SystemRandom().randrange(10**6)
WRITERS, WORKERS = 3, 4
SECONDS_OF_FIRE = 15
SECONDS_BETWEEN_KILLS = 2.5


@pytest.fixture
def fleet(worker_environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    """Workers with a queue of their own on the test run's broker."""
    queue = f"{settings.CELERY_TASK_DEFAULT_QUEUE}-fire"
    fleet = Fleet({**worker_environment, "CELERY_TASK_DEFAULT_QUEUE": queue}, tmp_path)
    yield fleet
    fleet.end()


def test_nothing_is_wrong_after_the_fire(fleet: Fleet) -> None:
    print(f"seed {SEED}")  # noqa: T201
    for code in ("hills", "dales"):
        an_alliance(code)
    workers = [fleet.worker() for _ in range(WORKERS)]
    wait_until_ready(*workers)
    fleet.beat()
    writers = [
        fleet.run("tests.processes.writer", str(SEED + number), str(SECONDS_OF_FIRE))
        for number in range(WRITERS)
    ]
    kills = fire_at(workers, fleet, until_done=writers)
    settled_after = settle()
    print(account_of(Run.objects.all()))  # noqa: T201
    print(*(writer.said() for writer in writers))  # noqa: T201
    print(f"{kills} kills, settled {settled_after:.1f} s after the last change")  # noqa: T201
    assert all(writer.child.returncode == 0 and "did" in writer.said() for writer in writers)
    assert kills >= 3
    assert not RecomputeRequest.objects.exists()
    assert not Run.objects.filter(state=Run.State.RUNNING).exists()
    for alliance in Alliance.objects.all():
        assert services.derive_forecasts(alliance=alliance) == 0
        assert stored_shares.differences(alliance.pk) == []
    assert stored_shares.orphans() == 0


def fire_at(workers: list[Process], fleet: Fleet, *, until_done: list[Process]) -> int:
    """Kill one worker after another, or a child of one, and start it again; how many were killed."""
    draw = random.Random(SEED)
    kills = 0
    give_up_at = time.monotonic() + SECONDS_OF_FIRE + PATIENCE
    while any(writer.child.poll() is None for writer in until_done):
        assert time.monotonic() < give_up_at, "The writers did not end."
        time.sleep(SECONDS_BETWEEN_KILLS)
        at = draw.randrange(len(workers))
        kills += 1
        if draw.random() < 0.3:
            workers[at].kill_a_child()
        else:
            workers[at].kill()
            workers[at] = fleet.worker()
    return kills


def settle() -> float:
    """Wait until beat and the workers have left nothing to do; the seconds that took."""
    running = Run.objects.filter(state=Run.State.RUNNING)
    return until(lambda: not running.exists() and not RecomputeRequest.objects.exists())


def account_of(runs: QuerySet[Run]) -> str:
    """Each run in a line."""
    return "\n".join(
        f"{run.state} {run.started_at:%M:%S.%f} to {run.finished_at:%M:%S.%f}"
        f" {run.alliance} {run.cause}: {run.requests_answered} requests,"
        f" {run.shares_changed} shares. {run.problem}"
        for run in runs.select_related("alliance").order_by("pk")
        if run.finished_at
    )
