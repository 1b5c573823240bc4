"""Where the launcher keeps what it makes, all of it below the checkout's `var/`."""

import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = Path(sys.prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


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

    def make(self) -> None:
        """Create the folders that are missing."""
        for folder in (self.var, self.broker, self.log, self.run, self.stamps):
            folder.mkdir(parents=True, exist_ok=True)
