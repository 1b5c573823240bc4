"""`python -m tests.upgrade.release FOLDER`: put a release's data into the empty database DATABASE_URL names.

The tables are made by the migrations that the release had; the data go in as a restore would put
them, with every trigger off. PostgreSQL of any version takes them, since no tool of its own is needed.
"""

import csv
import hashlib
import io
import json
import lzma
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

from alliance_portal.launcher.places import CHECKOUT

RELEASES = Path(__file__).with_name("releases")
_COPY = re.compile(r"^COPY (\S+) [^\n]* FROM stdin;\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE)
_SEQUENCE = re.compile(r"^SELECT pg_catalog\.setval\(.*\);$", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """What is kept of one release."""

    folder: Path

    def migrations(self) -> dict[str, str]:
        """The digest of each migration's file."""
        digests: dict[str, str] = json.loads((self.folder / "migrations.json").read_text())
        return digests

    def shares(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """Each alliance's code with the rows of its shares file."""
        for packed in sorted(self.folder.glob("*.csv.xz")):
            yield packed.name.removesuffix(".csv.xz"), rows(lzma.decompress(packed.read_bytes()))

    def data(self) -> str:
        return lzma.decompress((self.folder / "data.sql.xz").read_bytes()).decode()


def releases() -> list[Release]:
    """All that are kept, the oldest first."""
    return [Release(folder) for folder in sorted(RELEASES.iterdir())]


def rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def digest(migration: str) -> str:
    return hashlib.sha256((CHECKOUT / migration).read_bytes()).hexdigest()


def restore(release: Release) -> None:
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    data = release.data()
    tables = dict(_COPY.findall(data))
    applied = [line.split("\t")[1:3] for line in tables["public.django_migrations"].splitlines()]
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name) for app, name in applied])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(table for table in tables if exists(cursor, table))}")
        for block in _COPY.finditer(data):
            if block[2]:
                cursor.copy_expert(block[0].partition("\n")[0], io.StringIO(block[2]))
        for sequence in _SEQUENCE.findall(data):
            cursor.execute(sequence)


def exists(cursor: object, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])  # type: ignore[attr-defined]
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance_portal.settings")
    django.setup()
    restore(Release(Path(sys.argv[1])))
