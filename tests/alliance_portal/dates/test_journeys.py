"""Dates in a real browser, on the sample alliance, with a real worker."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from business_areas.models import MovedDate
from savings.models import PoolShare, RecomputeRequest
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
PASSWORD = "alliance-demo"
ALLIANCE = "/alliances/devon-cornwall-dorset/"
GO_LIVE = f"{ALLIANCE}areas/corporate-communications/milestones/corporate-communications-go-live/"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def sample(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    # The test server finds files by their own names, not by those of the collected copies.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    call_command("load_samples", verbosity=0)
    until(lambda: not RecomputeRequest.objects.exists(), "The sample's shares were not worked out.")


def sign_in(page: Page, server: LiveServer, who: str = "manager.dcd") -> None:
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@portal.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/**")


def tab_to(page: Page, name: str) -> None:
    """Go on by keyboard alone to what is called so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText || '').trim() }"
        )
        if found == name:
            return
    pytest.fail(f"No way by keyboard to “{name}”.")


def dorset() -> dict[int, int]:
    """Dorset's forecast savings less costs by year, as stored."""
    totals: dict[int, int] = {}
    for year, kind, pence in PoolShare.objects.filter(
        force__code="dorset", pool__version="FORECAST"
    ).values_list("pool__year", "pool__kind", "pence"):
        totals[year] = totals.get(year, 0) + (pence if kind == "SAVING" else -pence)
    return totals


def shown_for_dorset(page: Page) -> dict[int, int]:
    """What the page says the new date does to Dorset, in pence by year."""
    table = page.locator("main table", has_text="Forecast: what each force gains or loses")
    at = table.locator("thead th").all_inner_texts().index("Dorset")
    found = {}
    for row in table.locator("tbody tr").all():
        cells = [cell.inner_text().strip() for cell in row.locator("th, td").all()]
        digits = int(re.sub(r"[^0-9]", "", cells[at]))
        found[int(cells[0][:4])] = -digits if "−" in cells[at] else digits
    return found


def test_a_go_live_is_put_back_three_months_and_the_screen_says_what_that_costs_dorset(
    sample: None, live_server: LiveServer, page: Page, celery_beat: None
) -> None:
    """Journey (a), by keyboard from the area's page to the last."""
    before = dorset()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{ALLIANCE}areas/corporate-communications/")
    page.get_by_role("table", name="Milestones").get_by_role(
        "link", name="Go live", exact=True
    ).click()
    expect(page.locator("h1")).to_have_text("Go live, Corporate communications")

    for box, typed in (("Day", "1"), ("Month", "4"), ("Year", "2019")):
        tab_to(page, box)
        page.keyboard.type(typed)
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Why does the date move later?")
    tab_to(page, "Design takes longer than planned")
    page.keyboard.press("ArrowDown")
    tab_to(page, "What happened")
    page.keyboard.type("The staff side asked for a further quarter.")
    tab_to(page, "See what it does to each force")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("What the new date does to each force")
    expect(page.get_by_text("1 January 2019 → 1 April 2019, 90 days later")).to_be_visible()
    said = shown_for_dorset(page)
    assert set(said) >= {2018, 2019, 2020}
    assert sum(said.values()) < 0
    assert not MovedDate.objects.exists()

    tab_to(page, "Save 1 April 2019")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Forecast date saved: 1 April 2019")
    expect(page.get_by_text("Each force’s shares have been worked out again.")).to_be_visible(
        timeout=PATIENCE * 1000
    )
    assert not RecomputeRequest.objects.exists()
    after = dorset()
    assert {year: after[year] - before[year] for year in after if after[year] != before[year]} == {
        year: pence for year, pence in said.items() if pence
    }
    page.goto(f"{live_server.url}{GO_LIVE}")
    expect(page.get_by_text("Forecast date: 1 January 2019 → 1 April 2019")).to_be_visible()
    expect(page.get_by_text("Consultation takes longer than planned.")).to_be_visible()


def test_what_slipped_last_month_is_found_and_sent_on_as_a_link(
    sample: None, live_server: LiveServer, open_page: OpenPage
) -> None:
    """Journey (d): the address holds everything, so a colleague sees the same."""
    manager = open_page()
    sign_in(manager, live_server)
    manager.get_by_role("link", name="Devon & Cornwall and Dorset").first.click()
    manager.get_by_role("link", name="Dates", exact=True).click()
    expect(manager.locator("h1")).to_have_text("Due in December 2017")
    manager.get_by_label("From").select_option("November 2017")
    manager.get_by_label("To", exact=True).select_option("November 2017")
    manager.get_by_role("button", name="Show").click()
    manager.get_by_role("link", name="Was due and has moved").click()
    expect(manager.locator("h1")).to_have_text("Was due in November 2017 and has moved")
    link = manager.url

    colleague = open_page(width=768, script=False)
    sign_in(colleague, live_server, "reader.dorset")
    colleague.goto(link)
    expect(colleague.locator("h1")).to_have_text("Was due in November 2017 and has moved")
    expect(colleague.locator("main table")).to_have_text(
        manager.locator("main table").all_text_contents()
    )


def test_the_whole_change_works_without_script_at_320_pixels(
    sample: None, live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(width=320, height=640, script=False)
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{GO_LIVE}")
    for box, typed in (("Day", "1"), ("Month", "october"), ("Year", "2018")):
        page.get_by_label(box).fill(typed)
    page.get_by_label("Provisional").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("People are in post sooner than planned").check()
    page.get_by_label("What happened").fill("Both teams are in post.")
    page.get_by_role("button", name="See what it does").click()
    page.get_by_role("button", name="Take 1 November 2018 instead").click()
    page.get_by_role("button", name="Save 1 November 2018").click()

    expect(page.locator("h1")).to_have_text("Forecast date saved: 1 November 2018")
    page.goto(f"{live_server.url}{GO_LIVE}")
    page.get_by_role("button", name="Confirm 1 November 2018").click()
    expect(page.get_by_text("1 November 2018 is confirmed.")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 320])
def test_every_page_is_accessible_and_fits(
    sample: None, live_server: LiveServer, open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    sign_in(page, live_server)

    def check() -> None:
        page.wait_for_load_state()
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    for address in ("dates/", "dates/?first=2030-01", "dates/?first=2017-11&tab=moved"):
        page.goto(f"{live_server.url}{ALLIANCE}{address}")
        check()
    page.goto(f"{live_server.url}{ALLIANCE}dates/?first=2017-13")
    check()
    page.goto(f"{live_server.url}{GO_LIVE}")
    check()
    page.get_by_role("button", name="Continue").click()
    check()
    for box, typed in (("Day", "1"), ("Month", "4"), ("Year", "2019")):
        page.get_by_label(box).fill(typed)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Why does the date move later?")
    check()
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check()
    page.get_by_label("Another reason").check()
    page.get_by_label("What happened").fill("W" * 400)
    page.get_by_role("button", name="See what it does").click()
    expect(page.locator("h1")).to_contain_text("What the new date does to each force")
    page.locator("summary", has_text="Costs and savings apart").first.click()
    check()
    page.get_by_role("button", name="Save 1 April 2019").click()
    expect(page.locator("h1")).to_have_text("Forecast date saved: 1 April 2019")
    check()
    for address in (GO_LIVE, f"{GO_LIVE}slippage/", f"{GO_LIVE}approved/"):
        page.goto(f"{live_server.url}{address}")
        check()
    page.goto(f"{live_server.url}{GO_LIVE}reason/?to=2020-01-01&seen=1")
    page.get_by_label("Another reason").check()
    page.get_by_label("What happened").fill("Typed on an old page.")
    page.get_by_role("button", name="See what it does").click()
    expect(page.locator("h1")).to_contain_text("Why does the date move")
    check()
