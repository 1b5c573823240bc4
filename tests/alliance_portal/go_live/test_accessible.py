"""The go-live pages by axe's rules: filled, empty, with mistakes and with long words, wide and narrow."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from business_areas.models import BusinessArea, DesignStrand
from business_areas.services import reschedule
from tests.alliance_portal.dates.moves import derive_and_share
from tests.alliance_portal.go_live.ready import CORRECT, GO_LIVE, LIVE, TODAY, Ready, a_ready_area
from tests.conftest import OpenPage
from tests.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Unusuallylongwordthatdoesnotbreakanywhereatall" * 4
MANY_WORDS = "Each force keeps its own until the contracts end. " * 8


@pytest.fixture
def ready(transactional_db: None, settings: Any) -> Iterator[Ready]:
    # The test server finds files where the apps keep them, under the names they have there.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return a_ready_area()


@pytest.fixture
def page(ready: Ready, live_server: LiveServer, open_page: OpenPage) -> Page:
    """Alice's."""
    client: Client = ready.client(ready.alice)
    page = open_page()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return page


def type_date(page: Page, *boxes: str) -> None:
    for label, text in zip(("Day", "Month", "Year"), boxes, strict=True):
        page.get_by_label(label, exact=True).fill(text)


def send(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button).first.click()


def test_the_list_keeps_every_rule(ready: Ready, page: Page, live_server: LiveServer) -> None:
    BusinessArea.objects.update(name=LONG[:200])
    DesignStrand.objects.filter(strand="TECHNOLOGY").update(status="AGREED")
    page.goto(live_server.url + GO_LIVE)
    check(page)
    page.locator("summary").first.click()
    send(page, "Mark as not applicable")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    check(page)
    page.locator("#id_TECHNOLOGY_reason").fill(LONG + MANY_WORDS)
    send(page, "Mark as not applicable")
    expect(page.get_by_text("is marked as not applicable")).to_be_visible()
    check(page)
    type_date(page, "31", "2", "2017")
    send(page, "Continue")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(page)


def test_an_empty_area_and_one_that_cannot_go_live_keep_every_rule(
    ready: Ready, page: Page, live_server: LiveServer
) -> None:
    empty = ready.scene.area("empty").code
    page.goto(live_server.url + GO_LIVE.replace("fleet", empty))
    expect(page.get_by_text("Empty has no go-live milestone").first).to_be_visible()
    check(page)
    BusinessArea.objects.update(stage="WITHDRAWN")
    page.goto(live_server.url + GO_LIVE)
    check(page)


def test_going_live_and_correcting_it_keep_every_rule(
    ready: Ready, page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + GO_LIVE)
    type_date(page, "16", "1", "2017")
    send(page, "Continue")
    page.locator("summary", has_text="Costs and savings apart").click()
    check(page)
    reschedule(
        milestone=ready.milestone, to=date(2017, 5, 1), reason="Technology is not ready",
        details=LONG, by=ready.bert, day=TODAY,
    )  # fmt: skip
    send(page, "Take Fleet live")
    expect(page.get_by_text("saved this while you were typing")).to_be_visible()
    check(page)
    send(page, "Take Fleet live")
    expect(page.locator("h1")).to_have_text("Fleet is live")
    check(page)
    derive_and_share(ready.scene)
    page.goto(live_server.url + CORRECT)
    check(page)
    send(page, "Check what it changes")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(page)
    page.get_by_label("It did not go live").check()
    page.get_by_label("Why is it corrected?").fill(LONG + MANY_WORDS)
    send(page, "Check what it changes")
    expect(page.locator("h1")).to_have_text("Fleet Check the corrected go-live")
    check(page)
    send(page, "Change what I typed")
    page.get_by_label("It went live on another date").check()
    type_date(page, "9", "1", "2017")
    send(page, "Check what it changes")
    check(page)
    send(page, "Save the correction")
    page.wait_for_url(f"{live_server.url}{LIVE}")
    expect(page.get_by_text("9 January 2017").first).to_be_visible()
    check(page)
