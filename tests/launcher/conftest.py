"""A copy of the checkout to start portals in, with the packages and assets of this one."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from alliance_portal.launcher.apart import without_settings
from alliance_portal.launcher.places import CHECKOUT, Places
from tests.waiting import PATIENCE

# `.env` too: it may name a database in use.
LEFT_OUT = shutil.ignore_patterns(".env", ".git", ".venv", "var", "node_modules", "__pycache__")


@dataclass
class Portal:
    """One `bin/start` that a test began, and what it printed."""

    process: subprocess.Popen[bytes]
    output: Path

    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_for(self, text: str) -> str:
        """Everything printed, once `text` is in it; fails if the portal ends first."""
        give_up_at = time.monotonic() + PATIENCE
        while text not in self.printed():
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                pytest.fail(f"“{text}” was not printed:\n{self.printed()}")
            time.sleep(0.1)
        return self.printed()

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(PATIENCE)


@dataclass
class Copy:
    """A checkout of its own; `start()` runs its bin/start on a free port."""

    folder: Path
    started: list[Portal] = field(default_factory=list)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one of its scripts to the end, with none of this test run's own services."""
        return subprocess.run(
            [self.folder / arguments[0], *arguments[1:]],
            env=own_environment(variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, **variables: str) -> Portal:
        output = self.folder / f"output-{len(self.started)}"
        variables.setdefault("PORT", str(free_port()))
        with output.open("wb") as file:
            process = subprocess.Popen(
                [self.folder / "bin" / "start"],
                env=own_environment(variables),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.started.append(Portal(process, output))
        return self.started[-1]

    def processes(self) -> list[psutil.Process]:
        """Every process that works in this checkout or on its data."""
        return [process for process in psutil.process_iter() if self._owns(process)]

    def wait_until_empty(self) -> list[psutil.Process]:
        """What is still running although it was given time to end."""
        give_up_at = time.monotonic() + PATIENCE
        while (left := self.processes()) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return left

    def _owns(self, process: psutil.Process) -> bool:
        try:
            here = str(self.folder)
            return process.cwd().startswith(here) or here in " ".join(process.cmdline())
        except psutil.Error:
            return False


def own_environment(variables: dict[str, str]) -> dict[str, str]:
    """This environment without any setting of the portal, such as the services of the test run."""
    return {**without_settings(os.environ), **variables}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A set-up checkout in a path with a space; what a test leaves running is ended."""
    folder = tmp_path_factory.mktemp("a path with a space") / "alliance portal"
    shutil.copytree(CHECKOUT, folder, ignore=LEFT_OUT)
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")
    for name in ("assets", "static", "static-names", "stamps"):
        if (CHECKOUT / "var" / name).is_dir():
            shutil.copytree(CHECKOUT / "var" / name, folder / "var" / name)
    (folder / "var" / "stamps" / "samples.json").unlink(missing_ok=True)
    if (CHECKOUT / "static" / "node_modules").is_dir():
        (folder / "static" / "node_modules").symlink_to(CHECKOUT / "static" / "node_modules")
    made = Copy(folder)
    yield made
    for portal in made.started:
        if portal.process.poll() is None:
            portal.end()
    for process in made.wait_until_empty():
        process.kill()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An empty `var` in a path with a space."""
    made = Places(tmp_path / "a path with a space" / "var")
    made.make()
    return made
