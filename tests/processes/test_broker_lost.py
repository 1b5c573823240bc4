"""The broker emptied, restarted, frozen or away, and workers killed: a change is never lost."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg2
import pytest
import redis
from django.db import connection

from alliance_portal.launcher.broker import Broker
from alliance_portal.launcher.scratch import Scratch
from programmes.services import record_size
from savings.models import RecomputeRequest, Run
from tests.processes.alliances import an_alliance
from tests.processes.fleet import Fleet, wait_until_ready
from tests.savings import stored_shares
from tests.scenes import Scene
from tests.waiting import until

pytestmark = [pytest.mark.dialect, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SECONDS_OF_REST = 5
# Frozen again and again: what one freeze costs for ever is all used up by the last.
FREEZES = 2
SECONDS_FROZEN = float(os.environ.get("SECONDS_FROZEN", "3"))


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker of the test's own; this process rings on it too."""
    scratch = Scratch()
    broker = Broker(tmp_path, tmp_path / "broker.log", scratch, durable=False)
    broker.start()
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", broker.url)
    yield broker
    broker.stop()
    scratch.close()


@pytest.fixture
def fleet(broker: Broker, worker_environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet({**worker_environment, "CELERY_BROKER_URL": broker.url}, tmp_path)
    yield fleet
    fleet.end()


@pytest.fixture
def scene(fleet: Fleet) -> Scene:
    return an_alliance("hills")


def change(scene: Scene, officers: int) -> None:
    """Save a change of a size."""
    record_size(
        force=scene.south,
        measure=scene.officers,
        effective_on=date(2016, 4, 1),
        value=Decimal(officers),
        source="Workforce statistics",
        by=None,
    )


def answered() -> bool:
    running = Run.objects.filter(state=Run.State.RUNNING).exists()
    return not running and not RecomputeRequest.objects.exists()


def is_right(scene: Scene) -> bool:
    return stored_shares.differences(scene.alliance.pk) == []


def messages(broker: Broker, queue: str) -> int:
    with redis.Redis(unix_socket_path=broker.url.removeprefix("redis+socket://")) as client:
        return int(client.llen(queue))  # type: ignore[arg-type]


def test_an_emptied_broker_loses_no_change(broker: Broker, fleet: Fleet, scene: Scene) -> None:
    queue = fleet.environment["CELERY_TASK_DEFAULT_QUEUE"]
    change(scene, 1600)
    assert messages(broker, queue) == 1
    with redis.Redis(unix_socket_path=broker.url.removeprefix("redis+socket://")) as client:
        client.flushall()
    fleet.beat()
    wait_until_ready(fleet.worker())
    took = until(answered)
    print(f"answered {took:.1f} s after the worker was up")  # noqa: T201
    assert is_right(scene)


def test_a_broker_that_is_away_neither_delays_nor_fails_a_save_and_comes_back(
    broker: Broker, fleet: Fleet, scene: Scene, naps: list[float]
) -> None:
    worker, beat = fleet.worker(), fleet.beat()
    wait_until_ready(worker)
    broker.stop()
    change(scene, 1600)
    assert naps == []
    assert RecomputeRequest.objects.exists()
    time.sleep(3)
    broker.start()
    took = until(answered)
    print(f"answered {took:.1f} s after the broker was back")  # noqa: T201
    assert is_right(scene)
    assert (worker.child.poll(), beat.child.poll()) == (None, None)
    change(scene, 1700)
    until(answered)


def test_a_frozen_broker_is_tried_once_and_not_again_while_somebody_saves(
    broker: Broker, fleet: Fleet, scene: Scene, naps: list[float]
) -> None:
    change(scene, 1600)
    assert broker._child is not None
    os.kill(broker._child.pid, signal.SIGSTOP)
    try:
        change(scene, 1700)
    finally:
        os.kill(broker._child.pid, signal.SIGCONT)
    assert naps == []


def test_shares_follow_by_themselves_after_each_freeze_of_the_broker(
    broker: Broker, fleet: Fleet, scene: Scene
) -> None:
    worker, beat = fleet.worker(), fleet.beat()
    wait_until_ready(worker)
    for freeze in range(FREEZES):
        change(scene, 1600 + freeze)
        freeze_for(SECONDS_FROZEN, broker)
        change(scene, 1700 + freeze)
        took = until(answered)
        print(f"answered {took:.1f} s after the thaw")  # noqa: T201
        assert is_right(scene)
    assert (worker.child.poll(), beat.child.poll()) == (None, None)


def freeze_for(seconds: float, broker: Broker) -> None:
    """Stop the broker as a machine that is short of everything would, and let it go on."""
    assert broker._child is not None
    os.kill(broker._child.pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        os.kill(broker._child.pid, signal.SIGCONT)


def test_the_work_of_a_worker_killed_in_the_middle_is_taken_up_again(
    broker: Broker, fleet: Fleet, scene: Scene
) -> None:
    worker, other = fleet.worker(), fleet.worker()
    fleet.beat()
    wait_until_ready(worker, other)
    stopper = psycopg2.connect(**connection.get_connection_params())
    with stopper.cursor() as cursor:
        # One area's year is held, so that whoever takes the message stays in the middle of it.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [scene.fleet.pk * 4096 + 2016])
    change(scene, 1600)
    at_work = Run.objects.filter(state=Run.State.RUNNING)
    until(at_work.exists)
    worker.kill()
    killed_at = time.monotonic()
    if "received" not in worker.said():
        other.kill()
        wait_until_ready(fleet.worker())
    stopper.close()
    until(answered)
    print(f"answered {time.monotonic() - killed_at:.1f} s after the kill")  # noqa: T201
    assert is_right(scene)
    assert set(Run.objects.values_list("state", flat=True)) == {"DONE", "FAILED"}


def test_a_killed_child_of_a_worker_hands_its_message_back_at_once(
    broker: Broker, fleet: Fleet, scene: Scene
) -> None:
    worker = fleet.worker()
    wait_until_ready(worker)
    stopper = psycopg2.connect(**connection.get_connection_params())
    with stopper.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [scene.fleet.pk * 4096 + 2016])
    change(scene, 1600)
    until(Run.objects.filter(state=Run.State.RUNNING).exists)
    worker.kill_a_child()
    stopper.close()
    # There is no beat: what comes back is the message itself.
    took = until(lambda: not RecomputeRequest.objects.exists())
    print(f"answered {took:.1f} s after the kill")  # noqa: T201
    assert is_right(scene)


def test_an_idle_worker_is_quiet_and_rests(fleet: Fleet) -> None:
    worker = fleet.worker()
    wait_until_ready(worker)
    said, worked = worker.said(), worker.seconds_worked()
    time.sleep(SECONDS_OF_REST)
    assert worker.trouble() == []
    assert worker.said() == said
    spent = worker.seconds_worked() - worked
    print(f"{spent:.2f} s of work in {SECONDS_OF_REST} s of rest")  # noqa: T201
    assert spent < SECONDS_OF_REST / 5
