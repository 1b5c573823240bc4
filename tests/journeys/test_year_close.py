"""A year is closed by two people in a real browser, a size is restated, and what it makes of it posted."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from programmes.models import Alliance, SizeMeasure
from programmes.services import record_size
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard, Mouse
from tests.serving import DCD, FINANCE_DEVON, FINANCE_DORSET, Portal
from tests.test_accessibility import check

pytestmark = pytest.mark.browser
YEAR = f"{DCD}money/years/2016-17/"


def restate_dorset() -> None:
    """Dorset had 1,223.66 officers on 31 March 2016, not 1,223.16."""
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")
    record_size(
        force=alliance.forces.get(code="dorset"),
        measure=SizeMeasure.objects.get(alliance=alliance, name="Police officers (FTE)"),
        effective_on=date(2016, 3, 31),
        value=Decimal("1223.66"),
        source="Home Office, as restated on 12 July",
        by=None,
    )


def close(devon: Mouse, dorset: Mouse) -> None:
    """Devon & Cornwall asks, Dorset confirms."""
    devon.press(devon.page.get_by_role("button", name="Ask to close 2016/17"))
    devon.press(devon.page.get_by_role("button", name="Ask for it"))
    expect(
        devon.page.get_by_text("Say why the year is closed with what is left open").first
    ).to_be_visible()
    note = devon.page.get_by_label("Note to the other forces")
    devon.fill(note, "Settled and paid before the portal came")
    devon.press(devon.page.get_by_role("button", name="Ask for it"))
    expect(devon.page.get_by_text("You asked for Devon & Cornwall Police")).to_be_visible()
    dorset.page.reload()
    expect(dorset.page.get_by_text("Settled and paid before the portal came")).to_be_visible()
    dorset.press(dorset.page.get_by_role("button", name="Confirm for Dorset Police"))
    frozen = dorset.page.get_by_role("table", name="Each force, 2016/17")
    expect(frozen).to_contain_text("£10,839,254.65")
    dorset.press(dorset.page.get_by_role("button", name="Close the year"))
    expect(dorset.page.get_by_text("2016/17 is closed. Its figures stay")).to_be_visible()


@pytest.mark.parametrize("by", ["mouse", "keyboard", "mouse without script"])
def test_a_year_is_closed_and_what_came_to_light_is_posted(
    portal: Portal, open_page: OpenPage, by: str
) -> None:
    hands = Keyboard if by == "keyboard" else Mouse
    script = "without" not in by

    def admit(email: str) -> Mouse:
        page: Page = portal.admit(open_page(script=script), email)
        page.goto(f"{portal.url}{YEAR}")
        expect(page.get_by_role("heading", level=1)).to_have_text("2016 to 2017 is open")
        return hands(page)

    devon, dorset = admit(FINANCE_DEVON), admit(FINANCE_DORSET)
    close(devon, dorset)

    restate_dorset()
    page = dorset.page
    page.goto(f"{portal.url}{YEAR}")
    expect(
        page.get_by_text("costs due: frozen £10,839,254.65. On today’s evidence")
    ).to_be_visible()
    causes = page.get_by_role("table", name="Why: what each cause brings each force")
    expect(causes).to_contain_text("restated from 1,223.16 to 1,223.66")
    if script:
        check(page)
    dorset.press(page.get_by_role("button", name="Post it in an open year"))
    expect(page.get_by_label("2017/18")).to_be_checked()
    dorset.fill(page.get_by_label("Why it is posted"), "The board agreed on 12 July")
    dorset.press(page.get_by_role("button", name="Post it", exact=True))
    expect(page.get_by_text("The adjustment is posted in 2017/18.")).to_be_visible()
    expect(page.get_by_text("All of it is posted.")).to_be_visible()
    posted = page.get_by_role("table", name="Adjustments posted")
    dorset.press(posted.get_by_role("link", name="2017/18", exact=True))
    expect(page.get_by_role("table", name="Each force, 2017/18")).to_contain_text("Adjustments")
