"""`python -m alliance_portal.launcher start|manage|test|check|bench …`: what bin/ runs."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import environ

from . import apart, assets, command, data, services
from .check import check
from .places import CHECKOUT, Places
from .problem import LauncherProblem
from .start import start
from .testing import test

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(name: str, arguments: Sequence[str]) -> int:
    """Run one of the launcher's commands and return its exit status."""
    for number in _ENDINGS:
        signal.signal(number, _end)
    return _COMMANDS[name](arguments)


def _start(arguments: Sequence[str]) -> int:
    if arguments:
        raise LauncherProblem(
            "bin/start takes no arguments; PORT and HOST in the environment change the address."
        )
    environ.Env.read_env(CHECKOUT / ".env")
    os.umask(0o077)  # logs and data are for nobody else
    start(Places())
    return 0


def _manage(arguments: Sequence[str]) -> int:
    environ.Env.read_env(CHECKOUT / ".env")
    with services.shared(Places()) as running:
        if not data.works_without_tables(arguments):
            data.refuse_without_tables(running.variables)
        return command.run(command.manage(*arguments), running.variables)


def _test(arguments: Sequence[str]) -> int:
    return test(Places(), arguments)


def _check(arguments: Sequence[str]) -> int:
    if arguments:
        raise LauncherProblem("bin/check takes no arguments; it runs every check.")
    return check(Places())


def _bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks on throw-away services with the settings of production."""
    apart.leave_settings_behind()
    places = Places()
    places.make()
    assets.build(places)
    with services.throw_away(durable=True) as running:
        migrated = command.run(
            command.manage("migrate", "--noinput", "--verbosity=0"), running.variables
        )
        return migrated or command.run(command.manage("bench", *arguments), running.variables)


_COMMANDS = {"start": _start, "manage": _manage, "test": _test, "check": _check, "bench": _bench}


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave through the `finally` of all that is running; no second signal cuts that short."""
    for each in _ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except LauncherProblem as problem:
        sys.exit(str(problem))
