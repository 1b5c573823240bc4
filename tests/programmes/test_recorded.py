"""What every recorded table promises: a revision, and a history that names who and cannot be altered."""

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from programmes.models import Force, User
from programmes.recorded import Recorded
from tests import factories

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def force() -> Force:
    return factories.force(name="North Police")


def events(row: Any) -> Any:
    model = apps.get_model(row._meta.app_label, f"{row._meta.model_name}event")
    return model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")


def told(row: Any) -> list[tuple[str, str, Any]]:
    """What happened, the name that the row then had, and who did it."""
    return [
        (
            event.pgh_label,
            event.name,
            (event.pgh_context.metadata if event.pgh_context else {}).get("user"),
        )
        for event in events(row).select_related("pgh_context")
    ]


def revision(force: Force) -> int:
    return Force.objects.values_list("revision", flat=True).get(pk=force.pk)


def by_saving(force: Force, name: str) -> None:
    force.name = name
    force.save()


def by_queryset(force: Force, name: str) -> None:
    Force.objects.filter(pk=force.pk).update(name=name)


def by_bulk_update(force: Force, name: str) -> None:
    force.name = name
    Force.objects.bulk_update([force], ["name"])


def by_raw_sql(force: Force, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_force SET name = %s WHERE id = %s", [name, force.pk])


WAYS = [by_saving, by_queryset, by_bulk_update, by_raw_sql]


@pytest.mark.parametrize("change", WAYS)
def test_each_update_that_changes_something_adds_one_to_the_revision(
    force: Force, change: Any
) -> None:
    change(force, "Another name")
    assert revision(force) == 2
    change(Force.objects.get(pk=force.pk), "A third name")
    assert revision(force) == 3


@pytest.mark.parametrize("change", WAYS)
def test_an_update_that_changes_nothing_leaves_the_revision_and_no_event(
    force: Force, change: Any
) -> None:
    change(force, "North Police")
    assert revision(force) == 1
    assert events(force).count() == 1


@pytest.mark.parametrize("change", WAYS)
def test_each_change_is_on_record_with_who_made_it(force: Force, change: Any) -> None:
    alice = factories.user()
    with pghistory.context(user=alice.pk):
        change(force, "Another name")
    assert told(force) == [
        ("insert", "North Police", None),
        ("update", "Another name", alice.pk),
    ]


@pytest.mark.parametrize("raw", [False, True])
def test_what_is_taken_away_stays_on_record_with_who_did_it(force: Force, raw: bool) -> None:
    alice = factories.user()
    kept = Force(pk=force.pk)
    with pghistory.context(user=alice.pk):
        if raw:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM programmes_force WHERE id = %s", [force.pk])
        else:
            Force.objects.filter(pk=force.pk).delete()
    assert told(kept)[-1] == ("delete", "North Police", alice.pk)


def test_rows_inserted_in_bulk_are_on_record(force: Force) -> None:
    new = Force(alliance=force.alliance, code="new", name="New", position=9)
    Force.objects.bulk_create([new])
    assert told(new) == [("insert", "New", None)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programmes_forceevent SET name = 'Nobody'",
        "DELETE FROM programmes_forceevent",
    ],
)
def test_what_is_on_record_cannot_be_altered(force: Force, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert told(force) == [("insert", "North Police", None)]


def test_that_a_password_was_set_is_on_record_and_the_password_never() -> None:
    model = apps.get_model("programmes", "UserEvent")
    assert not {"password", "last_login"} & {field.name for field in model._meta.fields}
    User.objects.filter(pk=factories.user().pk).update(password="secret")
    assert list(model.objects.values_list("pgh_label", flat=True)) == ["insert", "update"]
    assert not any("secret" in str(row) for row in model.objects.values())


def test_every_table_that_a_person_can_change_is_tracked() -> None:
    for model in apps.get_models():
        if issubclass(model, Recorded):
            assert pghistory.core.event_models(tracks_model=model), model
