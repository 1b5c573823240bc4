"""Why figures moved: the causes add up to the difference, and what nobody recorded is one of them."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from alliance_portal.workbook.loading import load
from business_areas.models import Milestone
from business_areas.services import reschedule
from programmes.models import Alliance, Force, SizeMeasure
from programmes.services import record_size
from savings import recompute
from savings.book import Cell, compare, read
from savings.explain import NOT_ON_RECORD, Explained, explain
from savings.models import Amount
from tests import factories
from tests.alliance_portal.workbook.books import as_folder
from tests.savings.doors import BOOK

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alliance(tmp_path: Path) -> Alliance:
    load(as_folder(BOOK, tmp_path / "book"))
    return Alliance.objects.get()


@pytest.fixture
def since(alliance: Alliance) -> datetime:
    return timezone.now()


def move_a_date(alliance: Alliance) -> None:
    milestone = Milestone.objects.get(alliance=alliance, area__code="fleet")
    reschedule(
        milestone=milestone,
        to=date(2016, 9, 1),
        reason="Another reason",
        details="Late.",
        by=None,
        day=date(2016, 4, 1),
    )


def restate(alliance: Alliance, value: int) -> None:
    record_size(
        force=Force.objects.get(alliance=alliance, code="north-police"),
        measure=SizeMeasure.objects.get(alliance=alliance),
        effective_on=date(2016, 3, 31),
        value=Decimal(value),
        source=f"Release of {value}",
        by=None,
    )


def by_sql(alliance: Alliance) -> dict[Cell, int]:
    """Twice an amount, past every service; what that does."""
    before = read(alliance.pk)
    amount = Amount.objects.filter(alliance=alliance, derived=False, version="ACTUAL")[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE savings_amount SET pence = pence * 2 WHERE id = %s", [amount.pk])
    return dict(compare(before, read(alliance.pk)).cells)


def added_up(explained: Explained) -> dict[Cell, int]:
    found: Counter[Cell] = Counter()
    for cause in explained.causes:
        found.update(cause.effect)
    return {cell: pence for cell, pence in found.items() if pence}


def test_the_causes_add_up_and_nothing_is_left_over(alliance: Alliance, since: datetime) -> None:
    before = read(alliance.pk)
    move_a_date(alliance)
    restate(alliance, 2000)

    told = explain(alliance, since)

    assert [cause.kind for cause in told.causes] == ["FORECAST_DATE", "SIZE"]
    assert added_up(told) == told.difference == compare(before, read(alliance.pk)).cells != {}
    assert explain(alliance, timezone.now()).causes == ()


def test_what_was_changed_by_sql_is_one_cause_with_its_pounds(
    alliance: Alliance, since: datetime
) -> None:
    move_a_date(alliance)
    moved = by_sql(alliance)

    told = explain(alliance, since)

    assert added_up(told) == told.difference
    assert told.not_on_record
    assert dict(told.not_on_record.effect) == moved != {}
    assert told.causes[-1].kind == NOT_ON_RECORD


def test_a_year_that_was_closed_moves_no_more(alliance: Alliance, since: datetime) -> None:
    restate(alliance, 2000)
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")
    for year in (2016, 2017):
        factories.financial_year(alliance=alliance, year=year, closed_at="2018-05-01T00:00Z")
    restate(alliance, 2500)

    told = explain(alliance, since)

    assert added_up(told) == told.difference != {}
    assert told.not_on_record is None


def test_the_dashboard_says_what_is_not_on_record_with_its_pounds(
    alliance: Alliance, client: Client
) -> None:
    client.force_login(factories.administrator())
    address = f"/alliances/{alliance.code}/"
    assert b"Not on record" not in client.get(address).content
    by_sql(alliance)

    assert b"Not on record" in client.get(address).content
    page = client.get(f"{address}changes/").content.decode()
    assert "It moved shares, over all years: Actual:" in page
    assert "changed past the portal’s pages" in page
