"""Whether an error says that the database or the broker is away, and not that somebody is wrong."""

from collections.abc import Iterator

from django.db import DatabaseError, Error, InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisFrozen

# Classes of SQLSTATE: connection; disk, memory or connections used up; shut down; input and output.
_AWAY = ("08", "53", "57P", "58")


def database_is_away(error: BaseException | None) -> bool:
    """True if the same request may well succeed in a minute."""
    return any(_database_is_away(each) for each in _with_causes(error))


def what_is_away(error: BaseException | None) -> str:
    """“database” or “broker”; empty if the error tells of neither."""
    if database_is_away(error):
        return "database"
    kinds = (BrokerError, RedisAway, RedisFrozen)
    return "broker" if any(isinstance(each, kinds) for each in _with_causes(error)) else ""


def _database_is_away(error: BaseException) -> bool:
    """By its SQLSTATE; without one the server was not reached, or went away in the middle."""
    if not isinstance(error, Error):
        return False
    state: str | None = getattr(error.__cause__, "pgcode", None)
    if state:
        return state.startswith(_AWAY)
    # The driver has no kind of its own for a server that closed the connection without a word.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
