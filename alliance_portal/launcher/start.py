"""`bin/start`: all set up, all up, the address printed, all down at the end."""

import csv
import errno
import http.client
import os
import socket
import time
from pathlib import Path

from alliance_portal import env

from . import assets, children, command, data, services
from .places import CHECKOUT, Places
from .problem import LauncherProblem
from .processes import programs
from .supervisor import Supervisor
from .terminal import say, step

DEMO_USERS = CHECKOUT / "alliance_portal" / "samples" / "demo_users.csv"
_SECONDS_TO_SERVE = 90
_ENDS_BEFORE_SERVED = 3


def start(places: Places) -> None:
    """Serve the portal until a signal ends the launcher.

    Raises LauncherProblem if the port is taken, the data is in use, or a step of the set-up fails.
    """
    env.check()
    host, port = env.address()
    say("Alliance Portal: setting up")
    _refuse_taken_port(host, port)
    places.make()
    with services.owned(places) as running:
        assets.build(places)
        data.bring_up_to_date(
            places,
            running.variables,
            embedded="DATABASE_URL" not in services.given_elsewhere(),
            demo=running.is_demonstration,
        )
        if env.yes_or_no("HTTPS", False):
            data.refuse_published_passwords(places, running.variables)
        variables = {"ALLOWED_HOSTS": _hosts(host), **command.environment(running.variables)}
        supervisor = Supervisor(places, running, variables)
        try:
            with step("Starting web, worker and beat"):
                supervisor.start(programs(host, port, places))
                _wait_until_served(host, port, supervisor, places)
            _say_ready(host, port, places, demo=running.is_demonstration)
            supervisor.watch()
        finally:
            say("Stopping everything")
            supervisor.stop()


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            mend = f"choose another, such as PORT={port + 1 if port < 65535 else 8000} bin/start"
            raise LauncherProblem(f"Port {port} on {host} is taken; {mend}.") from None
        raise LauncherProblem(
            f"The portal cannot listen on {host}:{port} ({error.strerror}); set HOST and PORT."
        ) from None


def _hosts(host: str) -> str:
    """The names the portal answers to, unless ALLOWED_HOSTS says otherwise."""
    bracketed = f"[{host}]" if ":" in host else host
    return ",".join(
        dict.fromkeys(("127.0.0.1", "localhost", "[::1]", bracketed, socket.gethostname()))
    )


def _local(host: str) -> str:
    """An address at which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _answered_name() -> str:
    """A host name that the portal answers to."""
    first = env.names("ALLOWED_HOSTS", "localhost")[0]
    return "localhost" if first == "*" else first.removeprefix(".")


def _wait_until_served(host: str, port: int, supervisor: Supervisor, places: Places) -> None:
    give_up_at = time.monotonic() + _SECONDS_TO_SERVE
    while time.monotonic() < give_up_at and supervisor.ends("web") < _ENDS_BEFORE_SERVED:
        supervisor.check()
        try:
            connection = http.client.HTTPConnection(_local(host), port, timeout=10)
            connection.request("GET", "/healthz", headers={"Host": _answered_name()})
            if connection.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    log = places.log_of("web")
    raise LauncherProblem(
        f"The portal does not answer; the end of {log} says:\n{children.last_lines(log)}"
    )


def _say_ready(host: str, port: int, places: Places, *, demo: bool) -> None:
    shown = _local(host)
    say()
    say(f"The portal is at http://{f'[{shown}]' if ':' in shown else shown}:{port}")
    users = _demo_users(DEMO_USERS) if demo else []
    if users:
        password = os.environ.get("DEMO_PASSWORD", "").strip() or "alliance-demo"
        say(f"Demo sign-ins, all with the password {password}")
        width = max(len(email) for email, _ in users)
        for email, name in users:
            say(f"  {email:<{width}}  {name}")
    say(f"Logs are in {places.log}. Ctrl-C stops everything; the data stays.")


def _demo_users(file: Path) -> list[tuple[str, str]]:
    """Each demo user once, in the order of the file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as rows:
        return list(
            {row["email"]: (row["email"], row["name"]) for row in csv.DictReader(rows)}.values()
        )
