"""The most memory that a recompute of everything takes, and whether it grows with the amounts."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from alliance_portal.benchmarks.figures import Figure
from alliance_portal.benchmarks.ground import Scale, clear_shares, ensure_national

REACH_MB = 500
SECONDS_BETWEEN_LOOKS = 0.05


def memory(scale: Scale) -> list[Figure]:
    """Peak resident memory of a process that recomputes a fifth of the data, then all of it."""
    fifth = max(scale.alliances, scale.amounts // 5)
    small = _peak_mb(Scale(scale.alliances, fifth, 1))
    large = _peak_mb(scale)
    return [
        Figure(
            "memory",
            large / REACH_MB,
            1.0,
            f"peak {large:.0f} MB of {REACH_MB} MB with {scale.amounts:,} amounts",
        ),
        Figure(
            "memory-growth",
            large / small,
            1.2,
            f"{small:.0f} MB with {fifth:,} amounts, {large:.0f} MB with {scale.amounts:,}",
        ),
    ]


def _peak_mb(scale: Scale) -> float:
    """The largest resident set of `manage.py recompute --all` in a process of its own."""
    ensure_national(alliances=scale.alliances, amounts=scale.amounts)
    clear_shares()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "recompute", "--all", "--skip-checks"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": _address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    status = Path(f"/proc/{child.pid}/status")
    peak = 0
    while child.poll() is None:
        peak = max(peak, _high_water_kb(status))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    _, errors = child.communicate()
    if child.returncode:
        raise RuntimeError(f"The recompute failed:\n{errors[-2000:]}")
    return peak / 1024


def _high_water_kb(status: Path) -> int:
    """The process's largest resident set so far, as Linux counts it; 0 once it has ended."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return 0
    marks = [line for line in lines if line.startswith("VmHWM:")]
    return int(marks[0].split()[1]) if marks else 0


def _address() -> str:
    """The address of the database that this process works on."""
    given = urlsplit(os.environ.get("DATABASE_URL", "postgres:///portal"))
    return given._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
