"""Runs a program whose output is of interest only when it fails."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .children import dying_with_parent, last_lines
from .places import CHECKOUT
from .problem import LauncherProblem


def run_quietly(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    failed: str,
    cwd: Path = CHECKOUT,
) -> None:
    """Run to the end with all output in the log.

    Raises LauncherProblem, with `failed` and the end of the log, on any exit status but 0.
    """
    with log.open("ab") as output:
        done = subprocess.run(
            [str(part) for part in arguments],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=dying_with_parent(signal.SIGTERM),
            check=False,
        )
    if done.returncode:
        raise LauncherProblem(f"{failed}; the end of {log} says:\n{last_lines(log)}")
