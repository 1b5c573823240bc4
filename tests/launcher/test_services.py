"""Database and broker: started, shared, replaced by the environment, recovered after a kill."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg2
import pytest

from alliance_portal.launcher import services
from alliance_portal.launcher.places import CHECKOUT, Places
from alliance_portal.launcher.postgres import Postgres
from alliance_portal.launcher.problem import LauncherProblem
from alliance_portal.launcher.scratch import Scratch
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.processes

HOLD = """
import sys, time
from pathlib import Path
from alliance_portal.launcher import services
from alliance_portal.launcher.places import Places
with services.owned(Places(Path(sys.argv[1]))) as running:
    print(running.variables["DATABASE_URL"], flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _no_services_of_the_test_run(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)


@pytest.fixture
def holder(places):
    """Another launcher that holds the same data."""
    process = hold(places)
    yield process
    process.kill()
    process.wait()


def hold(places: Places) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.var)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process.stdout as output:
        process.address = output.readline().strip()  # type: ignore[attr-defined]
    return process


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_data_in_a_path_with_a_space_is_there_at_the_next_start(places):
    with services.owned(places) as running:
        ask(running.variables["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")

    with services.owned(places) as running:
        assert ask(running.variables["DATABASE_URL"], "SELECT answer FROM kept") == 42


def test_data_that_another_launcher_holds_is_refused(places, holder):
    with pytest.raises(services.AlreadyRunning, match="already running"), services.owned(places):
        pass


def test_a_command_shares_the_services_that_are_up(places, holder):
    with services.shared(places) as running:
        assert running.variables["DATABASE_URL"] == holder.address
        assert running.own == ()


def test_a_launcher_killed_outright_takes_its_servers_with_it_and_keeps_the_data(places):
    killed = hold(places)
    ask(killed.address, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers = psutil.Process(killed.pid).children(recursive=True)
    assert len(servers) > 2

    killed.send_signal(signal.SIGKILL)
    killed.wait()

    with services.owned(places) as running:
        assert ask(running.variables["DATABASE_URL"], "SELECT answer FROM kept") == 42
        _, left = psutil.wait_procs(servers, timeout=PATIENCE)
    assert left == []


def test_a_server_killed_outright_leaves_a_pid_file_that_does_not_stop_the_next_start(places):
    with services.owned(places) as running:
        postgres = running.own[0]
        ask(running.variables["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(int((places.postgres / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until(postgres.has_died)
        assert (places.postgres / "postmaster.pid").exists()

        postgres.start()

        assert ask(running.variables["DATABASE_URL"], "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_server_that_somebody_told_to_end_waits_for_nobody_who_is_connected(places, told):
    with services.owned(places) as running:
        postgres, url = running.own[0], running.variables["DATABASE_URL"]
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        with contextlib.closing(psycopg2.connect(url)):
            os.kill(int((places.postgres / "postmaster.pid").read_text().split()[0]), told)
            until(postgres.has_died)

        postgres.start()

        assert ask(url, "SELECT answer FROM kept") == 42


def has_ended(pid: int) -> bool:
    """Whether the process is gone, or is only waiting for somebody to ask how it ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_server_killed_while_a_statement_runs_does_not_stop_the_next_start(places):
    with services.owned(places) as running:
        postgres, url = running.own[0], running.variables["DATABASE_URL"]
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        busy = psycopg2.connect(url)
        threading.Thread(target=run_for_ever, args=[busy], daemon=True).start()
        backend = busy.get_backend_pid()
        until(lambda: psutil.Process(backend).cpu_times().user > 0.1)
        postmaster = psutil.Process(backend).ppid()
        os.kill(postmaster, signal.SIGKILL)
        until(postgres.has_died)
        assert psutil.pid_exists(backend)

        postgres.start()

        assert ask(running.variables["DATABASE_URL"], "SELECT answer FROM kept") == 42
        until(lambda: has_ended(backend))


def run_for_ever(connection) -> None:
    with contextlib.suppress(psycopg2.Error), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN LOOP END LOOP; END $$")


def test_data_of_another_version_is_refused_with_the_mend(places):
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("15\n")

    with pytest.raises(LauncherProblem, match="written by PostgreSQL 15"), services.owned(places):
        pass


def test_a_cluster_that_was_left_half_made_is_made_again(places):
    unfinished = places.var / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "half").write_text("")

    with services.owned(places) as running:
        assert ask(running.variables["DATABASE_URL"], "SELECT 1") == 1
    assert not unfinished.exists()


def test_addresses_in_the_environment_replace_the_embedded_services(places, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://somewhere")

    with services.owned(places) as running:
        assert running.own == ()
        assert running.variables["DATABASE_URL"] == "postgres://somewhere/else"
    assert not places.postgres.exists()


def test_only_the_service_that_the_environment_names_is_replaced(places, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")

    with services.owned(places) as running:
        assert len(running.own) == 1
        assert running.variables["CELERY_BROKER_URL"].startswith("redis+socket:///")
    assert not places.postgres.exists()


def test_the_data_of_the_portal_is_safe_from_a_crash_of_the_machine(places):
    with services.owned(places) as running:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(running.variables["DATABASE_URL"], f"SHOW {setting}") == "on"


def test_the_write_ahead_log_fits_a_checkout(places):
    with services.owned(places) as running:
        assert ask(running.variables["DATABASE_URL"], "SHOW max_wal_size") == "256MB"


def test_nobody_can_reach_the_server_through_the_network(places):
    with services.owned(places) as running:
        url = running.variables["DATABASE_URL"]
        assert ask(url, "SHOW listen_addresses") == ""
        sockets = Path(url.split("host=")[1])
        assert sockets.stat().st_mode & 0o077 == 0


def test_what_a_killed_launcher_left_in_the_temporary_folder_is_removed(tmp_path, monkeypatch):
    left = Scratch()
    path = left.path
    left._lock.close()

    Scratch().close()

    assert not path.exists()


def test_the_folder_of_a_launcher_that_lives_is_left_alone():
    living = Scratch()

    Scratch().close()

    assert living.path.exists()
    living.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is kept out of PostgreSQL")
def test_as_root_the_data_may_lie_below_a_home_that_others_cannot_enter(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    scratch = Scratch()
    postgres = Postgres(home / "postgres", home / "log", scratch)

    postgres.start()
    try:
        assert ask(postgres.url("postgres"), "SELECT 1") == 1
        assert home.stat().st_mode & 0o777 == 0o700
    finally:
        postgres.stop()
        scratch.close()
