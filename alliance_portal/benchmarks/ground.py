"""The ground that benchmarks stand on: data, tables put back to a fair start, and the machine."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, connection

from alliance_portal import national
from programmes.models import Alliance
from savings.models import Amount

RAW = "benchmark_raw_share"
_FINISHED = "benchmark_finished_share"
# Added to pool numbers, so that rows go in behind all those there are.
BEYOND = 1_000_000_000
# A worker beside the benchmark may hold what is to be emptied, and be held by it.
_ATTEMPTS = 10

_WORKED_OUT = (
    "savings_amountshares, savings_poolshare, savings_pool, savings_ratiopart, savings_sharingratio,"
    " savings_run, savings_recomputerequest"
)


class NotAThrowAwayDatabase(Exception):
    """There are alliances that the benchmarks did not make."""


@dataclass(frozen=True)
class Scale:
    """How much data, and how many times each measurement is repeated."""

    alliances: int
    amounts: int
    rounds: int


def ensure_national(*, alliances: int, amounts: int) -> None:
    """Have exactly that much national data, and nothing else. Raises NotAThrowAwayDatabase."""
    refuse_other_data()
    have = national.national_alliances().count(), Amount.objects.count()
    if have != (alliances, amounts):
        clear_shares()
        national.remove_national()
        national.make_national(alliances=alliances, amounts=amounts)


def refuse_other_data() -> None:
    """Raise NotAThrowAwayDatabase if there is any alliance but national ones."""
    others = Alliance.objects.exclude(pk__in=national.national_alliances())
    if others.exists():
        raise NotAThrowAwayDatabase(
            "The benchmarks delete every stored share; run them on a database of their own, "
            "as bin/bench does."
        )


def clear_shares() -> None:
    """Empty every table that a recompute fills; a worker that is at it is given time to end."""
    for attempt in range(_ATTEMPTS):
        try:
            _run(f"TRUNCATE {_WORKED_OUT} CASCADE")
        except OperationalError:
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(1)
        else:
            return


def settle(*, tightly: bool = False) -> None:
    """Statistics fresh, dead rows gone and everything on disk, so that each side starts alike.

    `tightly` writes the tables anew, as if what was deleted had never been there.
    """
    _run("VACUUM FULL ANALYZE" if tightly else "VACUUM ANALYZE")
    _run("CHECKPOINT")


def make_raw_table() -> None:
    """An empty table of one row a share, as plainly as it can be kept, and all finished rows beside it."""
    _run(f"DROP TABLE IF EXISTS {RAW}, {_FINISHED}")
    _run(
        f"CREATE TABLE {_FINISHED} AS SELECT pool_id, amount_id, force_id, pence FROM savings_share"  # noqa: S608
    )
    _run(
        f"CREATE TABLE {RAW} (pool_id bigint NOT NULL, amount_id bigint NOT NULL,"
        " force_id bigint NOT NULL, pence bigint NOT NULL,"
        " PRIMARY KEY (pool_id, amount_id, force_id))"
    )


def raw_insert(rows: int | None = None) -> float:
    """Seconds to insert all finished share rows into the raw table, or `rows` of them after all."""
    source = f"SELECT pool_id, amount_id, force_id, pence FROM {_FINISHED}"  # noqa: S608
    if rows is not None:
        source = (
            f"SELECT pool_id + {BEYOND}, amount_id, force_id, pence FROM {_FINISHED} LIMIT {rows:d}"  # noqa: S608
        )
    _run(f"SELECT count(*), sum(pence) FROM ({source}) AS warmed")  # noqa: S608
    into = f"INSERT INTO {RAW} (pool_id, amount_id, force_id, pence)"
    return seconds(lambda: _run(f"{into} {source}"))


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes by the wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def machine() -> str:
    """What the figures were measured on, in one line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute("SHOW synchronous_commit")
        durable = cursor.fetchone()[0]
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} processors, Python {platform.python_version()}, PostgreSQL {version}"
        f" (synchronous_commit {durable}), load {load:.1f} at the start"
    )


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
