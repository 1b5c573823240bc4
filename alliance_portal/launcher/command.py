"""Runs one command in the foreground with the services up, and passes on how it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .children import dying_with_parent
from .places import CHECKOUT
from .services import Variables

_ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def manage(*arguments: str) -> list[str]:
    """The command line of a `manage.py` command in this environment."""
    return [sys.executable, str(CHECKOUT / "manage.py"), *arguments]


def environment(variables: Variables) -> dict[str, str]:
    """This process's environment with the services' addresses in it.

    Threads share one arena of glibc's memory, unless asked otherwise: each of its own would keep what
    it once needed, 7% of a recompute's peak, and Python's lock lets one allocate at a time anyway.
    """
    return {**_ONE_ARENA, **os.environ, **variables, "PYTHONUNBUFFERED": "1"}


def run(arguments: Sequence[str], variables: Variables, *, cwd: str | None = None) -> int:
    """Run to the end and return the exit status; 128 + n if signal n ended the command.

    Ctrl-C reaches the command through the terminal; the launcher outlives it, to tidy up.
    """
    with (
        subprocess.Popen(
            arguments,
            env=environment(variables),
            cwd=cwd,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        ) as child,
        _signals_passed_to(child),
    ):
        status = child.wait()
    return status if status >= 0 else 128 - status


@contextmanager
def _signals_passed_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, _frame: object) -> None:
        if number != signal.SIGINT and child.poll() is None:
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
