"""The administration site: people and their passwords, and that history shows what it writes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import User
from savings.models import SharingRule
from tests import factories
from tests.admin.conftest import OWN
from tests.admin_forms import address, errors_on, send, shown
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db


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


# History -------------------------------------------------------------------------------------------


def test_the_history_of_a_row_names_who_and_shows_each_state(
    signed_in: Client, boss: User, scene: Scene
) -> None:
    entry = factories.raid_item(alliance=scene.alliance, title="The first")
    assert send(signed_in, entry, title="The second") == []
    answer = signed_in.get(address(entry, "history", entry.pk), follow=True)
    page = answer.content.decode()
    assert page.index("The second") < page.index("The first")
    assert "The boss" in page and "Changed" in page and "Added" in page


def test_the_history_of_a_row_that_is_gone_can_be_read(signed_in: Client) -> None:
    benefit = factories.benefit(title="Proof of concept")
    signed_in.post(address(benefit, "delete", benefit.pk), {"post": "yes"})
    page = signed_in.get(address(type(benefit), "changelist")).content.decode()
    place = page.split('class="historylink"')[0].split('href="')[-1].split('"')[0]
    events = signed_in.get(place).content.decode()
    assert "Taken away" in events and "Proof of concept" in events


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
    entry = factories.raid_item(alliance=scene.alliance, title="Kennels")
    page.goto(live_server.url + address(entry, "change", entry.pk))
    page.locator(".field-due_on .datetimeshortcuts a", has_text="Today").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    entry.refresh_from_db()
    assert entry.due_on is not None
    page.goto(live_server.url + address(entry, "history", entry.pk))
    page.get_by_text("Changed").first.wait_for()
