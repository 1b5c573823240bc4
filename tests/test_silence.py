"""A database that is frozen: its line is open and it says nothing. Pages answer, and come back after it."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from alliance_portal import env
from alliance_portal.outage import database_is_away
from alliance_portal.serving import silence
from tests import factories
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 0.3
PAGE = "/alliances/hills/areas/"


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "TRIAL", SECONDS)


@pytest.fixture(autouse=True)
def _looks() -> Iterator[None]:
    """Somebody looks in, as the web server's loop does."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            silence.hang_up_where_overdue()

    thread = threading.Thread(target=look)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def boss(client: Client) -> Client:
    factories.force(alliance=factories.alliance(code="hills"))
    client.force_login(factories.administrator())
    client.raise_request_exception = False
    return client


@contextmanager
def frozen() -> Iterator[None]:
    """PostgreSQL's process that serves this connection is stopped in its tracks."""
    connection.ensure_connection()
    process = connection.connection.info.backend_pid
    try:
        os.kill(process, signal.SIGSTOP)
    except ProcessLookupError:
        pytest.skip("The database runs on another machine.")
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_kept_line_that_is_dead_is_found_out_and_another_is_taken(boss: Client) -> None:
    assert boss.get(PAGE).status_code == 200
    before = connection.connection

    with frozen(), silence.ends_after(PATIENCE):
        connection.health_check_enabled, connection.health_check_done = True, False
        assert boss.get(PAGE).status_code == 200

    assert connection.connection is not before


@pytest.mark.parametrize("statement", ["SELECT 1", "COMMIT"])
def test_a_page_that_the_freeze_meets_in_the_middle_ends(boss: Client, statement: str) -> None:
    with (  # noqa: PT012
        ExitStack() as afterwards,
        pytest.raises(OperationalError) as raised,
        silence.ends_after(SECONDS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1")
        afterwards.enter_context(frozen())
        if statement != "COMMIT":
            cursor.execute(statement)

    assert database_is_away(raised.value)
    connection.close()
    assert boss.get(PAGE).status_code == 200


def test_whoever_is_answered_is_never_cut_off_however_many_statements(boss: Client) -> None:
    with silence.ends_after(SECONDS), connection.cursor() as cursor:
        for _ in range(8):
            silence.asked()
            cursor.execute("SELECT pg_sleep(0.1)")
    assert connection.is_usable()


def test_outside_a_request_nobody_is_cut_off(boss: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    assert connection.is_usable()


def test_a_server_that_takes_connections_and_says_nothing_is_away_in_seconds(
    boss: Client,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / ".s.PGSQL.5432"))
        listening.listen(50)
        connection.close()
        for name, value in {"HOST": str(tmp_path), "PORT": "5432"}.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        options: dict[str, Any] = connection.settings_dict["OPTIONS"]
        assert options["connect_timeout"] == 10
        monkeypatch.setitem(options, "connect_timeout", 2)
        answer = boss.get(PAGE)
        ready = boss.get("/readyz")
        alive = boss.get("/healthz")
        connection.close()
        monkeypatch.undo()

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The portal is away for a moment" in answer.content.decode()
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert boss.get(PAGE).status_code == 200


def test_the_time_to_connect_may_be_said_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u@h/n?connect_timeout=3&sslmode=require")
    assert env.database()["OPTIONS"] == {"connect_timeout": 3, "sslmode": "require"}
