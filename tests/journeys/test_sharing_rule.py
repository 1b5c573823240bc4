"""A rule is superseded from a date, in a real browser: typed, priced, saved with why, and on the list."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser


def test_a_rule_is_superseded_from_a_date(portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), FINANCE)
    page.goto(f"{portal.url}{DCD}money/rules/")
    page.get_by_role("link", name="Supersede the rule of the whole alliance").last.click()

    page.get_by_label("Day").first.fill("1")
    page.get_by_label("Month").first.fill("April")
    page.get_by_label("Year").first.fill("2019")
    page.get_by_label("Stated percentages").check()
    page.get_by_label("Stated percentage of Devon & Cornwall Police").fill("70")
    page.get_by_label("Stated percentage of Dorset Police").fill("29")
    page.get_by_label("Agreed by, or where it is written").fill("Alliance board, minute 14")
    page.get_by_role("button", name="Check what this changes").click()
    page.get_by_text("they must add up to 100").first.wait_for()

    page.get_by_label("Stated percentage of Dorset Police").fill("30")
    page.get_by_role("button", name="Check what this changes").click()
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    table = page.get_by_role("table", name="Forecast: what each force gains or loses")
    expect(table.get_by_role("row", name="2019/20")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("The board agreed round figures from 2019")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("The whole alliance: the sharing rule is set.")).to_be_visible()
    row = page.get_by_role("row", name="From 1 April 2019")
    expect(row).to_contain_text("Dorset Police 30%")
    expect(page.get_by_text("The board agreed round figures from 2019")).to_be_visible()
