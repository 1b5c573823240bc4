"""Nothing that the portal answers is kept by a browser or a proxy, nor seen after signing out."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests import factories
from tests.serving import DCD, FINANCE, PASSWORD, Portal
from tests.test_any_address import addresses
from tests.test_any_address import scene as scene  # the fixture of the same addresses

DOWNLOADS = ("?format=csv", "?format=xlsx", "?format=svg", "?format=png")
MORE = ("/", "/accounts/login/", "/accounts/password/change/", "/admin/", "/healthz", "/nothing")


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_and_download_says_that_it_is_not_to_be_kept(
    client: Client, scene, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(factories.administrator(password="x"))
    client.raise_request_exception = False
    places = [*addresses(scene), *MORE]

    kept = []
    for place in places:
        for query in ("",) if place in MORE else ("", *DOWNLOADS):
            answer = client.get(place + query)
            answer.close()
            if "no-store" not in answer.get("Cache-Control", ""):
                kept.append(place + query)

    assert kept == []
    assert len(places) > 50


@pytest.mark.django_db
def test_no_page_may_name_another_base_for_its_links(client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert "base-uri 'none'" in policy


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_back_after_signing_out_shows_nothing(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.url}/accounts/login/")
    page.get_by_role("textbox", name="Email").fill(FINANCE)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for place in (DCD, f"{DCD}money/", f"{DCD}areas/"):
        page.goto(portal.url + place)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", name="Sign in to the Alliance portal")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Devon")
    assert settings.SESSION_COOKIE_NAME not in {each["name"] for each in page.context.cookies()}
