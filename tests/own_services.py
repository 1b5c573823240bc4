"""A database and a queue that this run made: whatever is selected, tests reach no other.

Before any test runs, and without a connection made, this process and its children forget every
setting of the portal that they were started with. Only bin/test names services that may be thrown
away; each process of the run makes a database with a name of its own on them.
"""

import os
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from alliance_portal import env
from alliance_portal.launcher import apart, services
from alliance_portal.launcher.places import CHECKOUT
from alliance_portal.launcher.testing import TEMPLATE

NAME = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(4)}"
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@/nothing?host=/nonexistent",
    "CELERY_BROKER_URL": "redis+socket:///nonexistent/broker.sock",
}
NEEDS_SERVICES = (
    "Tests that need a database run through bin/test, which makes one and leaves every other alone."
)
NOT_MADE = "The run's database could not be made; the first failure's output says why."
NO_REUSE = "A test run makes its databases afresh and leaves every other alone; drop --reuse-db."


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to work on a database that an earlier run, or somebody else, left."""
    if config.getoption("reuse_db"):
        raise pytest.UsageError(NO_REUSE)


def _reach_only_what_this_run_made() -> None:
    given = {**NOWHERE, **services.may_be_thrown_away()}
    address = urlsplit(given["DATABASE_URL"])._replace(path=f"/{NAME}").geturl()
    ours = {**given, "DATABASE_URL": address, "CELERY_TASK_DEFAULT_QUEUE": NAME}
    apart.keep_only(
        {**apart.without_settings(os.environ), **ours, "SECRET_KEY": settings.SECRET_KEY}
    )
    settings.CELERY_BROKER_URL = env.broker_url()
    settings.CELERY_TASK_DEFAULT_QUEUE = NAME
    connection.settings_dict |= env.database()
    # bin/test has migrated a database already; copying it takes a blink, migrating half a minute.
    connection.settings_dict["TEST"] |= {"NAME": NAME, "TEMPLATE": os.environ.get(TEMPLATE)}


_reach_only_what_this_run_made()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The run's database, made whichever tests are selected, in place of pytest-django's.

    Every other connection is seen gone before the drop: a server process takes a moment to notice
    that its client, a worker or a web server, has died.
    """
    if "DATABASE_URL" not in services.may_be_thrown_away():
        pytest.fail(NEEDS_SERVICES, pytrace=False)
    with django_db_blocker.unblock():
        try:
            made = setup_databases(
                verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[]
            )
        except SystemExit:
            # Django has printed why. Passed on, pytest would lose it and fail each later test
            # with an assertion of its own.
            pytest.fail(NOT_MADE, pytrace=False)
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def worker_environment(django_db_setup: None) -> dict[str, str]:
    """The environment in which a process works on this test run's database and queue."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT)}
