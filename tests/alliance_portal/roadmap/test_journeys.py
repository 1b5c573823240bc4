"""The roadmap in a real browser: by keyboard, without script, narrow, on paper, and kept as a picture."""

import re
import struct
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from defusedxml import ElementTree
from playwright.sync_api import Page, expect

from programmes.models import Alliance, Role, User
from tests.alliance_portal.roadmap.conftest import LONG, area, milestone
from tests.conftest import OpenPage
from tests.journeys.hands import Keyboard
from tests.scenes import a_scene
from tests.serving import DCD, READER, Portal

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}
A3_LANDSCAPE = (420, 297)
POINTS = 72 / 25.4
ESTATES = re.compile(r"^Estates: go-live is forecast for 1 July 2018, 91 days later than approved")


@pytest.fixture(scope="module")
def portal(portal_to_look_at: Portal) -> Portal:
    """The samples, and an alliance with long names, dates far apart and many on one day."""
    scene = a_scene("long")
    Alliance.objects.filter(code="long").update(name=LONG, held_on=date(2017, 12, 31))
    for n in range(60):
        one = area(scene, f"area-{n}", name=f"{n} {LONG}"[:200], lead_force=scene.north)
        for kind in ("BUSINESS_CASE", "CONSULTATION", "DECISION", "OTHER"):
            milestone(one, LONG[:200], kind, forecast_on=date(1990 + n, 5, 1))
        milestone(
            one, LONG[:200], "GO_LIVE", approved_on=date(2018, 5, 1), forecast_on=date(2099, 1, 1)
        )
    Role.objects.create(
        alliance=scene.alliance, user=User.objects.get(email=READER), kind=Role.Kind.PANEL_MEMBER
    )
    return portal_to_look_at


def opened(
    portal: Portal, open_page: OpenPage, path: str = f"{DCD}roadmap/", **window: object
) -> Page:
    page = portal.admit(open_page(**window), READER)
    page.goto(portal.url + path)
    return page


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_the_keyboard_reaches_a_mark_and_opens_its_milestone(
    portal: Portal, open_page: OpenPage
) -> None:
    page = opened(portal, open_page)
    mark = page.get_by_role("link", name=ESTATES)

    Keyboard(page).reach(mark)
    assert mark.locator(".app-roadmap__focus").evaluate("it => getComputedStyle(it).fill") == (
        "rgb(255, 221, 0)"
    )
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("areas/estates/milestones/estates-go-live/"))


def test_the_keyboard_reaches_a_bar_and_opens_its_area(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page)

    Keyboard(page).press(page.get_by_role("link", name=re.compile("^Fleet services: live; work")))

    expect(page.get_by_role("heading", level=1)).to_have_text("Fleet services")


def test_the_drawing_can_be_skipped(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page)

    Keyboard(page).press(page.get_by_role("link", name="Skip the drawing: the same as a table"))

    expect(page.get_by_role("heading", name="The same as a table")).to_be_focused()


def test_the_axis_stays_while_a_long_roadmap_scrolls(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page)

    page.get_by_role("link", name="Events and public order").first.scroll_into_view_if_needed()

    expect(page.get_by_text("31 December 2017", exact=True).last).to_be_in_viewport()


@pytest.mark.parametrize("width", [1366, 320])
def test_without_script_the_drawing_and_the_table_are_there(
    portal: Portal, open_page: OpenPage, width: int
) -> None:
    page = opened(portal, open_page, width=width, script=False)

    expect(page.get_by_role("link", name=ESTATES)).to_be_visible()
    expect(page.get_by_role("rowheader", name="Estates")).to_be_visible()
    expect(page.get_by_role("button", name="Picture (PNG)")).to_be_hidden()
    page.get_by_text("Choose areas, months and grouping").click()
    page.get_by_label("Stage", exact=True).select_option(label="Implementation")
    page.get_by_label("Group by").select_option(label="Lead force")
    page.get_by_label("From").select_option(label="January 2018")
    page.get_by_role("button", name="Show").click()
    asked = "&stage=IMPLEMENTATION&category=&force=&status=&owner=&show=&group=force&first=2018-01&last="
    expect(page).to_have_url(re.compile(f"{asked}$"))
    expect(page.get_by_role("rowheader", name="Legal services")).to_be_visible()
    assert width_of(page) <= width


def test_at_320_pixels_the_names_stay_while_the_drawing_scrolls(
    portal: Portal, open_page: OpenPage
) -> None:
    page = opened(portal, open_page, width=320)
    drawing = page.get_by_role("region", name="Roadmap, drawn")
    name = drawing.get_by_role("link", name="Estates", exact=True)
    before = name.bounding_box()
    today = page.get_by_text("31 December 2017", exact=True).last.bounding_box()
    assert today
    assert 120 < today["x"] < 320 - today["width"]

    drawing.evaluate("it => it.scrollLeft = 0")

    after = name.bounding_box()
    assert before
    assert after
    assert after["x"] == before["x"]
    assert width_of(page) <= 320


@pytest.mark.parametrize("width", [1366, 320])
@pytest.mark.parametrize(
    "path",
    [
        "/alliances/long/roadmap/?group=force",
        "/alliances/long/roadmap/?time=next&stage=NONSENSE",
        f"{DCD}roadmap/?time=year&group=stage",
        f"{DCD}roadmap/?search=zzz",
    ],
)
def test_long_names_crowded_days_and_empty_lists_keep_every_rule(
    portal: Portal, open_page: OpenPage, path: str, width: int
) -> None:
    page = opened(portal, open_page, path, width=width)

    found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})

    assert found.violations_count == 0, found.generate_report()
    assert width_of(page) <= width


def test_the_picture_is_kept_as_svg_and_as_png(
    portal: Portal, open_page: OpenPage, tmp_path: Path
) -> None:
    page = opened(portal, open_page, f"{DCD}roadmap/?stage=LIVE")
    with page.expect_download() as vector:
        page.get_by_role("link", name="Picture (SVG)").click()
    with page.expect_download() as pixels:
        page.get_by_role("button", name="Picture (PNG)").click()

    vector.value.save_as(tmp_path / "it.svg")
    pixels.value.save_as(tmp_path / "it.png")
    root = ElementTree.parse(tmp_path / "it.svg").getroot()
    png = (tmp_path / "it.png").read_bytes()
    assert vector.value.suggested_filename == "devon-cornwall-dorset-roadmap.svg"
    assert pixels.value.suggested_filename == "devon-cornwall-dorset-roadmap.png"
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    size = struct.unpack(">II", png[16:24])
    assert size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert len(png) > 50_000


def sheets_of(pdf: bytes) -> list[tuple[int, int]]:
    """The width and height of each sheet in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", pdf)
    return [(round(float(w) / POINTS), round(float(h) / POINTS)) for w, h in boxes]


def test_the_roadmap_alone_prints_on_a3_landscape(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page)

    on_paper = sheets_of(page.pdf(prefer_css_page_size=True))
    page.goto(f"{portal.url}{DCD}areas/")
    other = sheets_of(page.pdf(prefer_css_page_size=True))

    assert set(on_paper) == {A3_LANDSCAPE}
    assert set(other) == {(210, 297)}


def test_a_roadmap_of_several_sheets_repeats_its_axis(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page, "/alliances/long/roadmap/")
    page.emulate_media(media="print")

    assert page.locator(".app-roadmap__head").evaluate(
        "it => [getComputedStyle(it).display, getComputedStyle(it).breakInside]"
    ) == ["table-header-group", "avoid"]
    assert page.locator(".app-roadmap__row").last.evaluate(
        "it => getComputedStyle(it).breakInside"
    ) == "avoid"  # fmt: skip
    assert len(sheets_of(page.pdf(prefer_css_page_size=True))) > 3
