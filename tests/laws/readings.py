"""What an alliance is made of, what is stored of it, and what its changes say that they did."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection

from programmes.changes.words import tracked
from programmes.models import Alliance, Change
from savings.book import Book, Cell, Effect, Place
from savings.book.effect import stands
from savings.inputs import VERSIONS
from tests.savings import stored_shares


class Moment:
    """What was stored of an alliance at a moment when nothing waited."""

    def __init__(self, alliance: Alliance) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            self.at: datetime = cursor.fetchone()[0]
        self.cells, self.waiting = stored_shares.by_place(alliance.pk)

    def since(self, then: "Moment") -> tuple[dict[Any, int], dict[Any, int]]:
        """What moved since then, and what began or stopped to wait."""
        return (
            stored_shares.moved(then.cells, self.cells),
            stored_shares.moved(then.waiting, self.waiting),
        )


def worked_out(book: Book) -> dict[Cell, int]:
    """Every share that the book comes to."""
    return {cell: pence for version in VERSIONS for cell, pence in stands(book, version).items()}


def explained(
    alliance: Alliance, then: Moment, now: Moment
) -> tuple[dict[Any, int], dict[Any, int]]:
    """What the changes on record between two moments say that they did, together."""
    made = Change.objects.filter(alliance=alliance, made_at__gt=then.at, made_at__lte=now.at)
    cells, waiting = Counter[Cell](), Counter[Place]()
    for effect in map(of_record, made):
        for cell, pence in effect.cells.items():
            cells[cell] += pence
        for place, pence in effect.unshared.items():
            waiting[place] += pence
    nothing = Counter[Any]()
    return stored_shares.moved(nothing, cells), stored_shares.moved(nothing, waiting)


def of_record(change: Change) -> Effect:
    return Effect(
        forces=(),
        cells={Cell(*place): pence for *place, pence in change.effect},
        unshared={tuple(place): pence for *place, pence in change.waiting},
        areas=dict(change.alliance.areas.values_list("pk", "code")),
    )


def inputs_of(alliance: Alliance) -> list[tuple[str, str]]:
    """All that people give of an alliance, table by table, as a digest; not when it was last said."""
    parts = []
    for model in tracked().values():
        table = model._meta.db_table
        mine = "id" if model is Alliance else "alliance_id"
        typed = " AND NOT derived" if table == "savings_amount" else ""
        parts.append(
            f"SELECT '{table}', md5(string_agg((to_jsonb(t) - 'revision' - 'last_update_on')::text,"
            f" ';' ORDER BY id)) FROM {table} t WHERE {mine} = {alliance.pk:d}{typed}"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


def waiting_by_code(alliance: Alliance) -> Counter[tuple[Any, ...]]:
    codes = dict(alliance.areas.values_list("pk", "code"))
    _, waiting = stored_shares.by_place(alliance.pk)
    return Counter({(codes[place[0]], *place[1:]): pence for place, pence in waiting.items()})
