"""What every page with a table keeps at any width: figures whole, words whole, one thing that scrolls.

The samples stand for the usual; an alliance of twelve forces for tables wider than any window.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from programmes.models import Alliance, Role, User
from tests.conftest import OpenPage
from tests.serving import DCD, EAST_MIDLANDS, Portal
from tests.test_accessibility import twelve_forces

pytestmark = pytest.mark.browser

MANAGER = "manager.dcd@portal.example"
WIDTHS = (1366, 1024, 768, 320)
LAW = Path(__file__).with_name("tables_law.js").read_text(encoding="utf-8")
TWELVE = "/alliances/twelve/"
GO_LIVE = "areas/corporate-communications/milestones/corporate-communications-go-live/"
PAGES = [
    "/",
    DCD,
    *(f"{DCD}{path}" for path in ("changes/", "figures/", "statuses/", "about/", "areas/")),
    *(f"{DCD}statuses/{path}/budget/" for path in ("programme", "areas/fleet-services")),
    *(f"{DCD}areas/{path}/" for path in ("corporate-communications", "fleet-services")),
    f"{DCD}dates/?first=2017-10&last=2018-12",
    f"{DCD}dates/?first=2017-04&last=2018-04&tab=moved",
    *(f"{DCD}{GO_LIVE}{path}" for path in ("", "slippage/")),
    *(f"{DCD}{path}" for path in ("roadmap/", "areas/procurement/go-live/")),
    *(f"{DCD}money/{path}" for path in ("", "sizes/", "rules/", "runs/")),
    *(f"{DCD}money/settlement/{path}" for path in ("", "2016-17/", "2017-18/?version=forecast")),
    f"{DCD}money/?version=approved&kind=net&year=2019-20",
    f"{DCD}money/areas/roads-policing/2017-18/?version=forecast&kind=cost",
    *(f"{EAST_MIDLANDS}{path}" for path in ("", "areas/", "money/", "roadmap/")),
    *(f"{TWELVE}{path}" for path in ("", "money/", "money/sizes/", "money/settlement/2016-17/")),
]


@pytest.fixture(scope="module")
def portal(portal_to_look_at: Portal) -> Portal:
    """The samples and the twelve forces, all of which the manager may see."""
    manager = User.objects.get(email=MANAGER)
    for alliance in (twelve_forces(), Alliance.objects.get(code="east-midlands")):
        Role.objects.create(alliance=alliance, user=manager, kind=Role.Kind.PROGRAMME_MANAGER)
    return portal_to_look_at


def breaches(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 768})
    # What scripts measure after a change of size is told a frame later.
    page.wait_for_timeout(100)
    found: list[str] = page.evaluate(LAW)
    return [f"{width} px: {each}" for each in found]


@pytest.mark.parametrize("script", [True, False])
def test_on_every_page_figures_and_words_are_whole_and_one_thing_scrolls(
    portal: Portal, open_page: OpenPage, script: bool
) -> None:
    found = []
    page = portal.admit(open_page(script=script), MANAGER)
    for path in PAGES if script else PAGES[:6]:
        answer = page.goto(portal.url + path)
        assert answer and answer.status == 200, path
        found += [f"{path} at {each}" for width in WIDTHS for each in breaches(page, width)]

    assert not found, "\n".join(found)


def test_the_roadmap_can_be_read_in_the_windows_own_colours(
    portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(forced_colors="active", color_scheme="dark"), MANAGER)
    page.goto(f"{portal.url}{DCD}roadmap/")

    for part in page.locator(".app-roadmap__time").all()[:4]:
        colours = part.evaluate(
            "part => [getComputedStyle(part).backgroundColor, getComputedStyle(part).forcedColorAdjust]"
        )
        assert colours == ["rgb(255, 255, 255)", "none"]
