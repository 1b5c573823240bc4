"""Checks stored shares against the laws: by SQL, by working them out again, by the record of changes.

Proposed settlements are checked against their digests.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain

from django.db import connection, transaction

from programmes.models import Alliance
from savings.engine.method import METHOD
from savings.verify.again import differs_from_inputs
from savings.verify.effects import effects_differ
from savings.verify.forecasts import forecasts_differ
from savings.verify.given import GIVEN
from savings.verify.laws import LAWS, SHARES_WITHOUT_POOL, Law
from savings.verify.settlements import settlements_differ

Progress = Callable[[int], object]

# Steps that `progress` counts for each alliance.
STEPS = len(LAWS) + 1


@dataclass
class Verified:
    """What was checked, and what breaks a law: the first sentences, and how many more there are."""

    most: int
    alliances: int = 0
    amounts: int = 0
    shares: int = 0
    behind: int = 0
    breaches: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def holds(self) -> bool:
        """Whether every law holds."""
        return not self.breaches

    def note(self, breach: str) -> None:
        """Keep a sentence, or count it if there are enough."""
        if len(self.breaches) < self.most:
            self.breaches.append(breach)
        else:
            self.more += 1


def verify(
    alliances: Sequence[Alliance], *, most: int = 50, progress: Progress | None = None
) -> Verified:
    """Check every stored share of the alliances; at most `most` breaches in words.

    Each alliance is read as it stands at one moment. Shares whose pool is gone belong to no
    alliance, and are looked for always.
    """
    verified = Verified(most)
    for alliance in alliances:
        with _one_moment():
            _copy(alliance)
            _count(verified, alliance)
            for law in LAWS:
                for breach in _breaches(verified, law, alliance):
                    verified.note(f"{alliance.code}: {breach}")
                if progress:
                    progress(1)
            for breach in chain(
                differs_from_inputs(alliance.pk),
                forecasts_differ(alliance.pk),
                effects_differ(alliance.pk),
                settlements_differ(alliance.pk),
            ):
                verified.note(f"{alliance.code}: {breach}")
            if progress:
                progress(1)
    for breach in _breaches(verified, SHARES_WITHOUT_POOL):
        verified.note(breach)
    return verified


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees one state of the database from beginning to end."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _copy(alliance: Alliance) -> None:
    """Make the temporary tables that the laws read; they go with the transaction."""
    with connection.cursor() as cursor:
        for name, query in GIVEN.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}",
                {"alliance": alliance.pk, "method": METHOD},
            )
            cursor.execute(f"ANALYZE {name}")


def _count(verified: Verified, alliance: Alliance) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM line),"
            " (SELECT count(*) FROM behind)"
        )
        shares, amounts, behind = cursor.fetchone()
    verified.alliances += 1
    verified.shares += shares
    verified.amounts += amounts
    verified.behind += behind


def _breaches(verified: Verified, law: Law, alliance: Alliance | None = None) -> Iterator[str]:
    """As many sentences as there is still room for; the rest is counted without being fetched."""
    room = max(1, verified.most - len(verified.breaches))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT breach, count(*) OVER () FROM ({law.breaches}) AS found (breach)"  # noqa: S608
            " ORDER BY breach LIMIT %(room)s",
            {"alliance": alliance.pk if alliance else None, "room": room},
        )
        rows = cursor.fetchall()
    if rows:
        verified.more += rows[0][1] - len(rows)
    for breach, _ in rows:
        yield f"{law.name}. {breach}"
