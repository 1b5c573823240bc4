"""Whatever is selected and however it is started, a test run leaves databases and queues in use alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.db import connection

from alliance_portal import env
from alliance_portal.celery import app
from alliance_portal.launcher import apart
from alliance_portal.launcher.places import CHECKOUT
from tests.conftest import StartWorker
from tests.own_services import NAME, NEEDS_SERVICES, NO_REUSE

# Of this process alone: another one may be at these tests at the same time.
PRECIOUS, QUEUE = f"precious_{NAME}", f"portal-{NAME}"
RING = b"a ring that somebody waits for"
# No test of these asks for a database by a mark or as `db`, though both write to one.
BROWSER = ("tests/test_accessibility.py", "-k", "not_signed_in")
WORKER = ("tests/test_own_services.py", "-k", "takes_messages_of_this_run_only")

pytestmark = pytest.mark.processes


@dataclass
class InUse:
    """A portal's database and queue beside those of this run, and the environment that names them."""

    environment: dict[str, str]
    broker: Any

    def holds(self) -> tuple[object, ...]:
        sessions = ask(self.environment["DATABASE_URL"], "SELECT count(*) FROM django_session")
        return sessions, self.broker.lrange(QUEUE, 0, -1)

    def run(self, *command: str) -> tuple[int, str]:
        """How a test run started in this environment ended, and what it printed."""
        ended = subprocess.run(
            command, env=self.environment, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr


def ask(url: str, question: str) -> object:
    asked = psycopg2.connect(url)
    try:
        asked.autocommit = True
        with asked.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        asked.close()


@pytest.fixture(scope="module")
def in_use(django_db_setup: None) -> Iterator[InUse]:
    ours = os.environ["THROW_AWAY_DATABASE_URL"]
    queue = os.environ["THROW_AWAY_CELERY_BROKER_URL"]
    ask(ours, f"CREATE DATABASE {PRECIOUS}")
    url = urlsplit(ours)._replace(path=f"/{PRECIOUS}").geturl()
    ask(url, "CREATE TABLE django_session AS SELECT 'kept' AS session_key")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THROW_AWAY_")}
    named = {"DATABASE_URL": url, "CELERY_BROKER_URL": queue, "CELERY_TASK_DEFAULT_QUEUE": QUEUE}
    with redis.Redis(unix_socket_path=queue.removeprefix("redis+socket://")) as broker:
        broker.rpush(QUEUE, RING)
        yield InUse({**kept, **named}, broker)
        broker.delete(QUEUE)
    ask(ours, f"DROP DATABASE {PRECIOUS}")


def test_this_process_and_its_children_know_only_what_the_run_made(
    worker_environment: dict[str, str],
) -> None:
    assert connection.settings_dict["NAME"] == NAME
    assert env.database()["NAME"] == NAME
    assert urlsplit(worker_environment["DATABASE_URL"]).path == f"/{NAME}"
    assert set(app.amqp.queues) == {NAME}
    assert worker_environment["CELERY_TASK_DEFAULT_QUEUE"] == NAME


def test_nobody_can_be_in_the_way_of_copying_the_migrated_database() -> None:
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    address = urlsplit(os.environ["THROW_AWAY_DATABASE_URL"])._replace(path=f"/{template}").geturl()
    with pytest.raises(psycopg2.OperationalError, match="not currently accepting connections"):
        psycopg2.connect(address)


def test_a_worker_takes_messages_of_this_run_only(start_worker: StartWorker) -> None:
    worker = start_worker(concurrency=1)
    app.control.purge()
    assert worker.poll() is None


@pytest.mark.parametrize("spread, selected", [("-n0", BROWSER), ("-n2", WORKER)])
def test_bin_test_leaves_the_database_and_queue_that_the_environment_names_alone(
    in_use: InUse, spread: str, selected: tuple[str, ...]
) -> None:
    held = in_use.holds()
    status, printed = in_use.run("bin/test", spread, *selected)
    assert (status, in_use.holds()) == (0, held), printed
    assert "DATABASE_URL and CELERY_BROKER_URL are left alone" in printed


@pytest.mark.parametrize("selected", [BROWSER, WORKER])
def test_plain_pytest_refuses_them(in_use: InUse, selected: tuple[str, ...]) -> None:
    held = in_use.holds()
    status, printed = in_use.run(sys.executable, "-m", "pytest", *selected)
    assert (status, in_use.holds()) == (1, held), printed
    assert NEEDS_SERVICES in printed


def test_a_database_that_an_earlier_run_left_is_not_used_again(in_use: InUse) -> None:
    held = in_use.holds()
    status, printed = in_use.run(sys.executable, "-m", "pytest", "--reuse-db", *BROWSER)
    assert (status, in_use.holds()) == (4, held), printed
    assert NO_REUSE in printed


def test_no_setting_of_the_portal_reaches_a_test_run() -> None:
    ours = {"DATABASE_URL": "a", "EMAIL_URL": "b", "CELERY_BROKER_WRITE_URL": "c", "PGHOST": "d"}
    assert apart.without_settings({**ours, "PATH": "/bin"}) == {"PATH": "/bin"}
