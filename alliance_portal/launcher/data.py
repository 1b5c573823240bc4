"""Brings the portal's database up to date: tables, and on a new one the sample alliances."""

import json

import psycopg2

from . import command
from .places import Places
from .problem import LauncherProblem
from .quiet import run_quietly
from .services import Variables
from .terminal import step


def bring_up_to_date(places: Places, variables: Variables, *, embedded: bool) -> None:
    """Migrate, and load the samples once, into the embedded database or another that is empty.

    What people changed in the samples stays, and no demo sign-in reaches a database of one's own
    that holds something already.
    Raises LauncherProblem if the database cannot be reached or a step fails.
    """
    identity, empty = _look_at(variables["DATABASE_URL"])
    samples = _SamplesNote(places)
    if empty or (embedded and not samples.read(identity)):
        samples.write(identity, "wanted")
    with step("Bringing the tables up to date"):
        _manage(places, variables, "migrate", "--noinput")
        _manage(places, variables, "createcachetable")
    if samples.read(identity) == "wanted":
        with step("Loading the sample alliances"):
            _manage(places, variables, "load_samples")
        samples.write(identity, "loaded")


class _SamplesNote:
    """Which databases are to get the samples, and which have them; a kill in between is safe."""

    def __init__(self, places: Places) -> None:
        self._file = places.stamps / "samples.json"

    def read(self, identity: str) -> str:
        return self._all().get(identity, "")

    def write(self, identity: str, state: str) -> None:
        self._file.write_text(json.dumps({**self._all(), identity: state}))

    def _all(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._file.read_text())
            return found
        except (OSError, ValueError):
            return {}


def _look_at(url: str) -> tuple[str, bool]:
    """What tells this database from any other, and whether it has no table yet."""
    _, _, rest = url.partition("://")
    try:
        connection = psycopg2.connect(f"postgresql://{rest}")
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise LauncherProblem(
            f"The database that DATABASE_URL names cannot be reached: {reason}"
        ) from None
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid,"
                " NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"
                " FROM pg_database WHERE datname = current_database()"
            )
            identity, empty = cursor.fetchone()
            return str(identity), bool(empty)
    finally:
        connection.close()


def _manage(places: Places, variables: Variables, *arguments: str) -> None:
    run_quietly(
        command.manage(*arguments),
        log=places.log_of("setup"),
        env=command.environment(variables),
        failed=f"“manage {arguments[0]}” failed",
    )
