"""Whether an error says that the database or the broker is away, and not that somebody is wrong."""

from collections.abc import Iterator

from django.db import DatabaseError, Error, InterfaceError, OperationalError

# Classes of SQLSTATE: connection; disk, memory or connections used up; shut down; input and output.
_AWAY = ("08", "53", "57P", "58")
# By name: every process reads this module, few ever talk to a broker, and its driver takes 20 MB.
_BROKER_AWAY = frozenset(
    {
        "kombu.exceptions.OperationalError",
        "redis.exceptions.ConnectionError",
        "redis.exceptions.TimeoutError",
    }
)


def database_is_away(error: BaseException | None) -> bool:
    """True if the same request may well succeed in a minute."""
    return any(_database_is_away(each) for each in _with_causes(error))


def what_is_away(error: BaseException | None) -> str:
    """“database” or “broker”; empty if the error tells of neither."""
    if database_is_away(error):
        return "database"
    return "broker" if any(_broker_is_away(each) for each in _with_causes(error)) else ""


def _database_is_away(error: BaseException) -> bool:
    """By its SQLSTATE; without one the server was not reached, or went away in the middle."""
    if not isinstance(error, Error):
        return False
    state: str | None = getattr(error.__cause__, "pgcode", None)
    if state:
        return state.startswith(_AWAY)
    # The driver has no kind of its own for a server that closed the connection without a word.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _broker_is_away(error: BaseException) -> bool:
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return not kinds.isdisjoint(_BROKER_AWAY)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
