"""The database and the broker of one portal, started by whoever comes first and shared by the rest."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .broker import Broker
from .places import Places
from .postgres import Postgres
from .problem import LauncherProblem
from .scratch import Scratch

DATABASE = "portal"
Variables = dict[str, str]
Service = Postgres | Broker

_SECONDS_TO_WAIT = 90


@dataclass(frozen=True)
class Running:
    """Services that are up. `variables` is what a child process needs to reach them."""

    variables: Variables
    own: tuple[Service, ...] = ()


class AlreadyRunning(LauncherProblem):
    """Another launcher holds this portal's data."""


def given_elsewhere() -> Variables:
    """DATABASE_URL and CELERY_BROKER_URL as far as the environment sets them."""
    names = ("DATABASE_URL", "CELERY_BROKER_URL")
    return {name: value for name in names if (value := os.environ.get(name, "").strip())}


@contextmanager
def owned(places: Places) -> Iterator[Running]:
    """Start the services on the portal's data and stop them at the end; `bin/start` uses this.

    Raises AlreadyRunning if another `bin/start` has them; waits for a `bin/manage` to finish.
    """
    places.make()
    with _lock(places, wait=True), _started(places, by="start") as running:
        yield running


@contextmanager
def shared(places: Places) -> Iterator[Running]:
    """Use the services that are up, or start them for the time being; `bin/manage` uses this."""
    if len(given_elsewhere()) == 2:
        yield Running(given_elsewhere())
        return
    places.make()
    give_up_at = time.monotonic() + _SECONDS_TO_WAIT
    while time.monotonic() < give_up_at:
        try:
            with _lock(places, wait=False), _started(places, by="manage") as running:
                yield running
                _wait_for_users(places)
            return
        except AlreadyRunning:
            with open(places.run / "users.lock", "ab") as users:
                fcntl.flock(users, fcntl.LOCK_SH)
                if (found := _announced(places)) and found.get("ready"):
                    yield Running({**found["variables"], **given_elsewhere()})
                    return
        time.sleep(0.2)
    raise LauncherProblem("The services are still starting; try again when bin/start has said it is ready.")


@contextmanager
def throw_away(*, durable: bool = False) -> Iterator[Running]:
    """Start services on fresh data in a scratch folder, and remove all of it at the end.

    `durable` keeps the settings of production, for benchmarks.
    """
    scratch = Scratch()
    try:
        postgres = Postgres(scratch.path / "postgres", scratch.path / "log", scratch, durable)
        broker = Broker(scratch.path / "broker", scratch.path / "log", scratch, durable)
        with _up(postgres, broker) as running:
            yield running
    finally:
        scratch.close()


@contextmanager
def _started(places: Places, *, by: str) -> Iterator[Running]:
    if len(given_elsewhere()) == 2:
        yield Running(given_elsewhere())
        return
    scratch = Scratch()
    try:
        postgres = Postgres(places.postgres, places.log_of("postgres"), scratch)
        broker = Broker(places.broker, places.log_of("broker"), scratch)
        with _up(postgres, broker) as running:
            _announce(places, by=by, ready=True, variables=running.variables)
            try:
                yield running
            finally:
                _announce(places, by=by, ready=False, variables={})
    finally:
        scratch.close()


@contextmanager
def _up(postgres: Postgres, broker: Broker) -> Iterator[Running]:
    """Start those services that the environment does not name already."""
    given = given_elsewhere()
    starts: list[tuple[str, Service, Callable[[], str]]] = []
    if "DATABASE_URL" not in given:
        starts.append(("DATABASE_URL", postgres, lambda: postgres.url(DATABASE)))
    if "CELERY_BROKER_URL" not in given:
        starts.append(("CELERY_BROKER_URL", broker, lambda: broker.url))
    up: list[Service] = []
    variables = dict(given)
    try:
        for name, service, address in starts:
            up.append(service)
            service.start()
            variables[name] = address()
        if postgres in up:
            postgres.make_database(DATABASE)
        yield Running(variables, tuple(up))
    finally:
        for service in reversed(up):
            service.stop()


@contextmanager
def _lock(places: Places, *, wait: bool) -> Iterator[None]:
    """Hold the portal's data. `wait`: as long as it is only a `bin/manage` that holds it."""
    with open(places.run / "services.lock", "ab") as lock:
        give_up_at = time.monotonic() + _SECONDS_TO_WAIT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                by_start = (_announced(places) or {}).get("by") == "start"
                if not wait or by_start or time.monotonic() > give_up_at:
                    raise AlreadyRunning(
                        f"The portal is already running on {places.var}; stop that one first (Ctrl-C)."
                    ) from None
                time.sleep(0.2)
        _announce(places, by="start" if wait else "manage", ready=False, variables={})
        yield


def _wait_for_users(places: Places) -> None:
    """Return when no other command uses the services that this one started."""
    with open(places.run / "users.lock", "ab") as users:
        fcntl.flock(users, fcntl.LOCK_EX)


def _announce(places: Places, *, by: str, ready: bool, variables: Variables) -> None:
    note = places.run / "services.json"
    fresh = note.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"by": by, "ready": ready, "variables": variables}))
    fresh.replace(note)


def _announced(places: Places) -> dict[str, object] | None:
    try:
        note: dict[str, object] = json.loads((places.run / "services.json").read_text())
        return note
    except (OSError, ValueError):
        return None

