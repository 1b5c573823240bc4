"""A session ends while somebody types: in a real browser, with script and without."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from alliance_portal.typed import keeping
from business_areas.models import BusinessArea, MovedDate, StatusOverride
from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, PASSWORD, Portal

pytestmark = pytest.mark.browser
MANAGER = "manager.dcd@portal.example"
WHY = "A supplier <b>said</b> so & the board agreed;\nread the minutes."
STATUS = f"{DCD}statuses/areas/corporate-communications/timescales/"
SUMMARY = f"{DCD}areas/corporate-communications/edit/summary/"
script = pytest.mark.parametrize("script", [True, False])


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@script
def test_what_was_typed_is_there_again_after_signing_in(
    portal: Portal, open_page: OpenPage, script: bool
) -> None:
    page = portal.admit(open_page(script=script), MANAGER)
    page.goto(portal.url + STATUS)
    page.get_by_role("group", name="Status").get_by_label("Red").check()
    page.get_by_label("Why it differs from the data").fill(WHY)
    for part, typed in (("Day", "28"), ("Month", "feb"), ("Year", "2018")):
        page.get_by_role("group", name="Until").get_by_label(part, exact=True).fill(typed)
    Session.objects.all().delete()
    page.get_by_role("button", name="Set the status").click()

    expect(page.get_by_text("Sign in, and it is there again.")).to_be_visible()
    page.get_by_label("Email").fill(MANAGER)
    page.get_by_label("Password", exact=True).fill("wrong at first")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    sign_in(page, MANAGER)

    expect(page.get_by_text(keeping.SIGNED_OUT)).to_be_visible()
    expect(page).to_have_url(portal.url + STATUS)
    assert not StatusOverride.objects.filter(reason__contains="minutes").exists()
    expect(page.get_by_label("Why it differs from the data")).to_have_value(WHY)
    expect(page.get_by_role("group", name="Until").get_by_label("Month")).to_have_value("feb")
    expect(page.get_by_role("group", name="Status").get_by_label("Red")).to_be_checked()
    page.get_by_role("button", name="Set the status").click()
    expect(page.get_by_text("The status is set.")).to_be_visible()
    expect(page.get_by_text(keeping.SIGNED_OUT)).to_have_count(0)
    assert StatusOverride.objects.get(reason__contains="minutes").reason.splitlines()[1:]


@script
def test_a_page_that_is_older_than_the_sign_in_is_shown_again_with_what_was_typed(
    portal: Portal, open_page: OpenPage, script: bool
) -> None:
    page = portal.admit(open_page(script=script), MANAGER)
    page.goto(portal.url + SUMMARY)
    page.get_by_label("Summary").fill(WHY)
    other = page.context.new_page()
    Session.objects.all().delete()
    other.goto(portal.url + DCD)
    sign_in(other, MANAGER)
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text(keeping.SIGNED_IN_SINCE)).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value(WHY)
    area = BusinessArea.objects.get(
        alliance__code=DCD.split("/")[2], code="corporate-communications"
    )
    assert "minutes" not in area.summary
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("what the area is is saved")).to_be_visible()
    area.refresh_from_db()
    assert "minutes" in area.summary


def test_at_the_last_step_of_many_areas_the_reason_stays(
    portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), MANAGER)
    page.goto(f"{portal.url}{DCD}areas/")
    page.get_by_label("Choose Corporate communications", exact=True).check()
    page.get_by_role("button", name="Change go-live forecast").click()
    page.get_by_label("New forecast month").fill("4 2020")
    page.get_by_role("button", name="Check the changes").click()
    page.get_by_label("Details").fill("Because of the many reasons")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save 1 change").click()
    sign_in(page, MANAGER)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Check what this changes")
    expect(page.get_by_label("Details")).to_have_value("Because of the many reasons")
    assert not MovedDate.objects.filter(change__details__contains="many reasons").exists()


def test_somebody_else_at_the_machine_finds_nothing(portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), MANAGER)
    page.goto(portal.url + SUMMARY)
    page.get_by_label("Summary").fill(WHY)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    sign_in(page, FINANCE)

    expect(page.get_by_text("minutes")).to_have_count(0)
    page.goto(portal.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("not yet saved")
