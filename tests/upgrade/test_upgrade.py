"""Data of every release that is kept come up to date, and no figure moves on the way."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest

from alliance_portal.launcher.places import CHECKOUT
from tests.upgrade.release import Release, digest, releases, rows

pytestmark = pytest.mark.dialect

each_release = pytest.mark.parametrize("release", releases(), ids=lambda each: each.folder.name)


@each_release
def test_no_migration_of_a_release_is_edited_renamed_or_removed(release: Release) -> None:
    assert {name: digest(name) for name in release.migrations()} == release.migrations()


# As the first releases kept a date that moved: the reason beside it, and no change on record.
_MOVED_BEFORE_ANY_RECORD = """
    INSERT INTO business_areas_datechange (which, from_on, to_on, reason, details, alliance_id, milestone_id)
    SELECT which, forecast_on - 30, forecast_on, 'Funding', 'The grant came late.', alliance_id, id
      FROM business_areas_milestone, (VALUES ('FORECAST'), ('APPROVED')) AS of (which)
     WHERE forecast_on IS NOT NULL
"""


class Old:
    """A database of its own with a release's data in it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def run(self, *arguments: str) -> str:
        """What a Python program that works on it prints; it must end well."""
        ended = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments)

    def shares(self, alliance: str) -> list[dict[str, str]]:
        return rows(self.manage("export_shares", alliance, "--format=csv").encode())

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(question)
            return list(cursor.fetchall())

    def tell(self, statement: str) -> None:
        with self._connected() as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def _connected(self) -> "closing[psycopg2.extensions.connection]":
        return closing(psycopg2.connect(self.environment["DATABASE_URL"]))


@pytest.fixture
def old(release: Release, worker_environment: dict[str, str]) -> Iterator[Old]:
    name = f"{urlsplit(worker_environment['DATABASE_URL']).path[1:]}_old"
    server = psycopg2.connect(os.environ["THROW_AWAY_DATABASE_URL"])
    server.autocommit = True
    address = urlsplit(worker_environment["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        made = Old({**worker_environment, "DATABASE_URL": address})
        made.run("-m", "tests.upgrade.release", str(release.folder))
        yield made
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.mark.processes
@each_release
def test_data_of_a_release_come_up_to_date_and_no_figure_moves(release: Release, old: Old) -> None:
    shown = old.ask(
        "SELECT id, row_number() OVER (PARTITION BY alliance_id ORDER BY id) FROM savings_run"
    )

    old.tell(_MOVED_BEFORE_ANY_RECORD)
    moved = old.ask(
        "SELECT id, milestone_id, which, from_on, to_on, reason, details, changed_by_id, changed_at"
        " FROM business_areas_datechange ORDER BY id"
    )

    old.manage("migrate", "--noinput", "--verbosity=0")

    assert moved
    assert moved == old.ask(
        "SELECT d.id, d.milestone_id, which, from_on, to_on, reason, details, made_by_id, made_at"
        " FROM business_areas_moveddate d JOIN programmes_change c ON c.id = change_id ORDER BY d.id"
    )
    assert old.ask("SELECT id, number FROM savings_run ORDER BY id") == sorted(shown)

    waiting = "SELECT count(DISTINCT (area_id, year)) FROM savings_recomputerequest"
    open_ = (
        "SELECT count(DISTINCT (area_id, year)) FROM savings_pool WHERE NOT (year, alliance_id) IN"
    )
    closed = " (SELECT year, alliance_id FROM savings_financialyear WHERE closed_at IS NOT NULL)"
    assert old.ask(waiting) == old.ask(open_ + closed)
    assert "are to be worked out again and were not compared); every law holds." in old.manage(
        "verify_shares"
    )

    done = old.manage("recompute")

    assert "0 shares changed, £0.00 moved between forces" in done
    assert old.manage("verify_shares").endswith("checked; every law holds.\n")
    for alliance, before in release.shares():
        after = old.shares(alliance)
        assert [{name: row[name] for name in before[0]} for row in after] == before
