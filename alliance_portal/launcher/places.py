"""Where the launcher keeps what it makes, all of it below the checkout's `var/`."""

import contextlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

LARGEST_LOG = 10_000_000
_OLD = ".old.log"
CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = (
    Path(sys.prefix)
    / "lib"
    / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    / "site-packages"
)


@dataclass(frozen=True)
class Places:
    """The folders of one portal: `var` is the only one that is written to."""

    var: Path = CHECKOUT / "var"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def broker(self) -> Path:
        return self.var / "broker"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def stamps(self) -> Path:
        return self.var / "stamps"

    def log_of(self, name: str) -> Path:
        """A process's log."""
        return self.log / f"{name}.log"

    def turn_over_logs(self) -> None:
        """Put aside what stands in each log that has grown large, in place of what was put aside before.

        The log is emptied, not replaced: whoever writes to it holds it open, and appends.
        """
        for log in self.log.glob("*.log"):
            with contextlib.suppress(OSError):  # a log is no reason to stop
                if log.stat().st_size > LARGEST_LOG and not log.name.endswith(_OLD):
                    _put_aside(log, log.with_name(f"{log.stem}{_OLD}"))
                    os.truncate(log, 0)

    def make(self) -> None:
        """Create the folders that are missing, for this user alone, and begin with short logs."""
        self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.var.chmod(0o700)
        for folder in (self.var, self.broker, self.log, self.run, self.stamps):
            folder.mkdir(parents=True, exist_ok=True)
        self.turn_over_logs()


def _put_aside(log: Path, old: Path) -> None:
    try:
        shutil.copyfile(log, old)
    except OSError:  # a full disk needs the room more than anybody the old lines
        old.unlink(missing_ok=True)
