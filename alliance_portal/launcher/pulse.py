"""Whether the background worker is heard of: looks for signs of life in the database."""

import contextlib
import select
import time
from dataclasses import dataclass, field

import psycopg2
import psycopg2.extensions

# How long it may be silent; twice as long each time that ending it did not help, up to a limit:
# the cause may be elsewhere, for example a broker that is away, or a machine that is very slow.
SECONDS_OF_SILENCE = 60.0
_MOST_SECONDS_OF_SILENCE = 16 * 60.0
_SECONDS_BETWEEN_QUESTIONS = 5.0
_SECONDS_TO_ANSWER = 2.0
# As savings.selectors.worker asks it. A long run keeps heartbeats waiting, and gives signs of its own.
_SIGNS_OF_LIFE = """
    SELECT greatest((SELECT max(seen_at) FROM savings_heartbeat),
                    (SELECT max(seen_at) FROM savings_run WHERE state = 'RUNNING'))::text
"""


@dataclass
class Pulse:
    """Remembers when a sign of life was last seen.

    That is told by this machine's clock, so neither a clock that is put right nor a pause of
    the whole machine looks like silence; nor does a database that is away.
    """

    url: str
    _last: str | None = field(default=None, init=False)
    _moved_at: float = field(default=0.0, init=False)
    _asked_at: float = field(default=0.0, init=False)
    _answers: bool = field(default=False, init=False)
    _allowed: float = field(default=SECONDS_OF_SILENCE, init=False)

    def is_silent(self, *, since: float) -> bool:
        """True if the database answers and there was no sign of life for as long as is allowed.

        `since` is when all that makes them was started (time.monotonic): it has a time of its own.
        Asks every five seconds and waits two for the answer.
        """
        now = time.monotonic()
        if now - self._asked_at < _SECONDS_BETWEEN_QUESTIONS:
            return False
        self._asked_at = now
        try:
            found = _ask(self.url)
        except (psycopg2.Error, OSError):
            self._answers = False
            return False
        if found != self._last:
            self._last, self._allowed = found, SECONDS_OF_SILENCE
            self._moved_at = time.monotonic()
        if not self._answers:
            self._answers, self._moved_at = True, time.monotonic()
        silent = time.monotonic() - max(self._moved_at, since) > self._allowed
        if silent:
            self._allowed = min(2 * self._allowed, _MOST_SECONDS_OF_SILENCE)
        return silent


def _ask(url: str) -> str | None:
    """The newest sign of life, as the database writes it; TimeoutError if it is frozen."""
    _, _, rest = url.partition("://")
    give_up_at = time.monotonic() + _SECONDS_TO_ANSWER
    connection = psycopg2.connect(f"postgresql://{rest}", async_=True)
    with contextlib.closing(connection):
        _wait(connection, give_up_at)
        with connection.cursor() as cursor:
            cursor.execute(_SIGNS_OF_LIFE)
            _wait(connection, give_up_at)
            found: str | None = cursor.fetchone()[0]
            return found


def _wait(connection: psycopg2.extensions.connection, give_up_at: float) -> None:
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        left = give_up_at - time.monotonic()
        reads = [connection] if state == psycopg2.extensions.POLL_READ else []
        writes = [connection] if state == psycopg2.extensions.POLL_WRITE else []
        if left <= 0 or not any(select.select(reads, writes, [], left)):
            raise TimeoutError("The database does not answer.")
