"""The administration site: every table opens, lists cheaply, and refuses in sentences."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Force, Membership, SignOff, User
from savings.models import SharingRule
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


# Every table ---------------------------------------------------------------------------------------


def test_every_table_that_is_registered_is_tested() -> None:
    assert set(MAKERS) | {"dependency"} == {
        model._meta.model_name
        for model, options in admin.site._registry.items()
        if model.__module__.split(".")[0] in {"programmes", "business_areas", "savings"}
        and not hasattr(model, "pgh_tracked_model")
    }


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


@pytest.mark.parametrize("name", ["user", "alliance", "force", "forcesize", "businessarea", "run"])
def test_what_much_hangs_on_cannot_be_deleted(signed_in: Client, name: str) -> None:
    row = MAKERS[name]()
    assert signed_in.post(address(row, "delete", row.pk), {"post": "yes"}).status_code == 403


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
    row = Membership.objects.get(force=scene.north)
    page = signed_in.get(address(row, "change", row.pk)).content.decode()
    assert "South Police" in page and "Elsewhere Police" not in page
    assert send(signed_in, row, force=stranger.pk) == [
        "This is not one of the alliance’s own; choose again from the list."
    ]


def test_a_new_row_offers_every_alliances_forces_by_name_until_one_is_chosen(
    signed_in: Client, scene: Scene
) -> None:
    factories.force(name="Elsewhere Police", alliance=factories.alliance(name="Elsewhere"))
    place = address(SignOff, "add")
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


def test_a_second_stay_on_the_same_days_is_refused(signed_in: Client, scene: Scene) -> None:
    given = {"alliance": scene.alliance.pk, "force": scene.north.pk, "joined_on": "2017-04-01"}
    assert send(signed_in, Membership, **given) == [
        "The force is already a member on some of these days."
    ]


def test_an_edit_over_someone_elses_is_refused(signed_in: Client, scene: Scene) -> None:
    place = address(scene.north, "change", scene.north.pk)
    form = shown(signed_in.get(place).context["adminform"].form)
    Force.objects.filter(pk=scene.north.pk).update(chief_constable="Someone else’s")
    answer = signed_in.post(place, {**form, "name": "Mine"})
    assert errors_on(answer)[0].startswith("Someone else changed this while you were editing it.")
    assert 'value="Mine"' in answer.content.decode()


@pytest.mark.parametrize(
    "method, terms, sentence",
    [
        ("FIXED", [("force", "99.99")], "The percentages add up to 99.99; they must add up to"),
        ("FIXED", [("measure", "1")], "Stated percentages take forces"),
        ("SIZE", [], "Name at least one measure to share by."),
        ("SIZE", [("force", "100")], "A rule by size takes measures"),
        ("EQUAL", [("measure", "1")], "Equal shares take no measures or percentages."),
    ],
)
def test_a_rule_whose_terms_do_not_fit_is_refused(
    signed_in: Client, scene: Scene, method: str, terms: list[tuple[str, str]], sentence: str
) -> None:
    rows = {"terms-TOTAL_FORMS": len(terms), "terms-INITIAL_FORMS": 0}
    for at, (kind, number) in enumerate(terms):
        of_force = kind == "force"
        rows[f"terms-{at}-force" if of_force else f"terms-{at}-measure"] = (
            scene.north.pk if of_force else scene.officers.pk
        )
        rows[f"terms-{at}-percent" if of_force else f"terms-{at}-weight"] = number
    given = {"alliance": scene.alliance.pk, "method": method, "effective_on": "2017-04-01"}
    found = send(signed_in, SharingRule, **given, **rows)
    assert found and found[0].startswith(sentence)
    assert SharingRule.objects.count() == 1


def test_a_milestone_that_is_used_is_kept(signed_in: Client) -> None:
    start = factories.milestone()
    factories.item(area=start.area, milestone=start)
    answer = signed_in.post(address(start, "delete", start.pk), {"post": "yes"}, follow=True)
    assert "This is still used by items." in answer.content.decode()
