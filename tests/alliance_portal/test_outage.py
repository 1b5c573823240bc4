"""A database that is really away: what every page says, what needs none, and what is logged."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
import redis
from celery.beat import SchedulingError
from django.conf import settings
from django.db import DatabaseError, Error, connection, transaction
from django.db.utils import DatabaseErrorWrapper
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string
from pytest_django import DjangoDbBlocker

from alliance_portal.outage import database_is_away
from alliance_portal.quiet_logs import OutageInOneLine
from tests import factories

pytestmark = pytest.mark.dialect

# What an address takes, filled in with anything: no page gets as far as looking it up.
PARTS = {"slug": "x", "int": "1", "str": "x", "path": "x", "uuid": "0" * 32}


@pytest.fixture
def away(django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database's address is one at which nothing listens."""
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
        yield
        connection.close()


@pytest.fixture(params=["with a session", "without a session"])
def visitor(request: pytest.FixtureRequest) -> Client:
    client = Client(raise_request_exception=False)
    if request.param == "with a session":
        client.cookies[settings.SESSION_COOKIE_NAME] = "s" * 32
    return client


def addresses(within: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the project."""
    for part in within.url_patterns:
        route = before + _filled_in(str(part.pattern))
        if isinstance(part, URLResolver):
            yield from addresses(part, route)
        elif isinstance(part, URLPattern):
            yield route


def _filled_in(route: str) -> str:
    for kind, value in PARTS.items():
        while f"<{kind}:" in route:
            before, _, rest = route.partition(f"<{kind}:")
            route = before + value + rest.partition(">")[2]
    return route


def test_every_page_says_that_the_database_is_away(away: None, visitor: Client) -> None:
    pages = list(addresses(get_resolver()))
    assert len(pages) > 60

    for page in [*pages, "/no/such/page"]:
        for answer in (visitor.get(page), visitor.post(page, {"reason": "typed"})):
            assert answer.status_code == 503, page
            assert answer["Retry-After"] == "10", page
            assert "The portal is away for a moment" in answer.content.decode(), page


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_in_the_middle_of_a_page_is_said_too() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(factories.administrator())
    factories.force(alliance=factories.alliance(code="hills"))
    page = "/alliances/hills/areas/"

    for number in range(100):
        ending = Ending(at=number)
        with connection.execute_wrapper(ending):
            answer = client.get(page)
        if ending.left >= 0:
            break
        assert (answer.status_code, answer.get("Retry-After")) == (503, "10"), number
        connection.close()

    assert number > 5
    assert answer.status_code == 200


class Ending:
    """Has the server end this connection just before one of its queries."""

    def __init__(self, *, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        if self.left == 0:
            other = psycopg2.connect(**connection.get_connection_params())
            with closing(other), other.cursor() as cursor:
                pid = connection.connection.info.backend_pid
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        self.left -= 1
        return execute(*query)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 / 0", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", "SELECT nothing"],
)
def test_a_statement_that_fails_is_no_outage(statement: str) -> None:
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        connection.cursor().execute(statement)

    assert not database_is_away(raised.value)


@pytest.mark.parametrize(
    "kind", [psycopg2.OperationalError, psycopg2.InterfaceError, psycopg2.DatabaseError]
)
def test_whatever_the_driver_calls_it_a_server_that_is_gone_is_an_outage(
    kind: type[psycopg2.Error],
) -> None:
    # As it says it: a server that closes the connection without a word has no kind of its own.
    with pytest.raises(Error) as raised, DatabaseErrorWrapper(connection):
        raise kind("server closed the connection unexpectedly")

    assert database_is_away(raised.value)


def test_a_file_and_a_health_address_ask_the_database_nothing(visitor: Client) -> None:
    # Without the django_db mark any query would fail this test.
    assert visitor.get("/healthz").status_code == 200
    for name in ("portal/none.css", "", "../secret"):
        assert visitor.get(f"{settings.STATIC_URL}{name}").status_code == 404


def test_readiness_is_503_while_the_database_is_away_and_life_is_not(
    away: None, visitor: Client
) -> None:
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["database"] == "The database does not answer."
    assert answer.json()["worker"] == "Not known: the database does not answer."


def test_an_outage_is_one_line_of_log_however_often_it_is_met(
    away: None, visitor: Client, console: Callable[[], list[str]]
) -> None:
    for _ in range(5):
        visitor.get("/")

    (line,) = console()
    assert line.startswith("The database is away; what needs it fails until it is back: ")


def test_a_broker_that_is_away_is_one_line_too(console: Callable[[], list[str]]) -> None:
    for _ in range(3):
        try:
            try:
                redis.Redis(unix_socket_path="/nowhere").ping()
            except redis.RedisError as error:
                raise SchedulingError("as beat says it") from error
        except SchedulingError:
            logging.getLogger("celery.beat").exception("Message Error")

    (line,) = console()
    assert line.startswith("The broker is away; what needs it fails until it is back: ")


def test_an_error_that_is_no_outage_is_told_whole(console: Callable[[], list[str]]) -> None:
    for _ in range(2):
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            logging.getLogger("celery.app.trace").exception("It failed")

    assert console().count("Traceback (most recent call last):") == 2


@pytest.mark.parametrize("failed", [False, True])
def test_what_the_clock_asks_for_is_told_only_if_it_fails(
    failed: bool, console: Callable[[], list[str]]
) -> None:
    level = logging.ERROR if failed else logging.INFO
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        context = {"id": "1", "name": entry["task"]}
        logging.getLogger("celery.app.trace").log(
            level, "Task %(name)s ended", context, extra={"data": context}
        )

    assert len(console()) == (len(settings.CELERY_BEAT_SCHEDULE) if failed else 0)


@pytest.fixture
def console() -> Iterator[Callable[[], list[str]]]:
    """The lines that a handler with the filters of the portal's own has written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OutageInOneLine())
    for given in settings.LOGGING["filters"].values():
        arguments = {name: value for name, value in given.items() if name != "()"}
        handler.addFilter(import_string(given["()"])(**arguments))
    logging.getLogger().addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    logging.getLogger().removeHandler(handler)
