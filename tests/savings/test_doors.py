"""Whatever shares depend on, whichever door it is changed through: shares follow, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from alliance_portal.workbook.loading import load
from business_areas.models import AreaMembership, Milestone
from programmes.models import Alliance, Force, ForceSize, Membership, User
from savings import recompute, requests
from savings.models import Amount, Item, RecomputeRequest, SharingRule, SharingTerm
from tests import factories
from tests.alliance_portal.workbook.books import as_folder
from tests.savings import stored_shares
from tests.savings.doors import BOOK, CHANGES, Change

pytestmark = pytest.mark.django_db

DOORS = ["workbook", "command", "service"]
WAYS = [
    pytest.param(change, door, id=f"{change.name} through the {door}")
    for change in CHANGES
    for door in [*DOORS, *(["page"] if change.on_page else [])]
]


@pytest.fixture
def alliance(tmp_path: Path) -> Alliance:
    """The book loaded, its shares worked out, nothing waiting."""
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
    assert not RecomputeRequest.objects.exists()


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


def places(alliance: Alliance) -> tuple[Any, Any]:
    """Where every stored row lies and who wrote it: any write changes it."""
    return stored_shares.row_places(alliance.pk), stored_shares.pool_places(alliance.pk)


def state_of_inputs() -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for model in (
            *(Alliance, Force, Membership, ForceSize, AreaMembership, Milestone),
            *(SharingRule, SharingTerm, Item, Amount),
        ):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t ORDER BY 1")
            found += cursor.fetchall()
    return found


@pytest.mark.parametrize("change, door", WAYS)
def test_a_change_asks_for_what_it_affects_and_shares_follow_it(
    alliance: Alliance, signed_in: Client, boss: User, tmp_path: Path, change: Change, door: str
) -> None:
    before = places(alliance)

    change.through(door, signed_in, boss, tmp_path / "changed")
    assert asked() == change.affects

    bring_up_to_date(alliance)
    assert stored_shares.differences(alliance.pk) == []
    assert places(alliance) != before


@pytest.mark.parametrize("change, door", WAYS)
def test_the_same_change_again_asks_for_nothing_or_changes_no_byte(
    alliance: Alliance, signed_in: Client, boss: User, tmp_path: Path, change: Change, door: str
) -> None:
    change.through(door, signed_in, boss, tmp_path / "changed")
    bring_up_to_date(alliance)
    before = places(alliance)

    change.through(door, signed_in, boss, tmp_path / "changed")
    if door in ("workbook", "command"):
        assert asked() == set()
    bring_up_to_date(alliance)
    assert places(alliance) == before


@pytest.mark.parametrize("change, door", WAYS)
def test_a_change_and_its_requests_are_kept_or_lost_together(
    alliance: Alliance,
    signed_in: Client,
    boss: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    door: str,
) -> None:
    before = state_of_inputs()
    with transaction.atomic():
        change.through(door, signed_in, boss, tmp_path / "changed")
        assert asked()
        transaction.set_rollback(True)
    assert asked() == set()
    assert state_of_inputs() == before

    monkeypatch.setattr(requests, "_ASK", "SELECT no_such_column")
    with pytest.raises((DatabaseError, SystemExit)), transaction.atomic():
        change.through(door, signed_in, boss, tmp_path / "changed")
    assert state_of_inputs() == before
