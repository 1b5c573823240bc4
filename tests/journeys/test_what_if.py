"""What if a force left, and if two became one: supposed, read beside today, taken on, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import EAST_MIDLANDS, Portal
from tests.test_accessibility import check

pytestmark = pytest.mark.browser
FINANCE_EM = "finance.em@portal.example"
LEAVES, MERGE = "Northamptonshire leaves", "Two become one"
HANDS = {"mouse": Mouse, "keyboard": Keyboard, "without script": Mouse}


def start(page: Page, hands: Mouse, portal: Portal, name: str) -> None:
    page.goto(f"{portal.url}{EAST_MIDLANDS}money/what-if/")
    hands.fill(page.get_by_label("Name"), name)
    hands.press(page.get_by_role("button", name="Start"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def on_1_april_2019(page: Page, hands: Mouse) -> None:
    hands.fill(page.get_by_label("Day"), "1")
    hands.fill(page.get_by_label("Month"), "April")
    hands.fill(page.get_by_label("Year"), "2019")
    hands.press(page.get_by_role("button", name="Add it to the what-if"))


@pytest.mark.parametrize("way", HANDS)
def test_a_force_leaves_or_two_become_one(portal: Portal, open_page: OpenPage, way: str) -> None:
    page = portal.admit(open_page(script=way != "without script"), FINANCE_EM)
    hands = HANDS[way](page)

    start(page, hands, portal, LEAVES)
    hands.press(page.get_by_role("link", name="That a force leaves"))
    hands.choose(page.get_by_label("Force"), "Northamptonshire Police")
    on_1_april_2019(page, hands)
    expect(page.get_by_text("Northamptonshire Police leaves on 1 April 2019").first).to_be_visible()
    net = page.get_by_role("table", name="Savings less costs")
    expect(net.get_by_role("row", name="Alliance")).to_contain_text("£0.00")
    leaver = net.get_by_role("row", name="Northamptonshire Police")
    expect(leaver).to_contain_text("+£24,343,350.42")

    start(page, hands, portal, MERGE)
    hands.press(page.get_by_role("link", name="That two forces become one"))
    hands.choose(page.get_by_label("First force"), "Leicestershire Police")
    hands.choose(page.get_by_label("Second force"), "Northamptonshire Police")
    on_1_april_2019(page, hands)
    one = page.get_by_role("row", name="Leicestershire and Northamptonshire")
    expect(one.first).to_contain_text("−£61,619,972.49")

    page.goto(f"{portal.url}{EAST_MIDLANDS}money/what-if/")
    for name in (LEAVES, MERGE):
        box = page.get_by_role("checkbox", name=name)
        box.check() if way != "keyboard" else (hands.reach(box), page.keyboard.press("Space"))
    hands.press(page.get_by_role("button", name="beside today"))
    beside = page.get_by_role("table", name="Savings less costs")
    expect(beside.get_by_role("row", name="Nottinghamshire Police")).to_contain_text("−£0.01")
    if way == "mouse":
        check(page)


def test_a_supposed_rule_is_taken_on_where_rules_are_set(
    portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), FINANCE_EM)
    start(page, Mouse(page), portal, "In equal parts")
    page.get_by_role("link", name="Another sharing rule").click()
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Month", exact=True).fill("April")
    page.get_by_label("Year", exact=True).fill("2019")
    page.get_by_label("Equal shares").check()
    page.get_by_role("button", name="Add it to the what-if").click()

    page.get_by_role("link", name="Make this change").click()
    expect(page.get_by_label("Equal shares")).to_be_checked()
    expect(page.get_by_label("Year", exact=True).first).to_have_value("2019")
    page.go_back()
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    page.get_by_role("button", name="Take this what-if away").click()
    expect(page.get_by_text("In equal parts is taken away.")).to_be_visible()
