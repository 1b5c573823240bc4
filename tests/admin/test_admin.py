"""The administration site: every table opens, lists cheaply, and refuses in sentences."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from business_areas.models import RaidItem
from programmes.models import Role, SignOff, User
from programmes.read_only import ReadOnlyAdmin, ReadOnlyRows
from savings.book.reading import _TABLES
from tests import factories
from tests.admin_forms import address, errors_on, send, shown
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Callable[..., Model]] = {
    "user": factories.user,
    "role": factories.role,
    "alliance": factories.alliance,
    "force": factories.force,
    "membership": factories.membership,
    "sizemeasure": factories.measure,
    "forcesize": factories.force_size,
    "gate": factories.gate,
    "signoff": factories.sign_off,
    "benefit": factories.benefit,
    "businessarea": factories.area,
    "areamembership": factories.area_membership,
    "staffing": factories.staffing,
    "designstrand": factories.design_strand,
    "milestone": factories.milestone,
    "raiditem": factories.raid_item,
    "sharingrule": factories.sharing_rule,
    "item": factories.item,
    "amount": factories.amount,
    "financialyear": factories.financial_year,
    "run": factories.run,
    "recomputerequest": factories.recompute_request,
}
MOST_QUERIES = 15


# People and roles, and reference data that no share, date or membership depends on.
EDITED = {"user", "role", "benefit", "raiditem", "dependency"}


# Every table ---------------------------------------------------------------------------------------


def test_every_table_that_is_registered_is_tested() -> None:
    assert set(MAKERS) | {"dependency"} == {
        model._meta.model_name
        for model, options in admin.site._registry.items()
        if model.__module__.split(".")[0] in {"programmes", "business_areas", "savings"}
        and not hasattr(model, "pgh_tracked_model")
    }


def test_every_table_has_the_name_that_the_portals_pages_give_it(signed_in: Client) -> None:
    page = signed_in.get(reverse("admin:index")).content.decode()

    assert "Numbers of people" in page
    assert "Register entries" in page
    assert "Staffings" not in page
    assert "Raid items" not in page


@pytest.mark.parametrize("name", MAKERS)
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(
    signed_in: Client, name: str
) -> None:
    model = type(MAKERS[name]())
    counts = []
    for _ in range(2):
        MAKERS[name]()
        with CaptureQueriesContext(connection) as queries:
            answer = signed_in.get(address(model, "changelist"), {"q": ""})
        assert answer.status_code == 200
        counts.append(len(queries))
        for _ in range(4):
            MAKERS[name]()
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


@pytest.mark.parametrize("name", MAKERS)
def test_every_page_of_a_row_opens(signed_in: Client, name: str) -> None:
    row = MAKERS[name]()
    for place in (address(row, "change", row.pk), address(row, "history", row.pk)):
        assert signed_in.get(place, follow=True).status_code == 200
    for place in (address(row, "add"), address(row, "delete", row.pk)):
        assert signed_in.get(place).status_code in (200, 403)
    assert signed_in.get(address(row, "changelist"), {"q": "no such thing"}).status_code == 200


@pytest.mark.parametrize("name", MAKERS)
def test_a_form_that_is_saved_as_it_stands_changes_nothing(
    signed_in: Client, boss: User, name: str
) -> None:
    row = MAKERS[name]()
    model_admin = admin.site._registry[type(row)]
    request = signed_in.get(address(row, "change", row.pk)).wsgi_request
    if not model_admin.has_change_permission(request, row):
        assert signed_in.post(address(row, "change", row.pk), {}).status_code == 403
        return
    before = type(row).objects.filter(pk=row.pk).values().get()
    assert send(signed_in, row) == []
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", MAKERS)
def test_rows_are_never_deleted_in_bulk(signed_in: Client, name: str) -> None:
    row = MAKERS[name]()
    answer = signed_in.post(
        address(row, "changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        follow=True,
    )
    assert answer.status_code == 200
    assert type(row).objects.filter(pk=row.pk).exists()


# What is changed here, and what is only read --------------------------------------------------------


def own_tables() -> dict[str, type[Model]]:
    """The portal's own tables in the site, by name; not Django's, nor the lists of changes."""
    return {
        model._meta.model_name or "": model
        for model in admin.site._registry
        if model._meta.app_label in {"programmes", "business_areas", "savings"}
        and not hasattr(model, "pgh_tracked_model")
    }


def test_every_table_is_either_edited_here_or_read() -> None:
    read = {name for name, model in own_tables().items() if is_read(model)}
    assert own_tables().keys() - read == EDITED


def is_read(model: type[Model]) -> bool:
    return isinstance(admin.site._registry[model], ReadOnlyAdmin)


def test_whatever_shares_are_worked_out_from_is_only_read() -> None:
    read = {model._meta.db_table for model in own_tables().values() if is_read(model)}
    assert {*_TABLES} - read == {"savings_sharingterm"}  # shown with its rule, to read too
    for model_admin in admin.site._registry.values():
        if isinstance(model_admin, ReadOnlyAdmin):
            assert all(issubclass(inline, ReadOnlyRows) for inline in model_admin.inlines)


def test_whatever_else_has_a_date_a_stage_or_a_membership_is_only_read() -> None:
    for name in EDITED - {"raiditem"}:  # the register's own dates promise nothing and price nothing
        days = [f for f in own_tables()[name]._meta.fields if type(f) is models.DateField]
        assert days == [] or name == "benefit", name


@pytest.mark.parametrize("name", sorted(MAKERS.keys() - EDITED))
def test_nobody_writes_to_a_table_that_is_read(signed_in: Client, name: str) -> None:
    row = MAKERS[name]()
    before = list(type(row).objects.values())
    for place in (
        address(row, "add"),
        address(row, "change", row.pk),
        address(row, "delete", row.pk),
    ):
        assert signed_in.post(place, {"post": "yes"}).status_code == 403
    assert list(type(row).objects.values()) == before
    page = signed_in.get(address(row, "change", row.pk)).content.decode()
    assert ("changed in the portal" in page) == (name not in {"run", "recomputerequest"})


def test_money_that_is_read_is_in_pounds(signed_in: Client) -> None:
    amount = factories.amount(pence=-123_450)
    assert "−£1,234.50" in signed_in.get(address(amount, "change", amount.pk)).content.decode()


# Who may enter -------------------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_portals_own_sign_in(client: Client) -> None:
    for place in (reverse("admin:login"), reverse("admin:index")):
        answer = client.get(place, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_user_of_the_portal_is_not_let_in(client: Client) -> None:
    client.force_login(factories.role(kind="FINANCE_OFFICER").user)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


# Refusals ------------------------------------------------------------------------------------------


def test_another_alliances_force_is_not_offered_and_not_taken(
    signed_in: Client, scene: Scene
) -> None:
    stranger = factories.force(name="Elsewhere Police")
    row = factories.role(alliance=scene.alliance)
    page = signed_in.get(address(row, "change", row.pk)).content.decode()
    assert "South Police" in page and "Elsewhere Police" not in page
    assert send(signed_in, row, force=stranger.pk) == [
        "This is not one of the alliance’s own; choose again from the list."
    ]


def test_a_new_row_offers_every_alliances_forces_by_name_until_one_is_chosen(
    signed_in: Client, scene: Scene
) -> None:
    factories.force(name="Elsewhere Police", alliance=factories.alliance(name="Elsewhere"))
    place = address(Role, "add")
    assert "Elsewhere Police (Elsewhere)" in signed_in.get(place).content.decode()
    chosen = signed_in.get(place, {"alliance": scene.alliance.pk}).content.decode()
    assert "North Police" in chosen and "Elsewhere Police" not in chosen


def test_what_the_model_refuses_across_alliances_is_a_sentence(scene: Scene) -> None:
    stranger = factories.force(name="Elsewhere Police")
    with pytest.raises(ValidationError) as refusal:
        SignOff(
            alliance=scene.alliance,
            gate=factories.gate(alliance=scene.alliance),
            force=stranger,
            office="Chief constable",
        ).full_clean()
    assert refusal.value.message_dict == {
        "force": ["Elsewhere Police is of another alliance; choose one of this alliance."]
    }


def test_what_the_database_holds_once_is_refused_in_its_sentence(
    signed_in: Client, scene: Scene
) -> None:
    entry = factories.raid_item(alliance=scene.alliance)
    given = {"alliance": scene.alliance.pk, "code": entry.code, "kind": "RISK", "title": "Again"}
    assert send(signed_in, RaidItem, **given) == [
        "The register already has an entry with this code."
    ]


def test_an_edit_over_someone_elses_is_refused(signed_in: Client, scene: Scene) -> None:
    entry = factories.raid_item(alliance=scene.alliance)
    place = address(entry, "change", entry.pk)
    form = shown(signed_in.get(place).context["adminform"].form)
    RaidItem.objects.filter(pk=entry.pk).update(owner="Someone else’s")
    answer = signed_in.post(place, {**form, "title": "Mine"})
    assert errors_on(answer)[0].startswith("Someone else changed this while you were editing it.")
    assert 'value="Mine"' in answer.content.decode()
