"""Dates that moved under an older portal are of their changes, and no word of why is lost."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from business_areas.models import Milestone, MovedDate
from programmes.models import Change
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

APRIL, MAY, JULY = date(2016, 4, 1), date(2016, 5, 1), date(2016, 7, 1)
WAIVED = "Marked as not applicable: Technology."
MIGRATION = "0009_dates_moved_before_are_of_their_changes"


@pytest.fixture
def old(db: None) -> Any:
    """The table of moved dates as it was, with its history and the triggers that write it."""
    state = MigrationLoader(connection).project_state([("business_areas", MIGRATION)])
    models = [
        state.apps.get_model("business_areas", name) for name in ("DateChange", "DateChangeEvent")
    ]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    return models[0]


@pytest.fixture
def milestone() -> Milestone:
    return factories.milestone(name="Go live", forecast_on=JULY)


def migrate() -> None:
    operations = import_module(f"business_areas.migrations.{MIGRATION}").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for operation in operations:
            cursor.execute(operation.sql)


def moved(old: Any, milestone: Milestone, **fields: Any) -> Any:
    """A row as it was kept, with its event of this moment, which is that of the test's changes too."""
    usual = {"which": "FORECAST", "from_on": APRIL, "to_on": JULY, "reason": "Funding"}
    row = old(alliance_id=milestone.alliance_id, milestone_id=milestone.pk, **{**usual, **fields})
    row.save()
    return row


def change_of(milestone: Milestone, **fields: Any) -> Change:
    """The change that moved it, of this transaction."""
    about = {"alliance": milestone.alliance, "area_id": milestone.area_id}
    made = factories.change(**{**about, "milestone_id": milestone.pk, **fields})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE programmes_change DISABLE TRIGGER pgtrigger_never_edited_7e639")
        cursor.execute("UPDATE programmes_change SET made_at = now() WHERE id = %s", [made.pk])
        cursor.execute("ALTER TABLE programmes_change ENABLE TRIGGER pgtrigger_never_edited_7e639")
    return made


def on_record() -> list[tuple[Any, ...]]:
    return list(MovedDate.objects.order_by("pk").values_list("change", "which", "from_on", "to_on"))


def test_a_date_is_of_the_change_of_its_moment_and_keeps_its_number(
    old: Any, milestone: Milestone
) -> None:
    other = factories.milestone(area=milestone.area, kind="REVIEW")
    change_of(other, reason="Funding")
    change = change_of(milestone, reason="Funding", details="Late")
    row = moved(old, milestone, details="Late")

    migrate()

    assert on_record() == [(change.pk, "FORECAST", APRIL, JULY)]
    assert MovedDate.objects.get().pk == row.pk
    assert factories.moved_date(milestone=milestone).pk > row.pk
    assert Change.objects.get(pk=change.pk).reason == "Funding"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, ("Went live", WAIVED)),
        ({"details": WAIVED}, ("Went live", WAIVED)),
        ({"reason": WAIVED}, ("Went live", WAIVED)),
        ({"reason": "As typed", "details": "More"}, ("As typed", "More")),
    ],
    ids=["neither", "details", "details-for-reason", "both"],
)
def test_why_was_told_of_the_date_alone_and_is_the_changes_now(
    old: Any, milestone: Milestone, said: dict[str, str], kept: tuple[str, str]
) -> None:
    change = change_of(milestone, kind="GO_LIVE", milestone_id=None, **said)
    moved(old, milestone, which="ACTUAL", from_on=None, reason="Went live", details=WAIVED)

    migrate()

    change.refresh_from_db()
    assert (change.reason, change.details) == kept
    assert on_record() == [(change.pk, "ACTUAL", None, JULY)]


def test_many_dates_that_moved_for_several_reasons_keep_each(
    old: Any, milestone: Milestone
) -> None:
    other = factories.milestone(area=factories.area(alliance=milestone.alliance))
    change = change_of(milestone, kind="MANY", milestone_id=None, area_id=None)
    moved(old, milestone, reason="Funding", details="Late")
    moved(old, other, from_on=JULY, to_on=MAY, reason="Ready", details="Soon")

    migrate()

    change.refresh_from_db()
    assert change.reason == "Funding (moved later); Ready (moved earlier)"
    assert change.details == "Late (moved later)\nSoon (moved earlier)"
    assert [row[0] for row in on_record()] == [change.pk, change.pk]


def test_a_workbook_says_by_its_door_that_it_is_one(old: Any, milestone: Milestone) -> None:
    change = change_of(milestone, kind="WORKBOOK", door="WORKBOOK", milestone_id=None)
    moved(old, milestone, reason="Loaded from a workbook")

    migrate()

    change.refresh_from_db()
    assert change.reason == ""
    assert MovedDate.objects.get().reason == "Loaded from a workbook"


def test_a_date_that_one_change_moved_twice_moved_once(old: Any, milestone: Milestone) -> None:
    change = change_of(milestone, reason="Funding")
    moved(old, milestone, to_on=MAY)
    last = moved(old, milestone, from_on=MAY)
    moved(old, milestone, which="APPROVED", to_on=MAY)
    moved(old, milestone, which="APPROVED", from_on=MAY, to_on=APRIL)

    migrate()

    assert on_record() == [(change.pk, "FORECAST", APRIL, JULY)]
    assert MovedDate.objects.get().pk == last.pk


def test_a_date_of_no_change_is_a_change_of_its_own_whose_effect_is_not_known(
    old: Any, milestone: Milestone
) -> None:
    change_of(milestone, reason="Another")
    alice = factories.user()
    before = timezone.now() - timedelta(days=400)
    moved(old, milestone, changed_at=before, changed_by_id=alice.pk, details="Late")
    with connection.cursor() as cursor:  # its event is of the test's moment, and not of that
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE business_areas_datechangeevent")

    migrate()

    own = MovedDate.objects.get().change
    assert (own.kind, own.reason, own.details) == ("FORECAST_DATE", "Funding", "Late")
    assert (own.made_at, own.made_by) == (before, alice)
    assert (own.effect, own.waiting) == ([], [])
    assert own.said[0]["fields"] == [["Forecast date", "1 April 2016", "1 July 2016"]]


def test_without_any_moved_date_there_is_nothing_to_do(old: Any, milestone: Milestone) -> None:
    migrate()

    assert on_record() == []
    assert factories.moved_date(milestone=milestone).pk


def test_what_was_invented_has_moved_nowhere(old: Any, milestone: Milestone) -> None:
    moved(old, milestone, details="Invented for load tests.")

    migrate()

    assert on_record() == []
    assert not Change.objects.exists()
