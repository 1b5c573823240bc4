"""The administration site: what it writes, that shares follow, and that history shows it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from business_areas.models import DateChange, Milestone
from programmes.models import Alliance, ForceSize, Membership, User
from savings.models import Amount, Item, RecomputeRequest, SharingRule
from tests import factories
from tests.admin.conftest import OWN
from tests.admin_forms import address, errors_on, send, shown
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


# People --------------------------------------------------------------------------------------------


def test_a_new_person_signs_in_with_an_address_in_lower_case(signed_in: Client) -> None:
    password = "correct horse battery staple"
    fields = {"email": "New@Example.org", "name": "New", "usable_password": "true", **OWN}
    assert send(signed_in, User, **fields, password1=password, password2=password) == []
    assert User.objects.get(email="new@example.org").check_password(password)


def test_a_persons_password_has_a_page_of_its_own(signed_in: Client) -> None:
    person = factories.user()
    place = reverse("admin:auth_user_password_change", args=[person.pk])
    assert signed_in.get(place).status_code == 200
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    signed_in.post(place, {**new, "usable_password": "true", **OWN})
    person.refresh_from_db()
    assert person.check_password("another horse battery")


def test_nobody_locks_themselves_out(signed_in: Client, boss: User) -> None:
    place = address(boss, "change", boss.pk)
    form = shown(signed_in.get(place).context["adminform"].form)
    form.pop("is_superuser")
    inline = {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    answer = signed_in.post(place, {**form, **inline, **OWN})
    assert errors_on(answer) == ["You cannot take your own access away; ask another administrator."]


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
    page.get_by_text("Say why the date moves.").wait_for()
    page.get_by_label("Reason").fill("Kennels")
    page.get_by_role("button", name="Save", exact=True).click()

    page.locator(".messagelist .success").wait_for()
    assert DateChange.objects.get(milestone=start).to_on is not None
    page.goto(live_server.url + address(start, "history", start.pk))
    page.get_by_text("Changed").first.wait_for()
