"""December is ended in a browser: actual amounts, nil returns, a variance explained, the month locked."""

import re

import pytest
from playwright.sync_api import Page, expect

from programmes.models import Alliance, Change
from savings import recompute
from savings.models import MonthLock
from tests.conftest import OpenPage
from tests.journeys.hands import Mouse
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser

MONTH = f"{DCD}money/month-end/2017-12/"
LATE = "Staff time released by one recruitment process"


def bring_up_to_date() -> None:
    """As the worker does, before the month is locked."""
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")


def enter(page: Page, hand: Mouse) -> None:
    """The one amount that came late goes into the grid of its area."""
    areas = page.get_by_role("table", name="What is in, by business area")
    hand.press(areas.get_by_role("link", name="People and HR functions"))
    box = page.get_by_label(re.compile(f"{LATE}.*December 2017")).first
    hand.fill(box, "12,500.00")
    hand.press(page.get_by_role("button", name="Check what this changes"))
    hand.fill(page.get_by_label("Why", exact=True), "The return came by mail")
    hand.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("1 amount is saved")).to_be_visible()


def record_nil(page: Page, hand: Mouse) -> None:
    """The three others had nothing."""
    hand.press(page.get_by_role("button", name="Record nil returns"))
    for box in page.get_by_role("checkbox").all():
        hand.tick(box)
    hand.press(page.get_by_role("button", name="Record them"))
    expect(page.get_by_text("3 nil returns of December 2017 recorded.")).to_be_visible()
    expect(page.get_by_text("The actual amounts of all 60 items are in.")).to_be_visible()


def explain(page: Page, hand: Mouse) -> None:
    """The first variance that has to be explained."""
    table = page.get_by_role("table", name="By business area")
    first = table.get_by_role("row").filter(has_text="not explained yet").first
    hand.press(first.get_by_role("link"))
    hand.fill(page.get_by_label("What it comes from"), "A late invoice of the summer")
    hand.tick(page.get_by_label("No, it happened once"))
    hand.fill(page.get_by_label("Who does it (optional)"), "Alice Wood")
    hand.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("the variance is explained")).to_be_visible()
    said = "A late invoice of the summer. It happened once. Alice Wood."
    expect(page.get_by_role("table", name="By business area")).to_contain_text(said)


def lock(page: Page, hand: Mouse) -> None:
    hand.press(page.get_by_role("button", name="Lock the month"))
    totals = page.get_by_role("table", name="What the actual amounts of December 2017 come to")
    before = totals.get_by_role("row", name="Dorset").inner_text()
    hand.press(page.get_by_role("button", name="Lock the month"))
    expect(page.get_by_text("December 2017 is locked.")).to_be_visible()
    kept = page.get_by_role("table", name="What it came to when it was locked")
    assert kept.get_by_role("row", name="Dorset").inner_text() == before


@pytest.mark.parametrize("script", [True, False])
def test_a_month_is_ended(portal: Portal, open_page: OpenPage, script: bool) -> None:
    page = portal.admit(open_page(script=script), FINANCE)
    hand = Mouse(page)
    page.goto(f"{portal.url}{MONTH}")
    expect(page.get_by_text("Actual amounts of 4 of 60 items are not in.")).to_be_visible()

    enter(page, hand)
    page.goto(f"{portal.url}{MONTH}")
    record_nil(page, hand)
    page.goto(f"{portal.url}{DCD}money/variances/?month=2017-12&measure=month")
    explain(page, hand)
    bring_up_to_date()
    page.goto(f"{portal.url}{MONTH}")
    lock(page, hand)

    page.goto(f"{portal.url}{DCD}money/areas/people-hr/2017-18/grid/actual/")
    expect(page.get_by_label(re.compile(f"{LATE}.*December 2017"))).to_have_count(0)
    assert MonthLock.objects.get().locked_by.email == FINANCE
    kinds = list(Change.objects.order_by("pk").values_list("kind", flat=True))[-4:]
    assert kinds == ["AMOUNT", "AMOUNT", "MONTH", "MONTH"]
