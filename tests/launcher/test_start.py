"""`bin/start` as a person meets it: in a path with a space, twice, on a taken port, killed, and
with whatever it started killed."""

import http.client
import os
import pty
import signal
import socket
import subprocess
from contextlib import closing

import psutil
import pytest

from alliance_portal.launcher.places import LARGEST_LOG
from tests.launcher.conftest import Copy, Portal, free_port, own_environment
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("start")]

# What tells each process that the launcher starts by its command line.
TOLD_BY = {
    "database": "bin/postgres",
    "broker": "valkey",
    "worker": " worker ",
    "beat": " beat ",
    "web": "gunicorn",
}


@pytest.fixture
def portal(copy: Copy) -> Portal:
    """The portal of the copy, up and serving."""
    for portal in copy.started:
        if portal.process.poll() is None:
            return portal
    portal = copy.start()
    portal.wait_for("Ctrl-C stops everything")
    return portal


def address(portal: Portal) -> tuple[str, int]:
    line = portal.wait_for("The portal is at http://").split("The portal is at http://")[1]
    host, _, port = line.split()[0].partition(":")
    return host, int(port)


def test_it_prints_the_address_and_the_demo_sign_ins_and_serves_the_portal(copy, portal):
    printed = portal.wait_for("Ctrl-C stops everything")

    assert f"Logs are in {copy.folder}/var/log" in printed
    assert "finance.dcd@portal.example" in printed
    with closing(http.client.HTTPConnection(*address(portal), timeout=PATIENCE)) as connection:
        connection.request("GET", "/accounts/login/")
        assert connection.getresponse().status == 200


def test_a_second_start_on_the_same_data_says_so_in_one_sentence(copy, portal):
    second = copy.run("bin/start", PORT=str(free_port()))

    assert second.returncode == 1
    assert "already running" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert portal.process.poll() is None


def test_a_taken_port_is_named_in_one_sentence(copy):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = copy.run("bin/start", PORT=str(port))

    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_none_is_refused_in_one_sentence(copy, port):
    refused = copy.run("bin/start", PORT=port)

    assert refused.returncode == 1
    assert refused.stderr.strip() == f"PORT is “{port}”; set it to a whole number from 1 to 65535."


def test_a_command_beside_it_uses_its_database(copy, portal):
    counted = copy.run("bin/manage", "shell", "-v", "0", "-c", COUNT_ALLIANCES)

    assert counted.returncode == 0, counted.stderr
    assert counted.stdout.split()[-1] == "2"
    assert portal.process.poll() is None


def test_six_ends_in_a_minute_are_named_and_mended_and_the_portal_stays(copy, portal):
    kept = ["worker", "beat", "broker", "database", "web"]

    for name in [*kept, "worker"]:
        end(copy, name)

    printed = portal.wait_for("The worker ended, for the 2nd time within a minute")
    assert all(f"The {name} ended; it is started again now." in printed for name in kept)
    until(lambda: page_answers(portal))
    assert portal.process.poll() is None


def test_a_worker_that_ends_again_and_again_is_waited_for_longer_and_pages_stay_up(copy, portal):
    pauses = [end(copy, "worker") for _ in range(4)]

    assert page_answers(portal)
    assert pauses[-1] > 1
    assert "started again in 2 s" in portal.printed()
    assert portal.process.poll() is None


def test_a_log_that_has_grown_large_is_put_aside_while_its_process_writes(copy, portal):
    logs = copy.folder / "var" / "log"
    for name in ("web", "worker", "beat", "postgres", "broker"):
        with (logs / f"{name}.log").open("a") as log:
            log.write("an old line\n" * (LARGEST_LOG // 12 + 1))

    until(lambda: all(log.stat().st_size < LARGEST_LOG / 2 for log in logs.glob("*[!d].log")))

    assert (logs / "web.old.log").stat().st_size > LARGEST_LOG
    assert page_answers(portal)
    until(lambda: "GET /accounts/login/" in (logs / "web.log").read_text())
    assert (logs / "web.log").read_bytes()[:1] != b"\0"


def test_killed_outright_it_leaves_no_process_and_starts_again_with_its_data(copy, portal):
    renamed = copy.run("bin/manage", "shell", "-v", "0", "-c", RENAME)
    assert renamed.returncode == 0, renamed.stderr

    portal.end(signal.SIGKILL)

    assert copy.wait_until_empty() == []
    with (copy.folder / "alliance_portal" / "samples" / "demo_users.csv").open("a") as people:
        people.write(f"{OF_A_LATER_VERSION},Sample Panel Member,PANEL_MEMBER,east-midlands,\n")
    again = copy.start()
    assert OF_A_LATER_VERSION in again.wait_for("Ctrl-C stops everything")
    named = copy.run("bin/manage", "shell", "-v", "0", "-c", NAMES)
    assert "Renamed by a test" in named.stdout
    assert OF_A_LATER_VERSION in named.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_process_it_started(copy, portal, ending):
    status = portal.end(ending)

    assert status == 128 + ending
    assert copy.wait_until_empty() == []


def test_closing_the_terminal_stops_every_process(copy):
    for portal in copy.started:
        if portal.process.poll() is None:
            portal.end()
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", str(copy.folder / "bin" / "start")],
        env=own_environment({"PORT": str(free_port())}),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    printed = b""
    while b"Ctrl-C stops everything" not in printed:
        printed += os.read(master, 4096)

    os.close(master)

    process.wait(PATIENCE)
    assert copy.wait_until_empty() == []


def end(copy: Copy, name: str) -> float:
    """Kill what has this name among the launcher's own children; the seconds until there is another."""
    until(lambda: pid_of(copy, name) is not None)
    killed = pid_of(copy, name)
    psutil.Process(killed).kill()
    return until(lambda: pid_of(copy, name) not in (killed, None))


def pid_of(copy: Copy, name: str) -> int | None:
    (portal,) = (portal for portal in copy.started if portal.process.poll() is None)
    for child in psutil.Process(portal.process.pid).children():
        try:
            if (
                TOLD_BY[name] in " ".join(child.cmdline())
                and child.status() != psutil.STATUS_ZOMBIE
            ):
                return child.pid
        except psutil.NoSuchProcess:
            continue
    return None


def page_answers(portal: Portal) -> bool:
    try:
        with closing(http.client.HTTPConnection(*address(portal), timeout=PATIENCE)) as connection:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
    except OSError:
        return False


COUNT_ALLIANCES = "from programmes.models import Alliance; print(Alliance.objects.count())"
RENAME = "from programmes.models import Alliance; Alliance.objects.update(name='Renamed by a test')"
OF_A_LATER_VERSION = "second.panel.em@portal.example"
NAMES = (
    "from programmes.models import Alliance, User; print("
    "*Alliance.objects.values_list('name'), *User.objects.values_list('email'))"
)
