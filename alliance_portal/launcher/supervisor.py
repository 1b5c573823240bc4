"""Keeps up whatever `bin/start` started, until a signal ends the launcher."""

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import children
from .places import CHECKOUT, Places
from .problem import LauncherProblem
from .processes import Program
from .pulse import Pulse
from .services import Running, Service
from .terminal import say

_SECONDS_TO_STOP = 10
# The pauses before something that ended within the last minute, once, twice, …, is started again.
_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
_SECONDS_REMEMBERED = 60.0
_SECONDS_BETWEEN_LOOKS = 0.5
# Through these a message goes before the background is heard of; one of them is at fault if it is not.
_BACKGROUND = ("broker", "worker", "beat")


@dataclass
class Child:
    """A program of the portal as a process."""

    program: Program
    log: Path
    env: dict[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return self.program.name

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = children.spawn(
                [sys.executable, "-m", *self.program.arguments],
                env=self.env,
                log=log,
                cwd=CHECKOUT,
                at_death=self.program.at_death,
            )

    def has_died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        """End it politely, and after a while by force."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it started at once; also what is left of it after its own end."""
        self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> None:
        if self._process is not None:
            children.stop(self._process, with_signal, _SECONDS_TO_STOP)


@dataclass
class Kept:
    """Something that is started again when it ends: at once, and later each time it ends again."""

    what: Service | Child
    started_at: float = field(default_factory=time.monotonic)
    ends: int = 0
    _lately: deque[float] = field(default_factory=deque)
    _due_at: float | None = None

    def look(self, now: float) -> None:
        """Start it again if it has ended and its pause is over."""
        if self._due_at is None:
            if not self.what.has_died():
                return
            self._note_end(now, "ended")
        if self._due_at is not None and now >= self._due_at:
            self._start(now)

    def _start(self, now: float) -> None:
        self._due_at = None
        try:
            self.what.kill()
            self.what.launch()
        except (LauncherProblem, OSError) as problem:
            self._note_end(now, f"cannot be started ({problem})")
        else:
            self.started_at = time.monotonic()

    def _note_end(self, now: float, happened: str) -> None:
        self.ends += 1
        self._lately.append(now)
        while now - self._lately[0] > _SECONDS_REMEMBERED:
            self._lately.popleft()
        count = len(self._lately)
        pause = _PAUSES[min(count, len(_PAUSES)) - 1]
        self._due_at = now + pause
        often = f", for the {_ordinal(count)} time within a minute" if count > 1 else ""
        when = f"in {pause:g} s" if pause else "now"
        say(
            f"The {self.what.name} {happened}{often}; it is started again {when}. "
            f"{self.what.log} may say why."
        )


@dataclass
class Supervisor:
    """Starts programs, starts again whatever ends, and stops the programs.

    Nothing that ends takes anything else with it: without worker, beat and broker pages are served
    and changes kept, without the database pages say that it is away.
    """

    places: Places
    services: Running
    env: dict[str, str]
    _kept: list[Kept] = field(init=False)
    _pulse: Pulse = field(init=False)

    def __post_init__(self) -> None:
        self._kept = [Kept(service) for service in self.services.own]
        self._pulse = Pulse(self.services.variables["DATABASE_URL"])

    def start(self, wanted: Sequence[Program]) -> None:
        for program in wanted:
            child = Child(program, self.places.log_of(program.name), self.env)
            self._kept.append(Kept(child))
            child.launch()

    def check(self) -> None:
        """Start again whatever has ended since the last look."""
        for kept in self._kept:
            kept.look(time.monotonic())

    def watch(self) -> None:
        """Keep everything up until a signal ends the launcher."""
        while True:
            self.check()
            self._end_a_deaf_background()
            self.places.turn_over_logs()
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def ends(self, name: str) -> int:
        """How often the one of this name has ended so far."""
        return sum(kept.ends for kept in self._named([name]))

    def stop(self) -> None:
        """Stop all programs, the last started first, each politely and then by force."""
        ended = [kept for kept in self._kept if kept.ends]
        if ended:
            counts = ", ".join(f"{kept.what.name} {_times(kept.ends)}" for kept in ended)
            say(f"Ended and started again meanwhile: {counts}.")
        for kept in reversed(self._kept):
            if isinstance(kept.what, Child):
                kept.what.stop()

    def _end_a_deaf_background(self) -> None:
        """End worker, beat and the broker if a worker was not heard of for a minute.

        Each of them may live and do nothing: frozen, or waiting for what never comes.
        """
        background = self._named(_BACKGROUND)
        if self._pulse.is_silent(since=max(kept.started_at for kept in background)):
            names = ", ".join(kept.what.name for kept in background)
            say(f"No worker was heard of for too long; what may be stuck is ended: {names}.")
            for kept in background:
                kept.what.kill()

    def _named(self, names: Iterable[str]) -> list[Kept]:
        return [kept for kept in self._kept if kept.what.name in names]


def _ordinal(count: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(count, f"{count}th")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
