"""What a command made in the test's database, put back row by row where a later test asks for the same.

Loading the samples takes seconds and working their shares out takes more; copying the rows does not.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from programmes.models import Alliance

_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'django_migrations'
    ORDER BY oid"""
_SEQUENCES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"""


@dataclass(frozen=True)
class Rows:
    """Every row of every table, and where each sequence stands."""

    made_on: date
    tables: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]


_kept: dict[Callable[[], None], Rows] = {}


def made_once(make: Callable[[], None]) -> None:
    """Do what `make` does to an empty portal: once for each day that a test process lives."""
    is_empty = not Alliance.objects.exists()
    rows = _kept.get(make)
    if is_empty and rows and rows.made_on == timezone.localdate():
        _put_back(rows)
        return
    make()
    # Within one transaction all rows would be of one moment, which no portal in use has.
    if is_empty and not connection.in_atomic_block:
        _kept[make] = _taken()


def _taken() -> Rows:
    tables: dict[str, bytes] = {}
    sequences: dict[str, tuple[int, bool]] = {}
    with connection.cursor() as cursor:
        for name in _names(_TABLES):
            rows = io.BytesIO()
            cursor.copy_expert(f"COPY {name} TO STDOUT (FORMAT binary)", rows)
            tables[name] = rows.getvalue()
        for name in _names(_SEQUENCES):
            cursor.execute(f"SELECT last_value, is_called FROM {name}")
            sequences[name] = cursor.fetchone()
    return Rows(timezone.localdate(), tables, sequences)


def _put_back(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(rows.tables)}")
        # The rows have met every check and trigger once.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, held in rows.tables.items():
            cursor.copy_expert(f"COPY {name} FROM STDIN (FORMAT binary)", io.BytesIO(held))
        cursor.execute("SET LOCAL session_replication_role = origin")
        for name, (value, is_called) in rows.sequences.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value, is_called])
    ContentType.objects.clear_cache()


def _names(question: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [name for (name,) in cursor.fetchall()]
