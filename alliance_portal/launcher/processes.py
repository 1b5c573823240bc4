"""The portal's processes, and the loop that keeps them up until the launcher ends."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import children
from .places import CHECKOUT, Places
from .problem import LauncherProblem
from .services import Running
from .terminal import say

_SECONDS_TO_STOP = 10
_RESTARTS = 5
_RESTARTS_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """One line of the list below. `at_death` is what it gets when the launcher is killed."""

    name: str
    arguments: tuple[str, ...]
    at_death: signal.Signals


def programs(host: str, port: int, places: Places) -> tuple[Program, ...]:
    """Everything that serves the portal, in the order of starting; stopped the other way round."""
    celery = ["celery", "--app", "alliance_portal.celery:app", "--quiet"]
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
    beat = [*celery, "beat", "--pidfile", "", "--schedule", str(places.run / "beat-schedule")]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = ["gunicorn", "alliance_portal.wsgi:application", "--bind", bind, "--workers", "2"]
    web += ["--threads", "4", "--timeout", "60", "--graceful-timeout", "8"]
    web += ["--no-control-socket", "--access-logfile", "-"]
    if os.access("/dev/shm", os.W_OK):
        web += ["--worker-tmp-dir", "/dev/shm"]  # a heartbeat on a slow disk would end workers
    return (
        Program("worker", tuple(worker), signal.SIGKILL),
        Program("beat", tuple(beat), signal.SIGTERM),
        Program("web", tuple(web), signal.SIGINT),
    )


@dataclass
class Supervisor:
    """Starts programs, starts again what dies, and stops all of it."""

    places: Places
    services: Running
    env: dict[str, str]
    _up: dict[Program, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)
    _deaths: deque[float] = field(default_factory=deque, init=False)

    def start(self, wanted: Sequence[Program]) -> None:
        for program in wanted:
            self._start(program)

    def check(self) -> None:
        """Start again whatever has died since the last look.

        Raises LauncherProblem when things die faster than starting again can help.
        """
        for service in self.services.own:
            if service.has_died():
                self._count_death(service.log)
                say(f"The {type(service).__name__} server ended and is being started again.")
                service.start()
        for program, child in list(self._up.items()):
            if child.poll() is not None:
                children.stop(child, signal.SIGKILL, 1)
                self._count_death(self._log(program))
                say(f"The {program.name} process ended and is being started again.")
                self._start(program)

    def watch(self) -> None:
        """Keep everything up until a signal ends the launcher."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop all programs, the last started first, each politely and then by force."""
        for _program, child in reversed(list(self._up.items())):
            children.stop(child, signal.SIGTERM, _SECONDS_TO_STOP)
        self._up.clear()

    def _start(self, program: Program) -> None:
        with self._log(program).open("ab") as log:
            self._up[program] = children.spawn(
                [sys.executable, "-m", *program.arguments],
                env=self.env,
                log=log,
                cwd=CHECKOUT,
                at_death=program.at_death,
            )

    def _count_death(self, log: Path) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        while now - self._deaths[0] > _RESTARTS_WITHIN_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) > _RESTARTS:
            raise LauncherProblem(
                f"Processes end again and again; the end of {log} says:\n{children.last_lines(log)}"
            )

    def _log(self, program: Program) -> Path:
        return self.places.log_of(program.name)
