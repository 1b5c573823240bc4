"""A programme manager's journeys through the areas, in a real browser."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from business_areas.models import BusinessArea
from programmes.models import User
from tests import factories
from tests.business_areas.conftest import manager, signed_in
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2017, 12, 15)
FIVE = ["Area 3", "Area 7", "Area 11", "Area 20", "Area 39"]
LONG = "Long name with an unusuallylongwordthatdoesnotbreakanywhere " * 3


@pytest.fixture(autouse=True)
def _plain_files(settings: Any) -> None:
    # The test server finds files where the apps keep them, under the names they have there.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Forty areas, all overdue, in an alliance held at a day."""
    scene = a_scene()
    scene.alliance.held_on, scene.alliance.explored_on = TODAY, date(2015, 4, 1)
    scene.alliance.save()
    scene.fleet.delete()
    for n in range(40):
        area = factories.area(
            alliance=scene.alliance, code=f"area-{n}", name=f"Area {n}", lead_force=scene.north
        )
        factories.milestone(area=area, name="Go live", forecast_on=date(2017, 11, 1))
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    return manager(scene.alliance, name="Alice Archer", email="alice@example.org")


Visit = Callable[..., Page]


@pytest.fixture
def visit(scene: Scene, live_server: Any, open_page: Any) -> Visit:
    """Open a page of the alliance as a person: `visit(alice, "areas", query="sort=name")`."""

    def visited(person: User, name: str, *more: str, query: str = "", **window: Any) -> Page:
        page: Page = open_page(**window)
        client: Client = signed_in(person)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        address = reverse(name, args=[scene.alliance.code, *more])
        page.goto(f"{live_server.url}{address}?{query}")
        return page

    return visited


def assert_accessible(page: Page) -> None:
    """WCAG 2.2 A and AA, and no sideways scrolling of the page."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("window.innerWidth")


@pytest.mark.parametrize(("width", "script"), [(1366, True), (320, False)])
def test_five_areas_are_moved_to_design_in_one_go(
    visit: Visit, alice: User, width: int, script: bool
) -> None:
    page = visit(alice, "areas", query="show=overdue&sort=-name", width=width, script=script)
    for name in FIVE:
        page.get_by_label(f"Choose {name}", exact=True).check()
    page.get_by_role("button", name="Change stage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the stage of 5 areas")
    page.get_by_label("Design", exact=True).check()
    page.get_by_role("button", name="Check the changes").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Check what this changes")
    for name in FIVE:
        row = page.get_by_role("row", name=name)
        expect(row.get_by_role("cell").first).to_have_text("Proposed")
        expect(row.get_by_role("cell").last).to_have_text("Design")
    assert not BusinessArea.objects.filter(stage="DESIGN").exists()
    page.get_by_role("button", name="Save 5 changes").click()

    expect(page.get_by_text("5 areas are changed.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?show=overdue&sort=-name$"))
    moved = BusinessArea.objects.filter(stage="DESIGN")
    assert sorted(area.name for area in moved) == sorted(FIVE)


def test_five_areas_are_moved_by_keyboard_alone(visit: Visit, alice: User) -> None:
    page = visit(alice, "areas")
    for name in FIVE:
        page.get_by_label(f"Choose {name}", exact=True).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Change stage").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Proposed", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check what this changes")
    page.get_by_role("button", name="Save 5 changes").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("5 areas are changed.")).to_be_visible()
    assert BusinessArea.objects.filter(stage="DESIGN").count() == 5


@pytest.mark.parametrize(("width", "script"), [(1366, True), (320, False)])
def test_two_managers_edit_one_area_at_once(
    visit: Visit, scene: Scene, alice: User, width: int, script: bool
) -> None:
    bert = manager(scene.alliance, name="Bert Burns", email="bert@example.org")
    window = {"width": width, "script": script}
    hers = visit(alice, "area", "area-3", **window)
    his = visit(bert, "area", "area-3", **window)
    for page in (hers, his):
        page.get_by_role("link", name="Change head").click()
    his.get_by_label("Head").fill("Inspector Burns")
    his.get_by_role("button", name="Save").click()
    expect(his.get_by_text("who leads it is saved")).to_be_visible()

    hers.get_by_label("Head").fill("Inspector Archer")
    hers.get_by_label("Lead force").select_option(label="South Police")
    hers.get_by_role("button", name="Save").click()

    expect(hers.get_by_text("Bert Burns saved this while you were typing")).to_be_visible()
    row = hers.get_by_role("row", name="Head")
    expect(row.get_by_role("cell")).to_have_text(
        [
            "nothing",
            "Inspector Burns",
            "Inspector Archer",
        ]
    )
    assert_accessible(hers) if script else None
    assert BusinessArea.objects.get(code="area-3").head == "Inspector Burns"
    expect(hers.get_by_label("Head")).to_have_value("Inspector Archer")
    hers.get_by_role("button", name="Save").click()
    expect(hers.get_by_text("who leads it is saved")).to_be_visible()
    area = BusinessArea.objects.get(code="area-3")
    assert (area.head, area.lead_force) == ("Inspector Archer", scene.south)
    expect(hers.get_by_text("Inspector Burns", exact=False).first).to_be_visible()


@pytest.mark.parametrize("width", [1366, 320])
def test_every_page_is_accessible_filled_empty_with_errors_and_with_long_text(
    visit: Visit, scene: Scene, alice: User, width: int
) -> None:
    BusinessArea.objects.filter(code="area-5").update(
        name=LONG, head=LONG, summary=LONG, on_hold_since=TODAY, hold_reason=LONG
    )
    window = {"width": width}
    page = visit(alice, "areas", **window)
    assert_accessible(page)
    page.get_by_label("Choose Area 3", exact=True).check()
    page.get_by_role("button", name="Change go-live forecast").click()
    page.get_by_role("button", name="Check the changes").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("New forecast month").fill("4 2018")
    page.get_by_role("button", name="Check the changes").click()
    assert_accessible(page)
    for name, *more in (
        ("area", "area-5"),
        ("area-history", "area-5"),
        ("area-hold", "area-3"),
        ("area-resume", "area-5"),
        ("area-withdraw", "area-5"),
        ("area-add",),
        ("areas-save-view",),
        *(("area-edit", "area-5", part) for part in ("summary", "lead", "design", "members")),
    ):
        address = reverse(name, args=[scene.alliance.code, *more])
        page.goto(f"{page.url.split('/alliances')[0]}{address}")
        assert_accessible(page)
        buttons = page.locator("main form button[type=submit]")
        if buttons.count() and name in ("area-add", "area-hold", "area-withdraw"):
            buttons.first.click()
            expect(page.get_by_text("There is a problem")).to_be_visible()
            assert_accessible(page)
    page.goto(f"{page.url.split('/alliances')[0]}{reverse('areas', args=['hills'])}?search=zzz")
    expect(page.get_by_text("No business area matches")).to_be_visible()
    assert_accessible(page)
