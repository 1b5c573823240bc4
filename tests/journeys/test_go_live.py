"""The programme manager takes an area in implementation live, then corrects its date.

In a real browser, against a real web server, with a real worker. Three times: with the mouse, by
keyboard alone, and without script at 320 pixels.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from business_areas.models import BusinessArea, MovedDate
from savings.models import PoolShare, RecomputeRequest
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, Portal
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.browser

MANAGER = "manager.dcd@portal.example"
AREA = f"{DCD}areas/procurement/"
WHY = "Each force keeps its own system until the contracts end in 2019."


def dorset() -> int:
    """Dorset's forecast savings less costs over all years, as stored, in pence."""
    rows = PoolShare.objects.filter(force__code="dorset", pool__version="FORECAST")
    return sum(
        pence if kind == "SAVING" else -pence
        for kind, pence in rows.values_list("pool__kind", "pence")
    )


def said_of_dorset(page: Page) -> int:
    """What the page says that the date does to Dorset over all years, in pence."""
    table = page.locator("main table", has_text="Forecast: what each force gains or loses")
    at = table.locator("thead th").all_inner_texts().index("Dorset")
    shown = table.locator("tfoot tr").locator("th, td").nth(at).inner_text()
    pence = int(re.sub(r"[^0-9]", "", shown))
    return -pence if "−" in shown else pence


def type_date(page: Page, hand: Mouse, *boxes: str) -> None:
    for label, text in zip(("Day", "Month", "Year"), boxes, strict=True):
        hand.fill(page.get_by_label(label, exact=True), text)


def wait_until_shares_follow() -> None:
    until(lambda: not RecomputeRequest.objects.exists(), "The shares did not follow.")


def put_right_what_is_missing(page: Page, hand: Mouse) -> None:
    """Processes are put in place on their own page; technology does not apply, with a reason."""
    expect(
        page.get_by_text(
            "Procurement cannot go live yet: processes are agreed but not in place; "
            "and technology is still in design."
        )
    ).to_be_visible()
    hand.press(page.get_by_role("link", name="Processes in place"))
    expect(page.locator("h1")).to_contain_text("Design")
    processes = page.get_by_role("group", name="Processes", exact=True)
    hand.tick(processes.get_by_label("In place", exact=True))
    hand.press(page.get_by_role("button", name="Save"))
    hand.press(page.get_by_role("link", name="Is it ready to go live?"))
    technology = page.locator("#need-TECHNOLOGY")
    hand.press(technology.locator("summary"))
    hand.fill(technology.get_by_label("Why “Technology in place” does not apply"), WHY)
    hand.press(technology.get_by_role("button", name="Mark as not applicable"))
    expect(page.get_by_text("“Technology in place” is marked as not applicable.")).to_be_visible()
    expect(technology.get_by_text(WHY)).to_be_visible()


@pytest.mark.parametrize("way", ["mouse", "keyboard", "without script"])
def test_an_area_is_taken_live_and_its_date_corrected(
    way: str, portal: Portal, celery_beat: None, open_page: OpenPage
) -> None:
    script = way != "without script"
    page = portal.admit(open_page(width=1366 if script else 320, script=script), MANAGER)
    hand = Keyboard(page) if way == "keyboard" else Mouse(page)
    wait_until_shares_follow()
    before = dorset()
    page.goto(portal.url + AREA)
    hand.press(page.get_by_role("link", name="Is it ready to go live?"))
    put_right_what_is_missing(page, hand)

    type_date(page, hand, "18", "december", "2017")
    hand.press(page.get_by_role("button", name="Continue"))
    expect(page.locator("h1")).to_have_text("Procurement Check before it goes live")
    expect(page.get_by_text("104 days earlier than approved").first).to_be_visible()
    said = said_of_dorset(page)
    assert said > 0
    assert not MovedDate.objects.exists()
    hand.press(page.get_by_role("button", name="Take Procurement live"))

    expect(page.locator("h1")).to_have_text("Procurement is live")
    if script:
        expect(page.get_by_text("shares follow its go-live and are up to date")).to_be_visible(
            timeout=PATIENCE * 1000
        )
    wait_until_shares_follow()
    assert dorset() - before == said
    assert (
        BusinessArea.objects.get(code="procurement", alliance__code=DCD.split("/")[2]).stage
        == "LIVE"
    )

    page.goto(portal.url + AREA)
    hand.press(page.get_by_role("link", name="Go-live", exact=True))
    hand.press(page.get_by_role("link", name="Correct this go-live"))
    hand.tick(page.get_by_label("It went live on another date"))
    type_date(page, hand, "27", "11", "2017")
    hand.fill(page.get_by_label("Why is it corrected?"), "The board minute says 27 November.")
    hand.press(page.get_by_role("button", name="Check what it changes"))
    expect(page.get_by_text("It went live on 27 November 2017, not on")).to_be_visible()
    more = said_of_dorset(page)
    hand.press(page.get_by_role("button", name="Save the correction"))

    expect(page.get_by_text("Since 27 November 2017")).to_be_visible()
    for words in ("18 December 2017 → 27 November 2017", "The board minute says 27 November."):
        expect(page.get_by_text(words)).to_be_visible()
    expect(
        page.get_by_role("heading", name="Actual date: 18 December 2017", exact=True)
    ).to_be_visible()
    wait_until_shares_follow()
    assert dorset() - before == said + more
