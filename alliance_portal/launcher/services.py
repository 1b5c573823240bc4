"""The database and broker of one portal, started by whoever comes first, shared by the rest."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from alliance_portal import env

from .broker import Broker
from .places import Places
from .postgres import Postgres, copy_cluster
from .problem import LauncherProblem
from .scratch import Scratch

DATABASE = "portal"
START, MANAGE = "start", "manage"
THROW_AWAY = "THROW_AWAY_"
Variables = dict[str, str]
Service = Postgres | Broker

_SECONDS_TO_WAIT = 90
_WAL = "256MB"  # of write-ahead log at most: it lies in somebody's checkout


@dataclass(frozen=True)
class Running:
    """Services that are up. `variables` is what a child process needs to reach them."""

    variables: Variables
    own: tuple[Service, ...] = ()

    @property
    def is_demonstration(self) -> bool:
        """Whether samples and demo users belong into the database."""
        return "DEMO" in self.variables or env.demo()


@dataclass(frozen=True)
class Announcement:
    """What the holder of the data tells other commands: who it is, and the addresses when up."""

    by: str
    variables: Variables


class AlreadyRunning(LauncherProblem):
    """Another launcher holds this portal's data."""


def given_elsewhere() -> Variables:
    """DATABASE_URL and CELERY_BROKER_URL as far as the environment sets them."""
    names = ("DATABASE_URL", "CELERY_BROKER_URL")
    return {name: value for name in names if (value := os.environ.get(name, "").strip())}


def may_be_thrown_away() -> Variables:
    """The like for test runs and benchmarks: services that hold nothing which anybody wants to keep.

    They have names of their own, so that a database in use is never taken for one of them.
    """
    return {
        name: value
        for name in ("DATABASE_URL", "CELERY_BROKER_URL")
        if (value := os.environ.get(f"{THROW_AWAY}{name}", "").strip())
    }


@contextmanager
def owned(places: Places) -> Iterator[Running]:
    """Start the services on the portal's data and stop them at the end; `bin/start` uses this.

    Raises AlreadyRunning if another `bin/start` has them; waits for a `bin/manage` to finish.
    """
    places.make()
    with _lock(places, wait=True), _started(places, by=START) as running:
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
            with _lock(places, wait=False), _started(places, by=MANAGE) as running:
                yield running
                _wait_for_users(places)
            return
        except AlreadyRunning:
            with (places.run / "users.lock").open("ab") as users:
                fcntl.flock(users, fcntl.LOCK_SH)
                if (found := _announced(places)) and found.variables:
                    yield Running(_for_children({**found.variables, **given_elsewhere()}))
                    return
        time.sleep(0.2)
    raise LauncherProblem(
        "The services are still starting; try again when bin/start has said it is ready."
    )


@contextmanager
def throw_away(*, durable: bool = False, cluster: Path | None = None) -> Iterator[Running]:
    """Start services on fresh data in a scratch folder, and remove all of it at the end.

    Those of the portal, which DATABASE_URL and CELERY_BROKER_URL may name, are never among them.
    `durable` keeps the settings of production, for benchmarks. `cluster` is data to begin with.
    """
    scratch = Scratch()
    try:
        if cluster:
            copy_cluster(cluster, scratch.path / "postgres")
        postgres = Postgres(scratch.path / "postgres", scratch.path / "log", scratch, durable)
        broker = Broker(scratch.path / "broker", scratch.path / "log", scratch, durable)
        with _up(postgres, broker, may_be_thrown_away()) as running:
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
        postgres = Postgres(places.postgres, places.log_of("postgres"), scratch, wal=_WAL)
        broker = Broker(places.broker, places.log_of("broker"), scratch)
        with _up(postgres, broker, given_elsewhere()) as running:
            _announce(places, Announcement(by, running.variables))
            try:
                yield replace(running, variables=_for_children(running.variables))
            finally:
                _announce(places, Announcement(by, {}))
    finally:
        scratch.close()


def _for_children(addresses: Variables) -> Variables:
    """The addresses, and DEMO=1 if the database is the launcher's own.

    Not where others can reach the portal, nor where DEMO is set to anything.
    """
    if "DATABASE_URL" in given_elsewhere() or env.yes_or_no("HTTPS", False) or env.text("DEMO"):
        return addresses
    return {**addresses, "DEMO": "1"}


@contextmanager
def _up(postgres: Postgres, broker: Broker, given: Variables) -> Iterator[Running]:
    """Start those services that are not given already."""
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
    with (places.run / "services.lock").open("ab") as lock:
        give_up_at = time.monotonic() + _SECONDS_TO_WAIT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _announced(places)
                by_start = holder is not None and holder.by == START
                if not wait or by_start or time.monotonic() > give_up_at:
                    raise AlreadyRunning(
                        f"The portal is already running on {places.var}; stop that one first."
                    ) from None
                time.sleep(0.2)
        _announce(places, Announcement(START if wait else MANAGE, {}))
        yield


def _wait_for_users(places: Places) -> None:
    """Return when no other command uses the services that this one started."""
    with (places.run / "users.lock").open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_EX)


def _announce(places: Places, what: Announcement) -> None:
    note = places.run / "services.json"
    fresh = note.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(what)))
    fresh.replace(note)


def _announced(places: Places) -> Announcement | None:
    try:
        return Announcement(**json.loads((places.run / "services.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
