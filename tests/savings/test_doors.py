"""Whatever shares depend on, whichever door it is changed through: shares follow, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from business_areas.models import AreaMembership, Milestone
from programmes.models import Alliance, Force, ForceSize, Membership, User
from savings import requests
from savings.models import Amount, Item, RecomputeRequest, SharingRule, SharingTerm
from tests.savings import stored_shares
from tests.savings.conftest import bring_up_to_date
from tests.savings.doors import CHANGES, Change

pytestmark = pytest.mark.django_db

DOORS = ["workbook", "command", "service"]
WAYS = [
    pytest.param(change, door, id=f"{change.name} through the {door}")
    for change in CHANGES
    for door in [*DOORS, *(["page"] if change.on_page else [])]
]


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
    if door in ("workbook", "command"):
        # Where the books differ, which may be less than a service that sees no book asks for.
        assert set() < asked() <= change.affects
    else:
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
