"""A programme manager adds a milestone, records that it was reached, corrects that and removes it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from business_areas.models import Milestone
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, Portal

pytestmark = pytest.mark.browser

MANAGER = "manager.dcd@portal.example"
ESTATES = f"{DCD}areas/estates/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def fill_date(hands: Mouse, group: str, day: str, month: str, year: str) -> None:
    boxes = hands.page.get_by_role("group", name=re.compile(f"^{group}"))
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        hands.fill(boxes.get_by_label(box, exact=True), typed)


def tick(hands: Mouse, label: str) -> None:
    """Choose one of several; by keyboard, the arrow keys go through them."""
    target = hands.page.get_by_label(label)
    if not isinstance(hands, Keyboard):
        target.check()
        return
    hands.reach(target.locator("xpath=ancestor::fieldset[1]").get_by_role("radio").first)
    hands.page.keyboard.press("Space")
    for _ in range(10):
        if target.is_checked():
            return
        hands.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{label} cannot be chosen by keyboard.")


def check(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def walk(hands: Mouse, url: str, *, with_axe: bool) -> None:
    """The whole life of a milestone that turns out to be a mistake."""
    page = hands.page

    def look(heading: str) -> None:
        expect(page.locator("h1")).to_contain_text(heading)
        if with_axe:
            check(page)

    def button(name: str) -> None:
        hands.press(page.get_by_role("button", name=name))

    page.goto(url + ESTATES)
    hands.press(page.get_by_role("link", name="Add a milestone"))
    look("Add a milestone")
    button("Add the milestone")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look("Add a milestone")
    hands.fill(page.get_by_label("Name", exact=True), "Staff move in")
    tick(hands, "Other")
    fill_date(hands, "Forecast", "1", "12", "2017")
    button("Add the milestone")

    look("Staff move in, Estates")
    hands.press(page.get_by_role("link", name="Record that it has been reached"))
    look("When was it reached?")
    fill_date(hands, "Actual date", "1", "1", "2018")
    button("Check the date")
    expect(page.get_by_text("or earlier.").first).to_be_visible()
    look("When was it reached?")
    boxes = page.get_by_role("group", name=re.compile("^Actual date"))
    for label, typed in (("Day", "4"), ("Month", "12"), ("Year", "2017")):
        box = boxes.get_by_label(label, exact=True)
        hands.press(box) if not isinstance(hands, Keyboard) else hands.reach(box)
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
    button("Check the date")
    look("Check the actual date")
    button("Save 4 December 2017")
    look("Actual date saved: 4 December 2017")

    hands.press(page.get_by_role("link", name="Dates and history of Staff move in"))
    look("Staff move in, Estates")
    hands.press(page.get_by_role("link", name="Correct the actual date"))
    look("Correct the actual date")
    tick(hands, "It has not been reached")
    hands.fill(page.get_by_label("Why is it corrected?"), "The lease is not signed.")
    button("Check the correction")
    button("Save that it has not been reached")
    look("Actual date taken off the record")

    hands.press(page.get_by_role("link", name="Dates and history of Staff move in"))
    hands.press(page.get_by_role("link", name="Remove this milestone"))
    look("Remove Staff move in, Estates")
    hands.fill(page.get_by_label("Why is it removed?"), "It belongs to procurement.")
    button("Remove the milestone")
    look("Estates")
    expect(page.get_by_text("Staff move in is removed; the history keeps it.")).to_be_visible()
    expect(page.get_by_text("It belongs to procurement.")).to_be_visible()
    assert not Milestone.objects.filter(name="Staff move in").exists()


@pytest.mark.parametrize("width", [1366, 320])
def test_a_milestone_lives_and_goes_by_keyboard_alone(
    portal: Portal, open_page: OpenPage, width: int
) -> None:
    page = portal.admit(open_page(width=width), MANAGER)

    walk(Keyboard(page), portal.url, with_axe=True)


def test_a_milestone_lives_and_goes_without_script_at_320_pixels(
    portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(width=320, height=640, script=False), MANAGER)

    walk(Mouse(page), portal.url, with_axe=False)
