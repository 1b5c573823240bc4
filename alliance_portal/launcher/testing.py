"""`bin/test`: pytest on throw-away services whose database is migrated already."""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from . import apart, assets, command, services, stamps
from .places import CHECKOUT, Places
from .postgres import Postgres, copy_cluster
from .quiet import run_quietly
from .scratch import Scratch
from .terminal import step

# Names the migrated database that tests/own_services.py makes each test database from. It lets
# nobody in: PostgreSQL refuses to copy a database while anybody is connected to it.
TEMPLATE = "TEST_DATABASE_TEMPLATE"
MIGRATED = "migrated"
# Arguments after which the tests are not spread over two processes.
_ALONE = ("-n", "--numprocesses", "--pdb", "--collect-only", "tests/")


def test(places: Places, arguments: Sequence[str]) -> int:
    """Run pytest and return its exit status; no test at all is a failure, as pytest has it."""
    apart.leave_settings_behind()
    places.make()
    assets.build(places)
    pytest = [sys.executable, "-m", "pytest"]
    if not any(argument.startswith(_ALONE) for argument in arguments):
        pytest += ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    if "DATABASE_URL" in services.may_be_thrown_away():
        with services.throw_away() as running:
            return command.run([*pytest, *arguments], _known_to_tests(running))
    with services.throw_away(cluster=_migrated(places)) as running:
        variables = {**_known_to_tests(running), TEMPLATE: MIGRATED}
        return command.run([*pytest, *arguments], variables)


def _known_to_tests(running: services.Running) -> services.Variables:
    """The services under the names by which tests/own_services.py finds them."""
    return running.variables | {
        f"{services.THROW_AWAY}{name}": value for name, value in running.variables.items()
    }


def _migrated(places: Places) -> Path:
    """A cluster with a migrated database, kept until a migration or a package changes."""
    wanted = stamps.fingerprint(
        CHECKOUT / "requirements.txt", *sorted(CHECKOUT.glob("*/migrations/*.py"))
    )
    kept = places.var / "cache" / "templates" / wanted[:16]
    with stamps.one_at_a_time(places, "migrated"):
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            _remove_old(kept.parent)
            with step("Migrating a database for tests to copy"):
                _migrate(places, kept)
    return kept


def _remove_old(folder: Path) -> None:
    """Remove what no test run of the last hour can still be copying."""
    for cluster in folder.iterdir():
        if time.time() - cluster.stat().st_mtime > 3600:
            shutil.rmtree(cluster, ignore_errors=True)


def _migrate(places: Places, target: Path) -> None:
    scratch = Scratch()
    try:
        postgres = Postgres(scratch.path / "postgres", scratch.path / "log", scratch, durable=False)
        postgres.start()
        try:
            postgres.make_database(MIGRATED)
            run_quietly(
                command.manage("migrate", "--noinput"),
                log=places.log_of("setup"),
                env=command.environment({"DATABASE_URL": postgres.url(MIGRATED)}),
                failed="The database for tests could not be migrated",
            )
            postgres.close_database(MIGRATED)
        finally:
            postgres.stop()
        copy_cluster(postgres.data, target)
    finally:
        scratch.close()
