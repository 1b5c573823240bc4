"""From a figure to why it moved, to the change, its reason and person; by keyboard without script too."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from business_areas.models import Milestone
from business_areas.services import reschedule
from programmes.models import Alliance, User
from savings import recompute
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, FINANCE, Portal

pytestmark = [pytest.mark.browser, pytest.mark.dialect]

REASON = "Technology is not ready"
DETAILS = "The supplier needs a further quarter."


def move_a_go_live() -> Milestone:
    """A go-live that money starts from, three months later."""
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")
    go_lives = Milestone.objects.filter(alliance=alliance, kind="GO_LIVE", actual_on=None)
    found = go_lives.filter(items__full_year_pence__gt=0).order_by("pk").distinct()[0]
    assert found.due_on and alliance.held_on
    reschedule(
        milestone=found,
        to=found.due_on + timedelta(days=92),
        reason=REASON,
        details=DETAILS,
        by=User.objects.get(email="manager.dcd@portal.example"),
        day=alliance.held_on or date.today(),
    )
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="")
    return found


def pounds(cells: Locator) -> list[Decimal]:
    written = [
        text.replace("£", "").replace(",", "").replace("−", "-") for text in cells.all_inner_texts()
    ]
    return [Decimal(text.removeprefix("+")) for text in written]


def look(page: Page, hand: Mouse, url: str, milestone: Milestone) -> None:
    page.goto(f"{url}{DCD}money/?version=forecast")
    hand.press(page.get_by_role("link", name="why? What moved all years together"))
    table = page.get_by_role("table", name=re.compile("cause by cause"))
    expect(table).to_be_visible()
    rows = [
        pounds(row.locator("td")) for row in table.locator("tr").all() if row.locator("td").count()
    ]
    start, *causes, difference, end = rows
    assert [sum(column) for column in zip(*causes, strict=True)] == difference
    assert [a + b for a, b in zip(start, difference, strict=True)] == end
    assert difference[-1] < 0
    assert milestone.area
    hand.press(table.get_by_role("link", name=milestone.area.name))
    expect(page.get_by_role("heading", level=1)).to_contain_text(milestone.area.name)
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect(page.get_by_role("main")).to_contain_text(DETAILS)
    expect(page.get_by_role("main")).to_contain_text("Sample Programme Manager")
    expect(page.get_by_role("table", name=re.compile("What it moved"))).to_be_visible()


def test_a_figure_opens_to_why_it_moved_and_that_to_the_change(
    portal: Portal, open_page: OpenPage
) -> None:
    milestone = move_a_go_live()
    drawn = portal.admit(open_page(), FINANCE)
    look(drawn, Mouse(drawn), portal.url, milestone)
    drawn.go_back()
    expect(drawn.locator("#chart-why-it-moved svg")).to_be_visible()

    plain = portal.admit(open_page(script=False, width=320), FINANCE)
    look(plain, Keyboard(plain), portal.url, milestone)
