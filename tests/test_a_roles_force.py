"""A role that names a force changes that force's facts and no other's, through whichever door."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.size_files.forms import Carried
from business_areas.models import Staffing
from programmes.models import Alliance, Force, ForceSize, Role, User
from programmes.permissions import FOR_ONE_FORCE, Action, Standing, standing
from programmes.services import Figure
from savings import recompute
from savings.closing.services import figures_digest
from savings.models import ClosingRequest, Settlement, SettlementAnswer
from savings.selectors.settlement import year_settlement
from savings.settling import services as settling
from savings.settling.document import digest_of, document_of
from tests import factories
from tests.saving import saved
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

# Rows that are one force's own facts or answers, with the doors through which a person changes them.
OWN_FACTS = {
    "ForceSize": ("size", "size, by date", "size, from a file", "size, withdrawn"),
    "Staffing": ("people",),
    "SignOff": (),
    "SettlementAnswer": ("settlement answer",),
    "ClosingRequest": ("closing",),
}
# Rows that name a force and are what all of them agreed, or what the portal worked out.
OF_ALL = {
    *("Membership", "Role", "BusinessArea", "AreaMembership", "SharingTerm", "Amount"),
    *("RatioPart", "PoolShare", "Share", "TrueUpLine", "SettlementPayment", "SettlementWay"),
}


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def day(name: str, on: date) -> dict[str, str]:
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}_{part}": str(number) for part, number in parts.items()}


def size(client: Client, scene: Scene, force: Force) -> HttpResponse:
    sent = {f"size-{force.code}": "99", "measure": scene.officers.pk, "source": "By hand"}
    sent |= day("effective_on", date(2016, 4, 1))
    place = reverse("money-sizes-record", args=["hills"])
    return saved(client, place, {**sent, "check-sure": "on"})


def size_by_date(client: Client, scene: Scene, force: Force) -> HttpResponse:
    place = reverse("money-sizes-grid", args=["hills", scene.officers.pk])
    sent = {f"s{force.pk}-20160401": "99", "also": "2016-04-01", "source": "By hand"}
    return saved(client, place, {**sent, "check-sure": "on", "check-reason": "July"})


def size_from_a_file(client: Client, scene: Scene, force: Force) -> HttpResponse:
    figure = Figure(force, date(2016, 4, 1), Decimal(99), "march.xlsx, Data!I2")
    token = Carried("march.xlsx", (figure,), {}).token
    sent = {"figures": token, "measure": scene.officers.pk, "take": f"20160401-{force.pk}"}
    place = reverse("money-sizes-take", args=["hills"])
    return saved(client, place, {**sent, "check-sure": "on", "check-reason": "July"})


def withdrawal(client: Client, scene: Scene, force: Force) -> HttpResponse:
    size = scene.size(force, 99, date(2014, 4, 1))
    sent = {"measure": scene.officers.pk, "effective_on": "2014-04-01", "sizes": size.pk}
    place = reverse("money-sizes-withdraw", args=["hills"])
    return saved(client, place, {**sent, "check-reason": "A digit too many"})


def people(client: Client, scene: Scene, force: Force) -> HttpResponse:
    place = reverse("area-edit", args=["hills", "fleet", "people"])
    seen = client.get(place).context["form"].carried
    sent = {f"before_{force.pk}": "99", f"shared_{force.pk}": "99"}
    return client.post(place, {**sent, **day("as_at", date(2016, 4, 1)), "seen": seen})


def settlement_answer(client: Client, scene: Scene, force: Force) -> HttpResponse:
    if not Settlement.objects.exists():
        item = scene.item("Vans", "COST")
        scene.amount(item, 300, version="ACTUAL", borne_by=scene.north)
        recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
        day, asked = date(2018, 1, 1), {"alliance": scene.alliance, "year": 2016}
        found = document_of(scene.alliance, year_settlement(scene.alliance, 2016), day)
        more = {"until": None, "due_on": None, "note": "", "by": None, "day": day}
        settling.propose(**asked, **more, seen=digest_of(found))
    place = reverse("money-settlement-agree", args=["hills", "2016-17", 1])
    return client.post(place, {"force": force.code, "save": "1"})


def closing(client: Client, scene: Scene, force: Force) -> HttpResponse:
    """Asked for the force that the person speaks for, whatever is sent."""
    if not scene.fleet.items.exists():
        item = scene.item("Vans", "COST")
        scene.amount(item, 300, version="ACTUAL", borne_by=scene.north)
        recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    place = reverse("money-year-close", args=["hills", "2016-17"])
    sent = {"force": force.code, "note": "All is paid", "save": "1"}
    return client.post(place, {**sent, "priced": figures_digest(scene.alliance, 2016)})


DOORS: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "size": (size, "FINANCE_OFFICER"),
    "size, by date": (size_by_date, "FINANCE_OFFICER"),
    "size, from a file": (size_from_a_file, "FINANCE_OFFICER"),
    "size, withdrawn": (withdrawal, "FINANCE_OFFICER"),
    "people": (people, "PROGRAMME_MANAGER"),
    "settlement answer": (settlement_answer, "FINANCE_OFFICER"),
    "closing": (closing, "FINANCE_OFFICER"),
}


def changed(force: Force) -> bool:
    return (
        ForceSize.objects.in_force()
        .filter(force=force, effective_on=date(2016, 4, 1), value=99)
        .exists()
        or ForceSize.objects.exclude(withdrawn_at=None).filter(force=force).exists()
        or Staffing.objects.filter(force=force, shared_fte=99).exists()
        or ClosingRequest.objects.filter(force=force).exists()
        or SettlementAnswer.objects.filter(force=force, says="AGREES").exists()
    )


def test_every_row_that_names_a_force_is_its_own_or_of_all() -> None:
    naming = {
        model.__name__
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.related_model is Force
    }
    assert naming == OWN_FACTS.keys() | OF_ALL
    assert {door for doors in OWN_FACTS.values() for door in doors} == DOORS.keys()


@pytest.mark.parametrize("door", DOORS)
def test_no_door_changes_another_forces_facts(scene: Scene, door: str) -> None:
    send, kind = DOORS[door]
    client = Client()
    client.force_login(factories.role(alliance=scene.alliance, kind=kind, force=scene.south).user)
    for force in (scene.north, scene.east):
        assert send(client, scene, force).status_code in (200, 302, 403)
        assert not changed(force)
    assert send(client, scene, scene.south).status_code == 302
    assert changed(scene.south)


# What a force says to the others: a role that names none says it for none.
ANSWERS = {"settlement answer", "closing"}


@pytest.mark.parametrize("door", sorted(DOORS.keys() - ANSWERS))
def test_a_role_of_the_whole_alliance_changes_everybodys(scene: Scene, door: str) -> None:
    send, kind = DOORS[door]
    client = Client()
    client.force_login(factories.role(alliance=scene.alliance, kind=kind).user)
    for force in scene.forces:
        assert send(client, scene, force).status_code == 302
        assert changed(force)


def people_of_none_or_two(scene: Scene, kind: str) -> dict[str, User]:
    """Those who speak for no force: a role that names none, an administrator, roles that name two."""
    of_two = factories.role(alliance=scene.alliance, kind=kind, force=scene.north).user
    factories.role(alliance=scene.alliance, user=of_two, kind=kind, force=scene.south)
    of_none = factories.role(alliance=scene.alliance, kind=kind).user
    return {"none": of_none, "administrator": factories.administrator(), "two": of_two}


@pytest.mark.parametrize("door", sorted(ANSWERS))
@pytest.mark.parametrize("who", ["none", "administrator", "two"])
def test_nobody_answers_for_a_force_but_whose_role_names_it_alone(
    scene: Scene, door: str, who: str
) -> None:
    send, kind = DOORS[door]
    client = Client()
    client.force_login(people_of_none_or_two(scene, kind)[who])
    for force in scene.forces:
        answer = send(client, scene, force)
        assert answer.status_code == 403
        assert "by a finance officer whose role names that force alone, and your role" in unescape(
            answer.content.decode()
        )
        assert not changed(force)


@given(st.frozensets(st.tuples(st.sampled_from(Role.Kind.values), st.sampled_from([None, 1, 2]))))
def test_no_roles_let_anybody_answer_for_two_forces(
    roles: frozenset[tuple[str, int | None]],
) -> None:
    for user in (User(), User(is_superuser=True)):
        found = Standing(user, Alliance(), roles)
        for action in FOR_ONE_FORCE:
            forces = [pk for pk in (1, 2) if found.may(action, of=Force(pk=pk))]
            assert len(forces) < 2
            assert found.may(action) == bool(forces)


def test_what_is_done_for_all_forces_takes_a_role_that_names_none(scene: Scene) -> None:
    role = factories.role(alliance=scene.alliance, kind="FINANCE_OFFICER", force=scene.south)
    found = standing(role.user, "hills")
    assert found.may(Action.RECORD_SIZES) and found.may(Action.RECORD_SIZES, of=scene.south)
    assert not found.may(Action.RECORD_SIZES, of=scene.north)
    assert not found.may(Action.CHANGE_RULES)
    with pytest.raises(PermissionDenied, match="record force sizes of North Police"):
        found.require(Action.RECORD_SIZES, of=scene.north)


def test_another_role_in_the_same_alliance_still_counts(scene: Scene) -> None:
    alice = factories.role(alliance=scene.alliance, kind="FINANCE_OFFICER", force=scene.south).user
    factories.role(user=alice, alliance=scene.alliance, kind="FINANCE_OFFICER", force=scene.east)
    found = standing(alice, "hills")
    may = [found.may(Action.RECORD_SIZES, of=force) for force in scene.forces]
    assert may == [False, True, True]
