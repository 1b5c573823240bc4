"""Brings the portal's database up to date: tables, and on a new one the sample alliances."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg2
import psycopg2.extensions

from . import children, command, stamps
from .places import CHECKOUT, Places
from .problem import LauncherProblem
from .quiet import run_quietly
from .services import Variables
from .terminal import step

# What Django's own commands do before there is anything.
_WITHOUT_TABLES = frozenset(
    {
        *("check", "collectstatic", "diffsettings", "dbshell", "help", "makemigrations"),
        *("migrate", "showmigrations", "sqlmigrate", "test", "version"),
    }
)
_DEMO_USERS = CHECKOUT / "alliance_portal" / "samples" / "demo_users.csv"
_ERROR = re.compile(r"^ *(?:[a-z_]\w*\.)+(\w+: .+)$", re.MULTILINE)


def bring_up_to_date(places: Places, variables: Variables, *, embedded: bool, demo: bool) -> None:
    """Migrate, and for a demonstration load the samples once, and again if a later version has more
    people to show.

    They go into the embedded database or another that is empty. What people changed in them stays.
    Raises LauncherProblem if the database cannot be reached, a later version of the portal has used
    it, or a step fails.
    """
    url = variables["DATABASE_URL"]
    found = _look_at(url)
    samples = _SamplesNote(places)
    if demo and (not found.migrations or (embedded and not samples.read(found.identity))):
        samples.write(found.identity, "wanted")
    if not stamps.is_done(places, "tables", _up_to_date(found)):
        with step("Bringing the tables up to date"):
            _migrate(places, variables)
            _manage(places, variables, "createcachetable")
        stamps.done(places, "tables", _up_to_date(_look_at(url)))
    loaded = f"loaded {stamps.fingerprint(_DEMO_USERS)}"
    if demo and samples.read(found.identity) not in ("", loaded):
        with step("Loading the sample alliances"):
            _manage(places, variables, "load_samples")
        samples.write(found.identity, loaded)


def works_without_tables(arguments: Sequence[str]) -> bool:
    """Whether a command can run on a database that nobody has set up."""
    asks = {"-h", "--help", "--version"} & set(arguments)
    return not arguments or bool(asks) or arguments[0] in _WITHOUT_TABLES


def refuse_without_tables(variables: Variables) -> None:
    """Raises LauncherProblem unless the database has been set up by this version or an earlier one."""
    if not _look_at(variables["DATABASE_URL"]).migrations:
        raise LauncherProblem(
            "The database has no tables yet; start the portal once with bin/start, or make them "
            "with bin/manage migrate."
        )


@dataclass(frozen=True)
class _Database:
    """What tells a database from any other, and which migrations it has; none if it is empty."""

    identity: str
    migrations: str


def _up_to_date(database: _Database) -> str:
    """Changes whenever there may be something to migrate, also when a backup was put back."""
    return stamps.fingerprint(
        database.identity,
        database.migrations,
        CHECKOUT / "requirements.txt",
        CHECKOUT / "savings" / "engine" / "method.py",
        *sorted(CHECKOUT.glob("*/migrations/*.py")),
    )


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


def _look_at(url: str) -> _Database:
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
                " to_regclass('django_migrations') IS NOT NULL"
                " FROM pg_database WHERE datname = current_database()"
            )
            identity, migrated = cursor.fetchone()
            if not migrated:
                return _Database(identity, "")
            _refuse_later(cursor)
            cursor.execute("SELECT count(*) || ' until ' || max(applied) FROM django_migrations")
            return _Database(identity, cursor.fetchone()[0] or "")
    finally:
        connection.close()


def _refuse_later(cursor: psycopg2.extensions.cursor) -> None:
    """Raise LauncherProblem if one of the portal's apps has had a migration that is not here."""
    apps = sorted({folder.parent.name for folder in CHECKOUT.glob("*/migrations")})
    cursor.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [apps])
    for app, name in cursor.fetchall():
        if not (CHECKOUT / app / "migrations" / f"{name}.py").exists():
            raise LauncherProblem(
                f"A later version of the portal has used these data (it knew {app} {name}); "
                "start that version, or put back a backup from before it."
            )


def _migrate(places: Places, variables: Variables) -> None:
    """Raises LauncherProblem with the reason and what to do, in one sentence."""
    try:
        _manage(places, variables, "migrate", "--noinput", "--skip-checks")
    except LauncherProblem:
        log = places.log_of("setup")
        said = _ERROR.findall(children.last_lines(log, 20))
        reason = said[-1].rstrip(".") if said else "migrate failed"
        raise LauncherProblem(
            f"The data cannot be brought up to date ({reason}); start the version of the portal that "
            f"used them last, or put back a backup; {log} has the rest."
        ) from None


def refuse_published_passwords(places: Places, variables: Variables) -> None:
    """Raises LauncherProblem if somebody may sign in with a password that everybody knows."""
    with step("Checking who can sign in"):
        _manage(places, variables, "check")


def _manage(places: Places, variables: Variables, *arguments: str) -> None:
    run_quietly(
        command.manage(*arguments),
        log=places.log_of("setup"),
        env=command.environment(variables),
        failed=f"“manage {arguments[0]}” failed",
    )
