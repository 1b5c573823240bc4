"""A programme manager asks for a new approved date; a chief officer sees what it does, and agrees."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from business_areas.models import Milestone
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.journeys.test_milestones import RULES, fill_date
from tests.serving import DCD, Portal

pytestmark = pytest.mark.browser

MANAGER, CHIEF = "manager.dcd@portal.example", "chief.dcd@portal.example"
ESTATES = f"{DCD}areas/estates/milestones/estates-go-live/"


def look(page: Page, heading: str, *, with_axe: bool = True) -> None:
    expect(page.locator("h1")).to_contain_text(heading)
    if not with_axe:
        return
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def ask(hands: Mouse, url: str) -> None:
    page = hands.page
    page.goto(url + ESTATES)
    hands.press(page.get_by_role("link", name="Ask for a new approved date"))
    look(page, "Ask for a new approved date")
    fill_date(hands, "New approved date", "1", "12", "2018")
    hands.fill(page.get_by_label("Why", exact=True), "The lease ends in November.")
    hands.press(page.get_by_role("button", name="Check what it changes"))
    look(page, "Check what you ask for")
    expect(page.get_by_text("slipped since approved").first).to_be_visible()
    hands.press(page.get_by_role("button", name="Ask for 1 December 2018"))
    look(page, "Approve 1 December 2018?")
    expect(page.get_by_role("button", name=re.compile("^Agree"))).to_have_count(0)


def agree(hands: Mouse, url: str) -> None:
    page = hands.page
    page.goto(url)
    expect(page.get_by_text("Waits for your answer").first).to_be_visible()
    hands.press(page.get_by_role("link", name=re.compile("asks for another approved date")))
    look(page, "Approve 1 December 2018?", with_axe=False)
    hands.press(page.get_by_role("button", name="Agree to 1 December 2018"))
    look(page, "Approved date saved: 1 December 2018", with_axe=False)
    hands.press(page.get_by_role("link", name=re.compile("^Dates and history")))
    expect(page.get_by_text("Asked for by")).to_be_visible()


def approved() -> str:
    of_western = Milestone.objects.filter(alliance__code="devon-cornwall-dorset")
    return f"{of_western.get(code='estates-go-live').approved_on}"


def test_one_asks_by_keyboard_and_another_agrees_without_script_at_320_pixels(
    portal: Portal, open_page: OpenPage
) -> None:
    ask(Keyboard(portal.admit(open_page(width=1366), MANAGER)), portal.url)
    assert approved() == "2018-04-01"

    page = portal.admit(open_page(width=320, height=640, script=False), CHIEF)
    agree(Mouse(page), portal.url)

    assert approved() == "2018-12-01"
