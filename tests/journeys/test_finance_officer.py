"""The finance officer's journey: a figure, its working, a new size, and the shares that follow.

In a real browser, against a real web server, with a real worker. Three times: with the mouse, by
keyboard alone, and without script.
"""

import csv
import os
import re
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from programmes.models import Change, ForceSize
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, EAST_MIDLANDS, FINANCE, PASSWORD, READER, Portal
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.dialect]

Worker = subprocess.Popen[bytes]
YEAR = "2018/19"
# Officers on 31 March 2018: 2,958.98 ÷ 4,222.28 and 1,263.30 ÷ 4,222.28.
SIZES = {"Devon & Cornwall Police": "2958.98", "Dorset Police": "1263.30"}
PERCENTAGES = {"Devon & Cornwall Police": "70.0801%", "Dorset Police": "29.9199%"}


@contextmanager
def held_up(worker: Worker) -> Iterator[None]:
    """The worker does nothing meanwhile, so that a page can be seen to be behind."""
    os.killpg(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGCONT)


def sign_in(page: Page, hand: Mouse, portal: Portal, email: str) -> None:
    page.goto(portal.url)
    expect(page).to_have_title(re.compile("^Sign in"))
    hand.fill(page.get_by_label("Email", exact=True), email)
    hand.fill(page.get_by_label("Password", exact=True), PASSWORD)
    hand.press(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", name="Your alliances")).to_be_visible()


def open_savings_of(page: Page, hand: Mouse, year: str) -> None:
    hand.choose(page.get_by_label("Financial year", exact=True), year)
    hand.press(page.get_by_role("button", name="Show", exact=True))
    expect(by_area(page)).to_be_visible()


def by_area(page: Page) -> Locator:
    return page.get_by_role("table", name=f"{YEAR} by business area")


def totals_on(page: Page) -> list[Decimal]:
    """Each force's total of the year, then the alliance's, in pounds."""
    cells = by_area(page).locator("tfoot td").all_inner_texts()
    return [Decimal(cell.replace("£", "").replace(",", "")) for cell in cells]


def record(page: Page, hand: Mouse) -> None:
    """Type both forces' sizes of 31 March 2018 and go on to what they move together."""
    hand.press(page.get_by_role("link", name="Force sizes").first)
    hand.press(page.get_by_role("button", name="Record sizes"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Police officers (FTE)")
    for part, typed in (("Day", "31"), ("Month", "3"), ("Year", "2018")):
        hand.fill(page.get_by_label(part, exact=True), typed)
    for force, size in SIZES.items():
        hand.fill(page.get_by_label(force, exact=True), size)
    hand.fill(
        page.get_by_label("Source", exact=True), "Home Office, Police workforce, 31 March 2018"
    )
    hand.press(page.get_by_role("button", name="See what it moves"))
    expect(page.get_by_role("heading", name="What these sizes move")).to_be_visible()
    for version in ("Approved", "Forecast"):
        moved = page.get_by_role("table", name=f"{version}: what each force gains or loses")
        expect(moved.get_by_role("row", name="2018/19")).to_be_visible()


def save(page: Page, hand: Mouse) -> None:
    expect(page.get_by_text("31 March 2018 is still to come.").first).to_be_visible()
    hand.tick(page.get_by_label("These figures are right"))
    hand.press(page.get_by_role("button", name="Save these sizes"))
    expect(page.get_by_text("31 March 2018: the figures of 2 forces are recorded.")).to_be_visible()


def look_at_a_working(page: Page, hand: Mouse) -> None:
    """From a force's figure to one amount's steps, in two clicks, and back."""
    figure = by_area(page).get_by_role("link", name="Fleet services, Dorset: how it was worked out")
    hand.press(figure)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fleet services, 2018 to 2019")
    hand.press(page.get_by_role("link", name="May 2018: how it was worked out").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("shared between 2 forces")
    expect(page.get_by_text("The odd penn")).to_be_visible()
    hand.press(page.get_by_role("link", name="Apportioned savings"))


def wait_until_up_to_date(page: Page, hand: Mouse, *, script: bool) -> None:
    """See the strip go: by itself, or by asking again."""
    late = page.locator(".app-behind:not(.app-behind--done)")
    if script:
        expect(late).to_have_count(0, timeout=PATIENCE * 1000)
        return
    until = time.monotonic() + PATIENCE
    while late.count() and time.monotonic() < until:
        hand.press(page.get_by_role("link", name="Check again"))
    expect(late).to_have_count(0)


def downloaded(page: Page, hand: Mouse, name: str, into: Path) -> Path:
    with page.expect_download() as waiting:
        hand.press(page.get_by_role("link", name=name))
    path = into / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def savings_by_force(rows: list[dict[str, str]]) -> list[Decimal]:
    """Each force's savings in order of first row, then all."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["kind"] == "saving":
            found[row["force"]] += Decimal(str(row["share"]))
    return [*found.values(), sum(found.values(), Decimal(0))]


def exported(into: Path) -> Path:
    path = into / "exported.csv"
    asked = {"year": YEAR, "version": "forecast", "output": str(path)}
    call_command("export_shares", "devon-cornwall-dorset", **asked, stderr=StringIO())
    return path


def rows_of_sheet(path: Path) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    names, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, names), line, strict=True)) for line in lines]


def withdraw_dorsets(page: Page) -> None:
    """The figure is struck, and the one before counts again."""
    page.get_by_role("link", name="Apportioned savings").first.click()
    page.get_by_role("link", name="Force sizes").first.click()
    page.get_by_role("link", name="Withdraw Police officers (FTE) of 31 March 2018").click()
    page.get_by_label("Dorset Police: 1,263.3 (Home Office, Police workforce").check()
    page.get_by_role("button", name="See what it moves").click()
    expect(page.get_by_role("heading", name="What withdrawing this size moves")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("It is the figure of another force")
    page.get_by_role("button", name="Withdraw this size").click()
    expect(page.get_by_text("the figure of Dorset Police is withdrawn.")).to_be_visible()
    row = page.get_by_role("row", name="31 March 2018")
    expect(row.locator("s")).to_have_text("1,263.30")
    expect(row).to_contain_text("It is the figure of another force")


@pytest.mark.parametrize("way", ["mouse", "keyboard", "no script"])
def test_a_new_size_is_recorded_and_its_shares_are_seen_and_downloaded(
    way: str,
    portal: Portal,
    celery_worker: Worker,
    celery_beat: None,
    open_page: OpenPage,
    tmp_path: Path,
) -> None:
    script = way != "no script"
    page = open_page(script=script)
    hand = Keyboard(page) if way == "keyboard" else Mouse(page)
    sign_in(page, hand, portal, FINANCE)
    hand.press(page.get_by_role("link", name="Devon & Cornwall and Dorset", exact=True))
    hand.press(page.get_by_role("link", name="Money"))
    open_savings_of(page, hand, YEAR)
    before = totals_on(page)
    look_at_a_working(page, hand)

    record(page, hand)
    with held_up(celery_worker):
        save(page, hand)
        open_savings_of(page, hand, YEAR)
        expect(page.get_by_text("Behind.")).to_be_visible()
        expect(by_area(page).get_by_text("behind").first).to_be_visible()
        if script:
            page.evaluate("window.isTheSamePage = true")
    wait_until_up_to_date(page, hand, script=script)

    if script:
        expect(page.get_by_text("Up to date.")).to_be_visible()
        assert page.evaluate("window.isTheSamePage")
    expect(by_area(page).get_by_text("behind")).to_have_count(0)
    after = totals_on(page)
    assert after[-1] == before[-1] == after[0] + after[1]
    assert after[0] != before[0]
    sheet = downloaded(page, hand, "As a spreadsheet", tmp_path)
    file = downloaded(page, hand, f"Every share of {YEAR} as CSV", tmp_path)
    assert file.read_bytes() == exported(tmp_path).read_bytes()
    assert savings_by_force(list(csv.DictReader(StringIO(file.read_text("utf-8"))))) == after
    assert [round(each, 2) for each in savings_by_force(rows_of_sheet(sheet))] == after
    hand.press(by_area(page).get_by_role("link", name="Fleet services", exact=True))
    for force, percentage in PERCENTAGES.items():
        expect(page.get_by_role("row", name=force)).to_contain_text(percentage)
    assert ForceSize.objects.filter(recorded_by__email=FINANCE).count() == 2
    assert Change.objects.filter(kind=Change.Kind.SIZE, made_by__email=FINANCE).count() == 1
    if way == "mouse":
        withdraw_dorsets(page)


def test_dorsets_reader_sees_the_figures_but_not_the_east_midlands_nor_the_form(
    portal: Portal, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, Mouse(page), portal, READER)

    page.get_by_role("link", name="Devon & Cornwall and Dorset", exact=True).click()
    page.get_by_role("link", name="Money").click()
    expect(page.get_by_role("heading", name="Apportioned savings")).to_be_visible()
    page.get_by_role("link", name="Force sizes").click()
    expect(page.get_by_role("button", name="Record sizes")).to_have_count(0)
    refused = page.goto(f"{portal.url}{DCD}money/sizes/record/")
    assert refused is not None and refused.status == 403
    expect(page.get_by_text("your role does not let you record force sizes")).to_be_visible()
    missing = page.goto(f"{portal.url}{EAST_MIDLANDS}money/")
    assert missing is not None and missing.status == 404
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
