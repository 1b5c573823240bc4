"""Who bore a year's amounts, from the settlement, in a real browser: chosen, checked, and saved."""

import pytest
from playwright.sync_api import expect

from programmes.models import Change
from savings.models import Amount
from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser


def test_who_bore_a_years_amounts_is_recorded_from_the_settlement(
    portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), FINANCE)
    page.goto(f"{portal.url}{DCD}money/settlement/2016-17/?version=forecast")
    page.get_by_role("link", name="Record it for ICT").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Record who bore it")
    page.get_by_label("Borne by", exact=True).select_option(label="Dorset Police")
    page.get_by_label("Forecast, borne by nobody on record: £623,437.64").first.check()
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()
    expect(page.get_by_text("No force’s share of any amount changes.")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("The ledger of Dorset Police")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("who bore it is recorded.")).to_be_visible()
    ict = Amount.objects.filter(item__area__code="ict", year=2016, item__kind="GRANT")
    assert ict.filter(version="FORECAST", borne_by__code="dorset").exists()
    assert Change.objects.latest("pk").reason == "The ledger of Dorset Police"
