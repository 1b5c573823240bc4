"""A small alliance as its workbook loads it, worked out, and somebody who may do everything."""

from pathlib import Path

import pytest
from django.test import Client

from alliance_portal.workbook.loading import load
from programmes.models import Alliance, User
from savings import recompute
from savings.models import RecomputeRequest
from tests import factories
from tests.alliance_portal.workbook.books import as_folder
from tests.savings.doors import BOOK


@pytest.fixture
def alliance(db: None, tmp_path: Path) -> Alliance:
    """The book loaded, its shares worked out, nothing waiting."""
    load(as_folder(BOOK, tmp_path / "book"))
    found = Alliance.objects.get()
    bring_up_to_date(found)
    return found


@pytest.fixture
def boss(db: None) -> User:
    return factories.administrator()


@pytest.fixture
def signed_in(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def bring_up_to_date(alliance: Alliance) -> None:
    """Answer what the alliance waits for."""
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")
    assert not RecomputeRequest.objects.filter(alliance=alliance).exists()
