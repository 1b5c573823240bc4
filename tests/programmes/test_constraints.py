"""What the database itself refuses about alliances, forces, sizes, gates, reports and people."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from programmes.models import (
    Alliance,
    BoardReport,
    Change,
    Force,
    ForceSize,
    Gate,
    LastWord,
    Membership,
    Role,
    SavedView,
    SignOff,
    SizeMeasure,
    User,
)
from tests import factories
from tests.refusals import Refusals, refused
from tests.scenes import APRIL_2015, Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

database = Refusals("programmes")


@pytest.fixture
def scene() -> Scene:
    return a_scene()


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.com", name="Alice")


def a_gate(scene: Scene) -> Gate:
    return Gate.objects.create(alliance=scene.alliance, code="blueprint", name="Blueprint", order=1)


def test_every_constraint_and_trigger_has_a_test() -> None:
    assert database.promised() == database.shown


@database.by("alliance_budgets_not_negative", says="A budget cannot be negative.")
def test_an_alliances_budget_is_not_negative() -> Model:
    return Alliance(code="vale", name="Vale", in_scope_budget_pence=-1)


@database.by("one_last_word_of_a_sort")
def test_a_sort_of_thing_has_one_last_word_in_an_area(scene: Scene) -> Model:
    word = {"alliance": scene.alliance, "area_id": scene.fleet.pk, "sort": "milestone"}
    LastWord.objects.create(**word, said_on=APRIL_2015)
    return LastWord(**word, said_on=date(2016, 4, 1))


@database.by("force_code_once", says="The alliance already has a force with this code.")
def test_a_forces_code_is_its_own_in_the_alliance(scene: Scene) -> Model:
    return Force(alliance=scene.alliance, code="north", name="North again", position=9)


@database.by("force_position_once")
def test_two_forces_do_not_have_the_same_place_in_the_agreed_order(scene: Scene) -> Model:
    return Force(alliance=scene.alliance, code="west", name="West", position=1)


def test_two_forces_may_change_places_within_one_transaction(scene: Scene) -> None:
    with transaction.atomic():
        Force.objects.filter(pk=scene.north.pk).update(position=2)
        Force.objects.filter(pk=scene.south.pk).update(position=1)
    connection.check_constraints()


@database.by(
    "membership_ends_after_it_starts", says="The leaving date must be after the joining date."
)
def test_a_force_does_not_leave_on_the_day_it_joins(scene: Scene) -> Model:
    Membership.objects.all().delete()
    day = date(2016, 4, 1)
    return Membership(alliance=scene.alliance, force=scene.north, joined_on=day, left_on=day)


@database.by("membership_no_overlap", says="The force is already a member on some of these days.")
def test_a_force_is_not_twice_a_member_on_one_day(scene: Scene) -> Model:
    Membership.objects.filter(force=scene.north).update(left_on=date(2016, 4, 1))
    return Membership(alliance=scene.alliance, force=scene.north, joined_on=date(2016, 3, 31))


def test_a_force_may_come_back_on_the_day_it_left(scene: Scene) -> None:
    day = date(2016, 4, 1)
    Membership.objects.filter(force=scene.north).update(left_on=day)
    again = Membership(alliance=scene.alliance, force=scene.north, joined_on=day)
    again.full_clean()
    again.save()


@database.by("size_measure_once", says="The alliance already has a measure with this name.")
def test_a_measure_has_a_name_of_its_own(scene: Scene) -> Model:
    return SizeMeasure(alliance=scene.alliance, name=scene.officers.name)


@database.by("withdrawn_size_says_why", says="Say why the figure is withdrawn.")
def test_a_withdrawn_size_says_why() -> Model:
    size = factories.force_size()
    size.withdrawn_at = timezone.now()
    return size


@database.by("force_size_not_negative")
def test_a_size_is_not_negative(scene: Scene) -> Model:
    return ForceSize(
        alliance=scene.alliance,
        force=scene.north,
        measure=scene.officers,
        effective_on=date(2016, 4, 1),
        value=Decimal("-0.0001"),
        source="Nowhere",
    )


@database.by("force_size_release_once", says="This release of the figure is already on record.")
def test_a_release_of_a_size_is_recorded_once(scene: Scene) -> Model:
    return ForceSize(
        alliance=scene.alliance,
        force=scene.north,
        measure=scene.officers,
        effective_on=APRIL_2015,
        value=Decimal(1),
        source="Another",
    )


@database.by("gate_code_once", says="The alliance already has a gate with this code.")
def test_a_gate_has_a_code_of_its_own(scene: Scene) -> Model:
    return Gate(alliance=scene.alliance, code=a_gate(scene).code, name="Second blueprint", order=2)


@database.by("sign_off_once", says="This office has already signed this gate.")
def test_an_office_signs_a_gate_once(scene: Scene) -> Model:
    gate = a_gate(scene)
    office = {"alliance": scene.alliance, "gate": gate, "force": scene.north, "office": "Chief"}
    SignOff.objects.create(**office)
    return SignOff(**office)


@database.by("user_email_in_lower_case", says="An e-mail address is kept in lower case.")
def test_an_e_mail_address_is_kept_in_lower_case() -> Model:
    return User(email="Alice@example.com", name="Alice", password="x")


@database.by_trigger("User.credentials")
def test_no_row_that_was_read_before_winds_back_a_deactivation_or_a_password(alice: User) -> None:
    stale = User.objects.get(pk=alice.pk)
    User.objects.filter(pk=alice.pk).update(is_active=False, password="another")
    kept = User.objects.get(pk=alice.pk)

    stale.password, stale.is_active = kept.password, False
    stale.save()

    now = User.objects.get(pk=alice.pk)
    assert (now.deactivations, now.password_set_at) == (1, kept.password_set_at)
    assert kept.password_set_at != stale.password_set_at


@database.by("role_once", says="This user already has that role.")
def test_a_role_for_all_forces_is_given_once(scene: Scene, alice: User) -> Model:
    role = {"alliance": scene.alliance, "user": alice, "kind": Role.Kind.FINANCE_OFFICER}
    Role.objects.create(**role)
    return Role(**role)


@database.by("role_kind_known", says="Value 'KING' is not a valid choice.")
def test_a_role_is_one_of_those_there_are(scene: Scene, alice: User) -> Model:
    return Role(alliance=scene.alliance, user=alice, kind="KING")


@database.by("published_report_has_a_snapshot", says="A report is published with its snapshot.")
def test_a_report_is_not_published_without_its_snapshot(scene: Scene) -> Model:
    return BoardReport(
        alliance=scene.alliance, title="March", as_at=APRIL_2015, published_at=timezone.now()
    )


@database.by_trigger("BoardReport.published_stays")
@pytest.mark.parametrize("write", ["update", "delete"])
def test_a_published_report_is_neither_changed_nor_deleted(scene: Scene, write: str) -> None:
    report = BoardReport.objects.create(
        alliance=scene.alliance, title="March", as_at=APRIL_2015, snapshot={}
    )
    report.title = "March 2015"
    report.published_at = timezone.now()
    report.save()
    published = BoardReport.objects.filter(pk=report.pk)
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        published.update(title="April") if write == "update" else published.delete()


def test_every_change_counts_the_revision_up_and_nothing_else_does(scene: Scene) -> None:
    forces = Force.objects.filter(pk=scene.north.pk)
    forces.update(name="Northern Police")
    forces.update(name="Northern Police")
    assert forces.get().revision == 2


def test_history_keeps_every_state_and_cannot_be_rewritten(scene: Scene) -> None:
    forces = Force.objects.filter(pk=scene.north.pk)
    forces.update(name="Northern Police")
    kept = Force.pgh_event_model.objects.filter(pgh_obj_id=scene.north.pk).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", "name")) == [
        ("insert", "North Police"),
        ("update", "Northern Police"),
    ]
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        kept.update(name="Nobody")
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        kept.delete()


def test_raw_sql_is_refused_as_well(scene: Scene) -> None:
    with refused("force_size_not_negative"), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_forcesize SET value = -1")


@database.by("saved_view_once", says="You already have a view with this name.")
def test_a_persons_views_of_a_list_have_names_of_their_own(scene: Scene, alice: User) -> Model:
    view = {"alliance": scene.alliance, "user": alice, "page": "areas", "name": "Mine"}
    SavedView.objects.create(**view)
    return SavedView(**view, query="stage=LIVE")


@database.by_trigger("Change.never_edited")
def test_a_change_on_record_is_never_edited(scene: Scene) -> None:
    change = factories.change(alliance=scene.alliance)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(reason="Another")
