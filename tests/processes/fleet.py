"""Celery workers and beat as processes of their own, to be killed and started again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from alliance_portal.launcher.children import dying_with_parent
from tests.waiting import PATIENCE

CHECKOUT = Path(__file__).resolve().parents[2]
_TROUBLE = re.compile(r"ERROR|CRITICAL|Traceback|Timeout")


@dataclass
class Process:
    """One process with its log."""

    child: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it and its children at once, as a machine that loses power would."""
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def kill_a_child(self) -> None:
        """End one of a worker's own children, as a machine short of memory would."""
        for child in psutil.Process(self.child.pid).children()[:1]:
            child.kill()

    def seconds_worked(self) -> float:
        """Processor time that it and its children have used so far."""
        parent = psutil.Process(self.child.pid)
        times = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
        return sum(used.user + used.system for used in times)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def trouble(self) -> list[str]:
        """Lines of its log that tell of an error."""
        return [line for line in self.said().splitlines() if _TROUBLE.search(line)]


@dataclass
class Fleet:
    """Processes that share an environment; all of them end with the fleet."""

    environment: Mapping[str, str]
    logs: Path
    processes: list[Process] = field(default_factory=list)

    def worker(self, *, concurrency: int = 1) -> Process:
        name = f"{self.logs.name}-{len(self.processes)}@test"
        return self.run(
            "celery", "--app", "alliance_portal.celery:app", "worker", "--pool", "prefork",
            "--concurrency", str(concurrency), "--hostname", name, "--loglevel", "INFO",
        )  # fmt: skip

    def beat(self) -> Process:
        schedule = str(self.logs / "schedule")
        return self.run(
            "celery", "--app", "alliance_portal.celery:app", "beat",
            "--pidfile", "", "--schedule", schedule,
        )  # fmt: skip

    def run(self, *module_and_arguments: str) -> Process:
        log = self.logs / f"{len(self.processes)}.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", *module_and_arguments],
                env=dict(self.environment),
                cwd=CHECKOUT,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),
            )
        process = Process(child, log)
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            process.kill()


def wait_until_ready(*workers: Process) -> None:
    """Return when each worker says that it takes messages."""
    give_up_at = time.monotonic() + PATIENCE
    for worker in workers:
        while " ready." not in worker.said():
            if worker.child.poll() is not None or time.monotonic() > give_up_at:
                pytest.fail(f"A worker did not start:\n{worker.said()[-2000:]}")
            time.sleep(0.1)
