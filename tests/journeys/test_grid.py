"""Next year's forecast of twelve items goes in from a spreadsheet: by mouse, by keyboard, without script."""

import pytest
from playwright.sync_api import Page, expect

from business_areas.models import BusinessArea
from programmes.models import Change
from savings.engine.periods import months_of
from savings.models import Amount, Item
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, FINANCE, Portal

pytestmark = pytest.mark.browser

NEXT_YEAR = 2018
TWELVE = range(1, 13)
HEADS = "\t".join(["Item", *(f"{month:%b-%y}" for month in months_of(NEXT_YEAR))])


@pytest.fixture
def items(portal: Portal) -> list[Item]:
    """Twelve items of Dogs without amounts, first in its list."""
    area = BusinessArea.objects.get(code="dogs", alliance__code="devon-cornwall-dorset")
    return Item.objects.bulk_create(
        Item(
            alliance_id=area.alliance_id,
            area=area,
            code=f"dogs-cost-{n}",
            name=f"A cost {n:02}",
            kind="COST",
            recurrence="RECURRING",
        )
        for n in TWELVE
    )


def pounds(item: int, month: int) -> str:
    return f"£{1000 + item:,}.{month:02}"


BLOCK = "\r\n".join("\t".join(pounds(n, month) for month in TWELVE) for n in TWELVE)
# In another order, by codes and months at the head.
BY_CODES = "\n".join(
    [
        HEADS,
        *(f"dogs-cost-{n}\t" + "\t".join(pounds(n, m) for m in TWELVE) for n in reversed(TWELVE)),
    ]
)
TOTAL = sum((1000 + n) * 100 + month for n in TWELVE for month in TWELVE)
SAID = "144 amounts, £144,945.36."


def save(page: Page, hand: Mouse) -> None:
    hand.press(page.get_by_role("button", name="Check what this changes"))
    expect(page.get_by_text("144 amounts change. Nothing has been saved yet.")).to_be_visible()
    expect(page.get_by_role("row", name="Costs, net of grants")).to_contain_text("+£144,945.36")
    expect(page.get_by_role("row", name="A cost 12").first).to_contain_text("+£12,144.78")
    hand.fill(page.get_by_label("Why", exact=True), "The budget of next year")
    hand.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("144 amounts are saved.")).to_be_visible()

    found = Amount.objects.filter(item__code__startswith="dogs-cost-", version="FORECAST")
    assert sum(found.values_list("pence", flat=True)) == TOTAL
    change = Change.objects.latest("pk")
    assert (change.kind, change.reason) == ("AMOUNT", "The budget of next year")


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_next_years_forecast_of_twelve_items_is_pasted(
    way: type[Mouse], portal: Portal, items: list[Item], open_page: OpenPage
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    hand = way(portal.admit(page, FINANCE))
    page.goto(f"{portal.url}{DCD}money/items/")
    hand.choose(page.get_by_label("Enter the months of an area’s items"), "Dogs")
    hand.press(page.get_by_role("button", name="Open the months"))
    hand.press(page.get_by_role("link", name="2018/19"))
    first = page.get_by_label("A cost 01, April 2018")
    expect(first).to_be_visible()
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)

    hand.reach(first) if isinstance(hand, Keyboard) else first.click()
    page.keyboard.press("Control+V")

    expect(page.get_by_text(f"Pasted: {SAID}")).to_be_visible()
    expect(page.get_by_text("144 cells are changed.")).to_be_visible()
    expect(page.get_by_label("A cost 12, March 2019")).to_have_value("1,012.12")
    save(page, hand)


def test_without_script_the_same_rows_go_in_by_a_box(
    portal: Portal, items: list[Item], open_page: OpenPage
) -> None:
    page = portal.admit(open_page(script=False), FINANCE)
    page.goto(f"{portal.url}{DCD}money/areas/dogs/2018-19/grid/forecast/")
    page.get_by_text("Paste rows from a spreadsheet").click()
    page.get_by_label("Paste rows here").fill(BY_CODES)

    page.get_by_role("button", name="Fill in the rows").click()

    expect(page.get_by_text(SAID)).to_be_visible()
    expect(page.get_by_label("A cost 12, March 2019")).to_have_value("1,012.12")
    save(page, Mouse(page))
