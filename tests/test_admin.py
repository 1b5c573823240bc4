"""The administration site: every table opens, refuses in sentences, and writes so that shares follow."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from business_areas.models import DateChange, Milestone
from programmes.models import Alliance, Force, ForceSize, Membership, SignOff, User
from savings.models import Amount, Item, RecomputeRequest, SharingRule
from tests import factories
from tests.admin_forms import address, errors_on, send, shown
from tests.scenes import Scene, a_scene

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


@pytest.fixture
def boss() -> User:
    return factories.administrator(email="boss@example.org", name="The boss")


@pytest.fixture
def signed_in(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


@pytest.fixture
def scene() -> Scene:
    """An alliance with sizes, a rule, an area and 2016/17 amounts."""
    scene = a_scene()
    scene.amount(scene.item("parts", "SAVING"), 10_001)
    return scene


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


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


# People --------------------------------------------------------------------------------------------


def test_a_new_person_signs_in_with_an_address_in_lower_case(signed_in: Client) -> None:
    password = "correct horse battery staple"
    fields = {"email": "New@Example.org", "name": "New", "usable_password": "true"}
    assert send(signed_in, User, **fields, password1=password, password2=password) == []
    assert User.objects.get(email="new@example.org").check_password(password)


def test_a_persons_password_has_a_page_of_its_own(signed_in: Client) -> None:
    person = factories.user()
    place = reverse("admin:auth_user_password_change", args=[person.pk])
    assert signed_in.get(place).status_code == 200
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    signed_in.post(place, {**new, "usable_password": "true"})
    person.refresh_from_db()
    assert person.check_password("another horse battery")


def test_nobody_locks_themselves_out(signed_in: Client, boss: User) -> None:
    place = address(boss, "change", boss.pk)
    form = shown(signed_in.get(place).context["adminform"].form)
    form.pop("is_superuser")
    inline = {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    answer = signed_in.post(place, {**form, **inline})
    assert errors_on(answer) == ["You cannot take your own access away; ask another administrator."]


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


# Writes that shares follow -------------------------------------------------------------------------


def test_a_size_is_a_new_release_and_a_release_is_never_edited(
    signed_in: Client, boss: User, scene: Scene
) -> None:
    row = ForceSize.objects.get(force=scene.north)
    given = {"force": scene.north.pk, "measure": scene.officers.pk, "effective_on": "2015-04-01"}
    assert send(signed_in, ForceSize, **given, value="3002", source="Restated") == []
    new = ForceSize.objects.get(force=scene.north, release=2)
    assert (new.value, new.recorded_by) == (Decimal(3002), boss)
    assert signed_in.post(address(row, "change", row.pk), {"value": "1"}).status_code == 403
    assert asked() == {("fleet", 2016)}


def test_the_same_size_again_is_refused(signed_in: Client, scene: Scene) -> None:
    row = ForceSize.objects.get(force=scene.north)
    given = {"force": scene.north.pk, "measure": scene.officers.pk, "effective_on": "2015-04-01"}
    assert send(signed_in, ForceSize, **given, value=row.value, source=row.source) == [
        "This figure is already on record for this date, from the same source."
    ]


def test_a_date_moves_with_its_reason_only(signed_in: Client, boss: User, scene: Scene) -> None:
    start = factories.milestone(area=scene.fleet)
    assert send(signed_in, start, forecast_on="2016-06-01") == ["Say why the date moves."]
    assert send(signed_in, start, forecast_on="2016-06-01", reason="Late kennels") == []
    change = DateChange.objects.get(milestone=start)
    assert (change.to_on, change.reason, change.changed_by) == (
        date(2016, 6, 1),
        "Late kennels",
        boss,
    )
    assert Milestone.objects.get(pk=start.pk).baseline_on == start.baseline_on


def test_a_force_takes_anothers_place_and_the_others_move_along(
    signed_in: Client, scene: Scene
) -> None:
    assert send(signed_in, scene.east, position="1") == []
    order = scene.alliance.forces.order_by("position").values_list("code", "position")
    assert list(order) == [("east", 1), ("north", 2), ("south", 3)]
    assert asked() == {("fleet", 2016)}


def test_a_rule_is_changed_with_its_terms(signed_in: Client, scene: Scene) -> None:
    rule = SharingRule.objects.get(alliance=scene.alliance)
    new = factories.measure(alliance=scene.alliance)
    rows = {"terms-1-measure": new.pk, "terms-1-weight": "2"}
    assert send(signed_in, rule, **rows) == []
    assert sorted(rule.terms.values_list("measure_id", "weight")) == [
        (scene.officers.pk, Decimal(1)),
        (new.pk, Decimal(2)),
    ]
    assert asked() == {("fleet", 2016)}


def test_an_amount_is_typed_in_pounds(signed_in: Client, scene: Scene) -> None:
    item = Item.objects.get(code="parts")
    given = {"item": item.pk, "version": "ACTUAL", "starts_on": "2017-05-01"}
    assert send(signed_in, Amount, **given, pence="(1,234.50)") == []
    assert Amount.objects.get(version="ACTUAL").pence == -123_450
    assert asked() == {("fleet", 2017)}


def test_a_derived_amount_is_only_read(signed_in: Client) -> None:
    derived = factories.amount(version="FORECAST", derived=True)
    for page in ("change", "delete"):
        place = address(derived, page, derived.pk)
        assert signed_in.post(place, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("what", ["membership", "rule", "item", "amount", "area membership"])
def test_a_deletion_asks_for_the_shares_it_touches(
    signed_in: Client, scene: Scene, what: str
) -> None:
    rows: dict[str, Callable[[], Model]] = {
        "membership": lambda: Membership.objects.get(force=scene.north),
        "rule": lambda: SharingRule.objects.get(),
        "item": lambda: Item.objects.get(),
        "amount": lambda: Amount.objects.get(),
        "area membership": lambda: factories.area_membership(area=scene.fleet, force=scene.north),
    }
    row = rows[what]()
    scene.amount(scene.item("more"), 5)  # so that the year has amounts still
    signed_in.post(address(row, "delete", row.pk), {"post": "yes"})
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert asked() == {("fleet", 2016)}


def test_the_target_date_moves_the_end_of_a_forecast(signed_in: Client, scene: Scene) -> None:
    start = factories.milestone(area=scene.fleet)
    given = {"area": scene.fleet, "milestone": start, "full_year_pence": 120_000, "ramp": [100]}
    factories.item(**given)
    assert send(signed_in, Alliance.objects.get(), target_on="2018-03-31") == []
    assert Amount.objects.filter(derived=True).count() == 24
    assert asked() == {("fleet", 2016), ("fleet", 2017)}


def test_a_closed_year_stays(signed_in: Client) -> None:
    year = factories.financial_year(closed_at=timezone.now())
    assert signed_in.post(address(year, "delete", year.pk), {"post": "yes"}).status_code == 403


# History -------------------------------------------------------------------------------------------


def test_the_history_of_a_row_names_who_and_shows_each_state(
    signed_in: Client, boss: User, scene: Scene
) -> None:
    send(signed_in, scene.north, name="North Constabulary")
    answer = signed_in.get(address(scene.north, "history", scene.north.pk), follow=True)
    page = answer.content.decode()
    assert page.index("North Constabulary") < page.index("North Police")
    assert "The boss" in page and "Changed" in page and "Added" in page


def test_the_history_of_a_row_that_is_gone_can_be_read(signed_in: Client) -> None:
    gate = factories.gate(name="Proof of concept")
    signed_in.post(address(gate, "delete", gate.pk), {"post": "yes"})
    page = signed_in.get(address(type(gate), "changelist")).content.decode()
    place = page.split('class="historylink"')[0].split('href="')[-1].split('"')[0]
    events = signed_in.get(place).content.decode()
    assert "Taken away" in events and "Proof of concept" in events


def test_a_rule_that_is_saved_as_it_stands_leaves_no_trace(signed_in: Client, scene: Scene) -> None:
    events = apps.get_model("savings", "SharingTermEvent")
    before = events.objects.count()
    assert send(signed_in, SharingRule.objects.get(alliance=scene.alliance)) == []
    assert asked() == set()
    assert events.objects.count() == before


# Under the content security policy -----------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_site_works_in_a_browser_under_the_portals_security_policy(
    live_server: Any, open_page: Any, settings: Any
) -> None:
    # The test server finds files where the apps keep them, under the names they have there.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    scene = a_scene()
    start = factories.milestone(area=scene.fleet)
    client = Client()
    client.force_login(factories.administrator())
    page = open_page()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])

    page.goto(live_server.url + reverse("admin:index"))
    for row in (scene.north, SharingRule.objects.get(), start, scene.amount(scene.item("a"), 5)):
        page.goto(live_server.url + address(type(row), "changelist"))
        page.goto(live_server.url + address(row, "change", row.pk))
        page.goto(live_server.url + address(row, "delete", row.pk))
    page.goto(live_server.url + address(start, "change", start.pk))
    page.locator(".field-forecast_on .datetimeshortcuts a", has_text="Today").click()
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_text("Say why the date moves.").is_visible()
    page.get_by_label("Reason").fill("Kennels")
    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator(".messagelist .success").is_visible()
    assert DateChange.objects.get(milestone=start).to_on is not None
    page.goto(live_server.url + address(start, "history", start.pk))
    assert page.get_by_text("Changed").first.is_visible()
