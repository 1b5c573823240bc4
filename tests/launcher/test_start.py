"""`bin/start` as a person meets it: in a path with a space, twice, on a taken port, killed."""

import http.client
import os
import pty
import signal
import socket
import subprocess
from contextlib import closing

import pytest

from tests.launcher.conftest import Copy, Portal, free_port, own_environment

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("start")]


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
    with closing(http.client.HTTPConnection(*address(portal), timeout=20)) as connection:
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


def test_killed_outright_it_leaves_no_process_and_starts_again_with_its_data(copy, portal):
    renamed = copy.run("bin/manage", "shell", "-v", "0", "-c", RENAME)
    assert renamed.returncode == 0, renamed.stderr

    portal.end(signal.SIGKILL)

    assert copy.wait_until_empty(15) == []
    again = copy.start()
    again.wait_for("Ctrl-C stops everything")
    named = copy.run("bin/manage", "shell", "-v", "0", "-c", NAMES)
    assert "Renamed by a test" in named.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_process_it_started(copy, portal, ending):
    status = portal.end(ending)

    assert status == 128 + ending
    assert copy.wait_until_empty(15) == []


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

    process.wait(90)
    assert copy.wait_until_empty(15) == []


COUNT_ALLIANCES = "from programmes.models import Alliance; print(Alliance.objects.count())"
RENAME = "from programmes.models import Alliance; Alliance.objects.update(name='Renamed by a test')"
NAMES = "from programmes.models import Alliance; print(*Alliance.objects.values_list('name'))"
