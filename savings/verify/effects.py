"""Adds up what the changes on record say that they did, and compares it with what is stored."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Min

from programmes.changes.words import tracked
from programmes.models import Alliance, Change
from savings import recompute
from savings.book import Book, Cell, Place, read
from savings.book.effect import stands
from savings.inputs import VERSIONS, Unit
from savings.outdated import outdated_units

_EFFECTS = """
    SELECT (cell ->> 0)::bigint, (cell ->> 1)::int, cell ->> 2, cell ->> 3, cell ->> 4,
           sum((cell ->> 5)::bigint)
      FROM programmes_change c CROSS JOIN LATERAL jsonb_array_elements(c.effect) AS e (cell)
     WHERE c.alliance_id = %s GROUP BY 1, 2, 3, 4, 5
"""
_WAITING = """
    SELECT (cell ->> 0)::bigint, (cell ->> 1)::int, cell ->> 2, cell ->> 3,
           sum((cell ->> 4)::bigint)
      FROM programmes_change c CROSS JOIN LATERAL jsonb_array_elements(c.waiting) AS e (cell)
     WHERE c.alliance_id = %s GROUP BY 1, 2, 3, 4
"""
_STORED = """
    SELECT p.area_id, p.year, p.kind, p.version, f.code, sum(s.pence)
      FROM savings_pool p JOIN savings_poolshare s ON s.pool_id = p.id
      JOIN programmes_force f ON f.id = s.force_id
     WHERE p.alliance_id = %s GROUP BY 1, 2, 3, 4, 5
"""
_WITHHELD = """
    SELECT area_id, year, kind, version, sum(total_pence) FROM savings_pool
     WHERE alliance_id = %s AND ratio_id IS NULL GROUP BY 1, 2, 3, 4
"""
_MOMENT = timedelta(microseconds=1)

Pence = Counter[Any]


def effects_differ(alliance_id: int) -> Iterator[str]:
    """A sentence for each area's year in which the changes on record do not come to what is stored.

    What stood before the first of them is read from the history tables. Areas and years that are
    behind or outdated, and years that are closed, are left out. Twelve queries; none to speak of
    for an alliance without changes on record.
    """
    begun = _began_at(alliance_id)
    if begun is None:
        return
    before, now = read(alliance_id, as_at=begun - _MOMENT), read(alliance_id)
    left_out = {*recompute.requested_units(alliance_id), *outdated_units(alliance_id)}
    shares, waiting = _opening(before)
    _add(shares, _EFFECTS, alliance_id)
    _add(waiting, _WAITING, alliance_id)
    for cell, said, stored in _unlike(shares, _sums(_STORED, alliance_id), now.closed, left_out):
        name = now.sharing.names.get(cell[4], cell[4])
        yield (
            f"{_name(now, cell)}: the changes on record leave {name} {said}p, and {stored}p is stored;"
            " something moved it without a change on record."
        )
    for place, said, stored in _unlike(
        waiting, _sums(_WITHHELD, alliance_id), now.closed, left_out
    ):
        yield (
            f"{_name(now, place)}: by the changes on record {said}p waits to be shared, and {stored}p"
            " does; something moved it without a change on record."
        )


def _began_at(alliance_id: int) -> datetime | None:
    """When the first change on record began to write; None without one. Two queries.

    Its rows' events have the moment at which its transaction began, and are the last before it.
    """
    changes = Change.objects.filter(alliance_id=alliance_id)
    made_at: datetime | None = changes.aggregate(first=Min("made_at"))["first"]
    if made_at is None:
        return None
    parts = (
        f"SELECT max(pgh_created_at) AS at FROM {events} WHERE pgh_created_at <= %(made_at)s"  # noqa: S608
        f" AND {'id' if model is Alliance else 'alliance_id'} = %(alliance)s"
        for events, model in tracked().items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(at) FROM ({' UNION ALL '.join(parts)}) AS last",  # noqa: S608
            {"made_at": made_at, "alliance": alliance_id},
        )
        found: datetime | None = cursor.fetchone()[0]
    return found or made_at


def _opening(book: Book) -> tuple[Pence, Pence]:
    """What stood, share by share, and what waited."""
    shares: Pence = Counter()
    for version in VERSIONS:
        shares.update(stands(book, version))
    waiting: Pence = Counter()
    for pool in book.worked.pools:
        if pool.ratio is None:
            waiting[pool.key.place] += pool.total_pence
    return shares, waiting


def _add(to: Pence, query: str, alliance_id: int) -> None:
    for key, pence in _sums(query, alliance_id).items():
        to[key] += pence


def _sums(query: str, alliance_id: int) -> Pence:
    """Pence by what stands before it in the row."""
    with connection.cursor() as cursor:
        cursor.execute(query, [alliance_id])
        return Counter({tuple(key): int(pence) for *key, pence in cursor.fetchall()})


def _unlike(
    said: Pence, stored: Pence, closed: Collection[int], left_out: Collection[Unit]
) -> Iterator[tuple[Any, int, int]]:
    for key in sorted(said.keys() | stored.keys()):
        is_current = key[1] not in closed and Unit(key[0], key[1]) not in left_out
        if is_current and said[key] != stored[key]:
            yield key, said[key], stored[key]


def _name(book: Book, place: Cell | Place | tuple[Any, ...]) -> str:
    area_id, year, kind, version = place[:4]
    area = book.areas[area_id].name if area_id in book.areas else "An area that is gone"
    return f"{area}, {year}/{(year + 1) % 100:02d}, {version.lower()} {kind.lower()}s"
