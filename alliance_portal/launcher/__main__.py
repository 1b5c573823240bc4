"""`python -m alliance_portal.launcher start|manage|test|bench …`: what the scripts in bin/ run."""

import signal
import sys
from types import FrameType

import environ

from . import command, services
from .places import CHECKOUT, Places
from .problem import LauncherProblem


def main(arguments: list[str]) -> int:
    """Run one of the launcher's commands and return its exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    name, rest = arguments[0], arguments[1:]
    if name in {"start", "manage"}:
        environ.Env.read_env(CHECKOUT / ".env")
    return _COMMANDS[name](rest)


def _manage(arguments: list[str]) -> int:
    with services.shared(Places()) as running:
        return command.run(command.manage(*arguments), running.variables)


_COMMANDS = {"manage": _manage}


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave through the `finally` of everything that is running."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LauncherProblem as problem:
        sys.exit(f"{problem}")
    except KeyboardInterrupt:
        sys.exit(130)
