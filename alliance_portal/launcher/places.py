"""Where the launcher keeps what it makes, all of it below the checkout's `var/`."""

import sys
from dataclasses import dataclass
from pathlib import Path

_LARGEST_LOG = 10_000_000
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
        """A process's log; what stood there is put aside when it has grown large."""
        log = self.log / f"{name}.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(self.log / f"{name}.old.log")
        return log

    def make(self) -> None:
        """Create the folders that are missing."""
        for folder in (self.var, self.broker, self.log, self.run, self.stamps):
            folder.mkdir(parents=True, exist_ok=True)
