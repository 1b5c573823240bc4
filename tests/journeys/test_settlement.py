"""A year is settled in a real browser: proposed, disputed, corrected, proposed again, agreed, paid."""

import pytest
from playwright.sync_api import Page, expect

from programmes.models import Alliance
from savings import recompute, services
from savings.models import Amount
from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE_DEVON, FINANCE_DORSET, Portal
from tests.test_accessibility import check

pytestmark = pytest.mark.browser
YEAR = f"{DCD}money/settlement/2016-17/"


def correct_the_july_invoice() -> None:
    """Dorset's cost of fleet services in July was £1,000.00 less."""
    amount = Amount.objects.filter(
        item__area__code="fleet-services",
        item__kind="COST",
        version="ACTUAL",
        year=2016,
        starts_on__month=7,
        borne_by__code="dorset",
    ).earliest("pk")
    amount.pence -= 1_000_00
    services.save_amount(amount=amount, by=None)
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test")


def propose(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}{YEAR}")
    page.get_by_role("button", name="Propose this settlement").click()
    page.get_by_role("button", name="Propose it").click()


def agree(page: Page, force: str) -> None:
    page.get_by_role("button", name=f"Agree for {force}").click()
    expect(page.get_by_label(force)).to_be_checked()
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text(f"{force} has agreed to version 2.")).to_be_visible()


def test_a_year_is_proposed_disputed_corrected_agreed_and_paid(
    portal: Portal, open_page: OpenPage
) -> None:
    devon = portal.admit(open_page(), FINANCE_DEVON)
    dorset = portal.admit(open_page(script=False), FINANCE_DORSET)

    propose(devon, portal)
    expect(devon.get_by_text("Version 1 is proposed.")).to_be_visible()
    expect(devon.get_by_text("Devon & Cornwall pays Dorset £1,566,025.13").first).to_be_visible()

    dorset.goto(f"{portal.url}{YEAR}versions/1/")
    dorset.get_by_role("link", name="the costs of Fleet services").click()
    expect(dorset.get_by_role("table", name="At stake")).to_contain_text("£352,776.08")
    dorset.get_by_label("An amount").check()
    dorset.get_by_label("What is wrong").fill("The July invoice is counted twice")
    dorset.get_by_label("Who sees to it").fill("The fleet accountant")
    dorset.get_by_role("button", name="Dispute it").click()
    expect(dorset.get_by_role("table", name="In dispute")).to_contain_text("counted twice")

    correct_the_july_invoice()
    devon.reload()
    check(devon)  # overtaken, with a line in dispute
    devon.get_by_role("link", name="the savings of Fleet services").click()
    devon.get_by_role("button", name="Dispute it").click()
    expect(devon.get_by_text("Say what is wrong").first).to_be_visible()
    check(devon)  # with mistakes
    dorset.reload()
    expect(dorset.get_by_text("Overtaken:")).to_be_visible()
    expect(dorset.get_by_role("table", name="In dispute")).to_contain_text("counted twice")

    propose(devon, portal)
    expect(devon.get_by_text("Version 2 is proposed.")).to_be_visible()
    moved = devon.get_by_role("table", name="What moved since the version before")
    expect(moved.get_by_role("row")).to_have_count(3)
    expect(moved).to_contain_text("Fleet services, costs")

    check(devon)  # with what moved
    agree(devon, "Devon & Cornwall Police")
    dorset.goto(f"{portal.url}{YEAR}versions/2/")
    agree(dorset, "Dorset Police")
    to_pay = dorset.get_by_role("table", name="To pay")
    expect(to_pay).to_contain_text("Police and Crime Commissioner (Devon & Cornwall)")
    dorset.get_by_role("link", name="Record it as paid").click()
    for part, typed in (("Day", "15"), ("Month", "6"), ("Year", "2017")):
        dorset.get_by_label(part, exact=True).fill(typed)
    dorset.get_by_label("Reference").fill("BACS 20170615")
    dorset.get_by_role("button", name="Record it as paid").click()
    expect(dorset.get_by_text("Agreed and settled.")).to_be_visible()
    paid = dorset.get_by_role("table", name="Paid for the year")
    expect(paid).to_contain_text("BACS 20170615")
    expect(paid).to_contain_text("15 June 2017")
    devon.reload()
    check(devon)  # settled
