"""Derives every forecast again from dates, ramps and stages as they stand, and compares."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from savings.book import Book, read
from savings.inputs import EPOCH

_STORED = """
    SELECT a.item_id, a.starts_on - DATE '2000-01-01', a.pence
      FROM savings_amount a
     WHERE a.alliance_id = %s AND a.derived AND NOT a.year = ANY(%s)
"""


def forecasts_differ(alliance_id: int) -> Iterator[str]:
    """A sentence for each month of an item whose stored forecast is not what its date makes of it.

    Closed years are left out: they stay as they are. Three queries.
    """
    book = read(alliance_id)
    derived = book.derived
    fresh = {
        (item, day): pence
        for item, day, pence in zip(
            derived["item"].tolist(),
            derived["day"].tolist(),
            derived["pence"].tolist(),
            strict=True,
        )
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [alliance_id, sorted(book.closed)])
        stored = {(item, day): pence for item, day, pence in cursor.fetchall()}
    for key in sorted(fresh.keys() | stored.keys()):
        if fresh.get(key) != stored.get(key):
            yield _sentence(book, key, stored.get(key), fresh.get(key))


def _sentence(book: Book, key: tuple[int, int], stored: int | None, fresh: int | None) -> str:
    item, day = book.items[key[0]], EPOCH + timedelta(days=key[1])
    of = f"The forecast of {item.name} for {day:%B %Y}"
    if fresh is None:
        return f"{of} is on record as {stored}p, and nothing follows from its date."
    if stored is None:
        return f"{of} is not on record, and its date makes it {fresh}p."
    return f"{of} is on record as {stored}p, and its date makes it {fresh}p."
