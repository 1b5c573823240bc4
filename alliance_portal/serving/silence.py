"""Ends the wait for a database that says nothing: frozen, or on a machine that is gone.

Its line stays open, no limit of PostgreSQL's own counts any more, and the driver would wait for
ever. So the event loop looks in twice a second, and hangs up where an answer is overdue.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2 import InterfaceError, extensions

# Beyond the limit of a statement, which a database that lives keeps by itself.
GRACE = 5.0
# For a line that is only tried.
TRIAL = 5.0
SECONDS_BETWEEN_LOOKS = 0.5


class _Wait:
    """A thread's line to the database, since when it may have owed an answer, and for how long it may."""

    def __init__(self, seconds: float) -> None:
        self.line: Any = connections[DEFAULT_DB_ALIAS]
        self.seconds = seconds
        self.since = time.monotonic()


_waits: dict[int, _Wait] = {}


@contextmanager
def ends_after(seconds: float) -> Iterator[None]:
    """While the block runs, no answer is waited for longer than this; then the line is dead.

    Whoever waits meets an OperationalError without an SQLSTATE, as where the server has gone away.
    """
    me = threading.get_ident()
    before = _waits.get(me)
    _waits[me] = _Wait(seconds)
    try:
        yield
    finally:
        if before is None:
            del _waits[me]
        else:
            before.since = time.monotonic()
            _waits[me] = before


def asked() -> None:
    """A statement goes off, and the wait for its answer begins."""
    wait = _waits.get(threading.get_ident())
    if wait is not None:
        wait.since = time.monotonic()


def hang_up_where_overdue() -> None:
    """One look at every thread that waits."""
    now = time.monotonic()
    for wait in list(_waits.values()):
        session = wait.line.connection
        if session is None or not _owes_an_answer(session):
            wait.since = now
        elif now - wait.since > wait.seconds:
            _hang_up(session)


def _owes_an_answer(session: extensions.connection) -> bool:
    return bool(session.info.transaction_status == extensions.TRANSACTION_STATUS_ACTIVE)


def _hang_up(session: extensions.connection) -> None:
    """End the line in both directions, under the driver that listens on it."""
    with (
        suppress(OSError, InterfaceError),  # it has ended by itself meanwhile
        socket.socket(fileno=os.dup(session.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
