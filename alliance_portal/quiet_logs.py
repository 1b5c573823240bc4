"""What is not worth a line of log: work that the clock asks for, and an outage told again and again,
and the long nonsense that somebody sends, of which the line of its request says enough."""

import logging
import time
from collections.abc import Iterable
from copy import copy

from alliance_portal.outage import what_is_away

_SECONDS_BETWEEN_LINES = 60.0
_LONGEST = 1000
# Where the scope of a request holds what its line of log says beside the status.
REFUSED_BECAUSE = "portal.refused_because"


class NotByTheClock(logging.Filter):
    """Leaves out that a task which beat asks for every few seconds began or ended well.

    `tasks`: their names. That one failed is told.
    """

    def __init__(self, tasks: Iterable[str]) -> None:
        super().__init__()
        self._tasks = frozenset(tasks)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno > logging.INFO:
            return True
        task = getattr(record, "data", None)
        return not (isinstance(task, dict) and task.get("name") in self._tasks)


class ShortLines(logging.Filter):
    """Cuts long messages, and leaves the traceback out where the fault is the sender's."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if len(message) > _LONGEST:
            record.msg, record.args = f"{message[:_LONGEST]}…", None
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
        return True


class WithItsRequest(logging.Filter):
    """Leaves out why a request is refused, where the line of the request itself will say it."""

    def filter(self, record: logging.LogRecord) -> bool:
        scope = getattr(getattr(record, "request", None), "scope", None)
        if scope is None or not record.name.startswith("django.security."):
            return True
        scope[REFUSED_BECAUSE] = record.getMessage()
        return False


class OutageInOneLine(logging.Formatter):
    """Writes an error that says that something is away without its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        away = _away(record)
        if away and record.exc_info:
            reason = " ".join(str(record.exc_info[1]).split())
            record = copy(record)
            record.msg = f"The {away} is away; what needs it fails until it is back: {reason}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return super().format(record)


class OutageOnceAMinute(logging.Filter):
    """Leaves out what OutageInOneLine would write again within a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        away = _away(record)
        if not away:
            return True
        now = time.monotonic()
        if now - self._told_at.get(away, -_SECONDS_BETWEEN_LINES) < _SECONDS_BETWEEN_LINES:
            return False
        self._told_at[away] = now
        return True


def _away(record: logging.LogRecord) -> str:
    return what_is_away(record.exc_info[1]) if record.exc_info else ""
