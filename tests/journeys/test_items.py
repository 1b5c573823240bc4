"""An item is found, read, added with its price, and told of, in a real browser."""

import pytest
from playwright.sync_api import expect

from savings.models import Item
from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser


def test_an_item_is_found_and_another_is_added(portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), FINANCE)
    page.goto(f"{portal.url}{DCD}money/")
    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_label("Search").fill("vehicles surplus")
    page.get_by_label("Financial year").select_option(label="2017/18")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("row", name="Sale of surplus vehicles")).to_contain_text("£145,343.00")
    page.get_by_role("link", name="Sale of surplus vehicles").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sale of surplus vehicles")
    expect(page.get_by_role("row", name="2017/18, together")).to_contain_text("£145,343.00")

    page.get_by_role("link", name="Items", exact=True).first.click()
    page.get_by_label("Add an item to an area").select_option(label="Dogs")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name", exact=True).fill("Shared kennels")
    page.get_by_label("Saving", exact=True).check()
    page.get_by_label("Recurring", exact=True).check()
    start = page.get_by_label("Starts with")
    start.select_option(index=1)
    page.get_by_label("Value of a full year").fill("12,000")
    page.get_by_label("Percentages of it, year by year").fill("100")
    page.get_by_role("button", name="Check what this changes").click()
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    moved = page.get_by_role("table", name="Forecast: what each force gains or loses")
    expect(moved.get_by_role("row", name="2018/19")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("The kennels close")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("the item is added.")).to_be_visible()
    expect(page.get_by_text("The kennels close")).to_be_visible()
    assert Item.objects.get(code="dogs-shared-kennels").full_year_pence == 12_000_00
