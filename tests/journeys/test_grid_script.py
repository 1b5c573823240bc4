"""The grid under its own script: pasting, moving, totals, marks, leaving; and at every width."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import Locator, Page, expect

from savings.grid.amounts import pence_in
from savings.grid.sizes import size_in, text_of
from tests.conftest import OpenPage
from tests.serving import DCD, FINANCE, Portal
from tests.test_accessibility import RULES, Axe

pytestmark = pytest.mark.browser

GRID = f"{DCD}money/areas/ict/2018-19/grid/"
TEXTS = (
    *("", "5", "£1,234.50", "(500)", "-", "–", "£ -", "500-", "-500", "−5.5", "+5", "1 234", ".5"),
    *("1\u00a0234.5", "£-5", "-£5", "(£5.00)", "1859.1799999999998", "0.1", "12,34", "(5", "--5"),
    *("n/a", "1.005", "1e5", "£5£", "9999999999999", "10000000000001", "1,000,", "5 %", "\u200b7"),
    *("0.30000000000000004", "123456789012.345", "1234567890123.4549", "+(5)", "5.", "£", "1.2.3"),
)


@pytest.fixture
def page(portal_to_look_at: Portal, open_page: OpenPage) -> Page:
    page = portal_to_look_at.admit(
        open_page(permissions=["clipboard-read", "clipboard-write"]), FINANCE
    )
    page.goto(f"{portal_to_look_at.url}{GRID}approved/")
    return page


def boxes(page: Page) -> Locator:
    return page.locator("input.app-grid__box")


def paste(page: Page, into: Locator, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    into.focus()
    page.keyboard.press("Control+V")


def can_be_read(read: Callable[[str], object], text: str) -> bool:
    """Whether the portal reads it; a blank can be."""
    try:
        read(text)
    except ValidationError:
        return False
    return True


def test_an_amount_is_read_in_the_browser_as_it_is_by_the_portal(page: Page) -> None:
    found = page.evaluate(
        """texts => texts.map(text => {
            const box = document.querySelector("input.app-grid__box");
            const row = box.closest("tr");
            for (const each of row.querySelectorAll("input")) each.value = "";
            box.value = text;
            box.dispatchEvent(new Event("input", { bubbles: true }));
            return [!box.hasAttribute("aria-invalid"), row.lastElementChild.textContent];
        })""",
        list(TEXTS),
    )

    for text, (is_read, total) in zip(TEXTS, found, strict=True):
        assert is_read == can_be_read(pence_in, text), text
        pence = (pence_in(text) or 0) if is_read else 0
        shown = int("".join(each for each in total if each.isdigit()))
        assert (shown, "−" in total) == (abs(pence), pence < 0), text


def test_a_size_is_read_in_the_browser_as_it_is_by_the_portal(page: Page) -> None:
    page.goto(page.url.partition("areas/")[0] + "sizes/")
    page.get_by_role("link", name="Type or paste Police officers (FTE)").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    found = page.evaluate(
        """texts => texts.map(text => {
            const table = document.querySelector(".app-grid__table");
            const first = [...table.tBodies[0].rows].map(row => row.querySelector("input"));
            for (const each of first) each.value = "";
            first[0].value = text;
            first[0].dispatchEvent(new Event("input", { bubbles: true }));
            return [!first[0].hasAttribute("aria-invalid"), table.tFoot.querySelector("td").textContent];
        })""",
        list(TEXTS),
    )

    for text, (is_read, total) in zip(TEXTS, found, strict=True):
        assert is_read == can_be_read(size_in, text), text
        assert total == text_of((size_in(text) if is_read else None) or 0, 2), text


def test_a_paste_is_refused_whole_or_undone_and_arrows_and_enter_move(page: Page) -> None:
    first, last = boxes(page).first, boxes(page).nth(11)
    before = first.input_value()
    paste(page, last, "1\t2")
    expect(page.get_by_text("Nothing is pasted. 2 columns were copied, and 1 fit")).to_be_visible()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()

    paste(page, first, "1\t2.50\tsee note")
    expect(page.get_by_text("Pasted: 2 amounts, £3.50. 1 cell is not an amount")).to_be_visible()
    expect(page.get_by_text("not an amount", exact=True)).to_be_visible()
    expect(boxes(page).nth(2)).to_have_value("see note")
    page.get_by_role("button", name="Undo the paste").click()
    expect(first).to_have_value(before)
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()

    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(first).to_be_focused() if before else expect(boxes(page).nth(1)).to_be_focused()
    boxes(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(boxes(page).nth(13)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(boxes(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()


def test_leaving_with_changes_asks_and_sending_does_not(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    boxes(page).first.fill("5")
    expect(page.get_by_text("1 cell is changed.")).to_be_visible()

    page.get_by_role("link", name="Leave it as it is").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Plan by month")
    assert asked == ["beforeunload"]

    page.get_by_role("button", name="Check what this changes").click()
    expect(page.get_by_text("1 amount changes. Nothing has been saved yet.")).to_be_visible()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Change what I typed").click()
    expect(boxes(page).first).to_have_value("5")
    expect(page.get_by_text("1 cell is changed.")).to_be_visible()


def as_it_is(page: Page) -> None:
    """Filled with what is on record."""


def in_error(page: Page) -> None:
    boxes(page).first.fill("a very long text that is no amount at all, whoever reads it")
    page.get_by_role("button", name="Check what this changes").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def with_long_amounts(page: Page) -> None:
    for at in range(13):
        boxes(page).nth(at).fill("-9,876,543,210.12")
    for details in page.locator("main details").all():
        details.locator("summary").click()


def checked(page: Page) -> None:
    boxes(page).first.fill("9,876,543,210.12")
    page.get_by_role("button", name="Check what this changes").click()
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()


@pytest.mark.parametrize("do", [as_it_is, in_error, with_long_amounts, checked])
def test_it_keeps_every_rule_and_scrolls_in_nothing_at_any_width(
    page: Page, do: Callable[[Page], None]
) -> None:
    do(page)

    for width in (1366, 1024, 768, 320):
        page.set_viewport_size({"width": width, "height": 768})
        found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{width} px: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width < 1300:
            for region in page.locator(".app-grid__scroll").all():
                assert region.evaluate("each => each.scrollWidth <= each.clientWidth"), width
        clipped = page.evaluate(
            "[...document.querySelectorAll('input.app-grid__box')]"
            ".filter(e => e.scrollWidth > e.clientWidth && e.value.length < 20).map(e => e.value)"
        )
        assert clipped == [], width
