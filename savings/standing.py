"""What every force has at the moment of a book: worked out where a year is open, else as it was frozen."""

from collections.abc import Collection

from django.db import connection

from savings.book import Book, Cell, Place
from savings.book.effect import stands

_FROZEN = """
    SELECT p.area_id, p.year, p.kind, p.version, f.code, sum(coalesce(s.pence, p.total_pence))
      FROM savings_pool p
      LEFT JOIN savings_poolshare s ON s.pool_id = p.id
      LEFT JOIN programmes_force f ON f.id = s.force_id
     WHERE p.alliance_id = %s AND p.version = %s AND p.year = ANY(%s)
     GROUP BY 1, 2, 3, 4, 5
"""


def frozen(
    alliance_id: int, version: str, years: Collection[int]
) -> tuple[dict[Cell, int], dict[Place, int]]:
    """Every force's pence of the version as stored in these years, and what waits. One query."""
    cells, places = dict[Cell, int](), dict[Place, int]()
    with connection.cursor() as cursor:
        cursor.execute(_FROZEN, [alliance_id, version, sorted(years)])
        for area_id, year, kind, of_version, force, pence in cursor.fetchall():
            if force is None:
                places[area_id, year, kind, of_version] = int(pence)
            else:
                cells[Cell(area_id, year, kind, of_version, force)] = int(pence)
    return cells, places


def standing(book: Book, version: str) -> tuple[dict[Cell, int], dict[Place, int]]:
    """Every force's pence of the version, and what waits, as at the book's moment.

    Open years are worked out, so that it holds while shares are behind; closed ones are as they
    were frozen. One query where a year is closed, else none.
    """
    cells, places = dict(stands(book, version)), dict[Place, int]()
    for pool in book.worked.pools:
        key = pool.key
        if pool.ratio is None and key.version == version and key.year not in book.closed:
            places[key.place] = places.get(key.place, 0) + pool.total_pence
    if book.closed:
        kept, waiting = frozen(book.sharing.alliance_id, version, book.closed)
        cells.update(kept)
        places.update(waiting)
    return cells, places
