"""What two books differ in is what is stored differently after the change between them (law 10)."""

from pathlib import Path

import pytest
from django.test import Client

from programmes.models import Alliance, User
from programmes.models import Change as RecordedChange
from savings.book import Cell, compare, read
from savings.book.effect import stands
from tests.savings import stored_shares
from tests.savings.conftest import bring_up_to_date
from tests.savings.doors import CHANGES, Change

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

EVERY = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)


@pytest.mark.parametrize("door", ["service", "workbook"])
@EVERY
def test_the_effect_between_two_books_is_what_is_stored_differently(
    alliance: Alliance, signed_in: Client, boss: User, tmp_path: Path, change: Change, door: str
) -> None:
    cells, waiting = stored_shares.by_place(alliance.pk)
    before = read(alliance.pk)

    change.through(door, signed_in, boss, tmp_path / "changed")
    effect = compare(before, read(alliance.pk))
    bring_up_to_date(alliance)

    then_cells, then_waiting = stored_shares.by_place(alliance.pk)
    assert effect.cells == stored_shares.moved(cells, then_cells)
    assert effect.unshared == stored_shares.moved(waiting, then_waiting)
    assert compare(read(alliance.pk), before).cells == effect.turned().cells
    made = RecordedChange.objects.order_by("-pk").first()
    assert made and RecordedChange.objects.count() == 2  # the first is the loading of the book
    assert {Cell(*place): pence for *place, pence in made.effect} == effect.cells
    assert {tuple(place): pence for *place, pence in made.waiting} == effect.unshared
    assert made.said
    assert made.made_by == (None if door == "workbook" else boss)


def test_the_book_stands_as_its_shares_are_stored(alliance: Alliance) -> None:
    cells, _ = stored_shares.by_place(alliance.pk)
    book = read(alliance.pk)

    for version in ("APPROVED", "FORECAST", "ACTUAL"):
        of_version = {cell: pence for cell, pence in cells.items() if cell.version == version}
        assert dict(stands(book, version)) == of_version


def test_a_book_of_some_areas_says_the_same_of_them(alliance: Alliance) -> None:
    dogs = alliance.areas.get(code="dogs")

    whole, part = stands(read(alliance.pk)), stands(read(alliance.pk, area_ids=[dogs.pk]))

    assert dict(part) == {c: pence for c, pence in whole.items() if c.area_id == dogs.pk}
