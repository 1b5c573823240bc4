"""What two books differ in is what is stored differently after the change between them (law 10)."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from alliance_portal.workbook.loading import load
from programmes.models import Alliance, User
from programmes.models import Change as RecordedChange
from savings import recompute
from savings.book import Cell, Place, compare, read
from savings.book.effect import stands
from tests import factories
from tests.alliance_portal.workbook.books import as_folder
from tests.savings.doors import BOOK, CHANGES, Change

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

_SHARED = """
    SELECT p.area_id, p.year, p.kind, p.version, f.code, s.pence
      FROM savings_poolshare s JOIN savings_pool p ON p.id = s.pool_id
      JOIN programmes_force f ON f.id = s.force_id
     WHERE p.alliance_id = %s
"""
_WAITING = """
    SELECT area_id, year, kind, version, total_pence FROM savings_pool
     WHERE alliance_id = %s AND ratio_id IS NULL
"""


@pytest.fixture
def alliance(tmp_path: Path) -> Alliance:
    load(as_folder(BOOK, tmp_path / "book"))
    found = Alliance.objects.get()
    bring_up_to_date(found)
    return found


@pytest.fixture
def boss() -> User:
    return factories.administrator()


@pytest.fixture
def signed_in(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def bring_up_to_date(alliance: Alliance) -> None:
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")


def stored(alliance: Alliance) -> tuple[Counter[Cell], Counter[Place]]:
    """Every force's pence, and what waits, by place."""
    cells: Counter[Cell] = Counter()
    waiting: Counter[Place] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [alliance.pk])
        for *place, pence in cursor.fetchall():
            cells[Cell(*place)] += pence
        cursor.execute(_WAITING, [alliance.pk])
        for *place, pence in cursor.fetchall():
            waiting[tuple(place)] += pence
    return cells, waiting


def difference(before: Counter, after: Counter) -> dict:
    keys = before.keys() | after.keys()
    found = {key: after[key] - before[key] for key in keys}
    return {key: pence for key, pence in found.items() if pence}


EVERY = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)


@pytest.mark.parametrize("door", ["service", "workbook"])
@EVERY
def test_the_effect_between_two_books_is_what_is_stored_differently(
    alliance: Alliance, signed_in: Client, boss: User, tmp_path: Path, change: Change, door: str
) -> None:
    cells, waiting = stored(alliance)
    before = read(alliance.pk)

    change.through(door, signed_in, boss, tmp_path / "changed")
    effect = compare(before, read(alliance.pk))
    bring_up_to_date(alliance)

    then_cells, then_waiting = stored(alliance)
    assert effect.cells == difference(cells, then_cells)
    assert effect.unshared == difference(waiting, then_waiting)
    assert compare(read(alliance.pk), before).cells == effect.turned().cells
    made = RecordedChange.objects.order_by("-pk").first()
    assert made and RecordedChange.objects.count() == 2  # the first is the loading of the book
    assert {Cell(*place): pence for *place, pence in made.effect} == effect.cells
    assert {tuple(place): pence for *place, pence in made.waiting} == effect.unshared
    assert made.said
    assert made.made_by == (None if door == "workbook" else boss)


def test_the_book_stands_as_its_shares_are_stored(alliance: Alliance) -> None:
    cells, _ = stored(alliance)
    book = read(alliance.pk)

    for version in ("APPROVED", "FORECAST", "ACTUAL"):
        of_version = {cell: pence for cell, pence in cells.items() if cell.version == version}
        assert dict(stands(book, version)) == of_version


def test_a_book_of_some_areas_says_the_same_of_them(alliance: Alliance) -> None:
    dogs = alliance.areas.get(code="dogs")

    whole, part = stands(read(alliance.pk)), stands(read(alliance.pk, area_ids=[dogs.pk]))

    assert dict(part) == {c: pence for c, pence in whole.items() if c.area_id == dogs.pk}
