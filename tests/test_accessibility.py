"""Every page by axe's rules for WCAG 2.2 A and AA, wide and narrow, also when something is wrong.

The East Midlands stand in for a bad day: no size on record, so that nothing is shared yet, and a
change that no worker has answered. Twelve forces stand in for tables wider than the window.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from programmes.models import Alliance, ForceSize, Role, User
from savings import recompute, services
from savings.models import Amount, RecomputeRequest
from tests import factories
from tests.conftest import OpenPage
from tests.scenes import a_scene
from tests.serving import DCD, EAST_MIDLANDS, FINANCE, READER, Portal

pytestmark = pytest.mark.browser

WIDTHS = (1366, 320)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
}
FINANCE_EM = "finance.em@portal.example"
NOTHING = "/alliances/nothing-yet/"
MONEY_PAGES = [
    "money/",
    "money/items/",
    "money/sizes/",
    "money/rules/",
    "money/rules/set/",
    "money/settlement/",
    "money/settlement/2016-17/",
    "money/years/",
    "money/papers/",
    "money/month-end/",
    "money/month-end/2017-12/",
    "money/variances/",
    "money/variances/?measure=forecast",
    "money/why/",
    "money/why/?since=gone",
    "money/what-if/",
    "money/as-at/",
    "money/runs/",
]
PAGES = ["", "areas/", "roadmap/", "settings/", *MONEY_PAGES]


@pytest.fixture(scope="module")
def portal(portal_to_look_at: Portal) -> Portal:
    """The samples, the East Midlands on a bad day, and an alliance with nothing in it."""
    bad_day = Alliance.objects.get(code="east-midlands")
    ForceSize.objects.filter(alliance=bad_day).delete()
    area = bad_day.areas.order_by("pk")[0]
    ask = {"alliance": bad_day, "cause": "A change", "year": 2016}
    RecomputeRequest.objects.bulk_create(
        RecomputeRequest(**{**ask, "area": each, "year": year})
        for each in bad_day.areas.all()
        for year in range(2015, 2021)
    )
    recompute.bring_up_to_date(alliance_id=bad_day.pk, cause="A bad day")
    RecomputeRequest.objects.create(**ask, area=area)
    empty = Alliance.objects.create(code="nothing-yet", name="Nothing yet")
    officer = User.objects.get(email=FINANCE)
    for alliance in (empty, twelve_forces()):
        Role.objects.create(alliance=alliance, user=officer, kind=Role.Kind.FINANCE_OFFICER)
    return portal_to_look_at


def twelve_forces() -> Alliance:
    """An alliance whose tables are wider than any window."""
    scene = a_scene("twelve")
    for n in range(4, 13):
        force = factories.force(alliance=scene.alliance, name=f"Long-named county {n} Police")
        factories.membership(force=force)
        scene.size(force, 1000 + n)
    for version in ("FORECAST", "APPROVED"):
        scene.amount(scene.item(f"vans-{version.lower()}", "SAVING"), 123_456_789_01, 2016, version)
    refund = scene.item("refund", "COST")
    scene.amount(refund, -123_456_789_01, 2016, "ACTUAL", borne_by=scene.north)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    return scene.alliance


def check(page: Page) -> None:
    """At both widths no rule is broken and the page does not scroll sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{width} px: {found.generate_report()}"
        widest = page.evaluate("document.documentElement.scrollWidth")
        assert widest <= width, f"At {width} px the page is {widest} px wide."


@pytest.mark.parametrize(
    "path", [DCD + path for path in PAGES] + [NOTHING + path for path in PAGES]
)
def test_a_page_keeps_every_rule(path: str, portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), FINANCE)

    page.goto(portal.url + path)

    check(page)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{DCD}forces/dorset/",
        f"{DCD}forces/dorset/?since_day=1&since_month=x",
        f"{EAST_MIDLANDS}forces/leicestershire/",
        "/alliances/twelve/forces/north/",
        f"{DCD}areas/fleet-services/",
        f"{DCD}areas/procurement/go-live/",
        f"{DCD}areas/finance/go-live/live/",
        f"{DCD}areas/?search=nothing+is+called+this",
        f"{DCD}money/?version=approved&kind=net&year=2019-20",
        f"{DCD}money/areas/roads-policing/2017-18/?version=forecast&kind=cost",
        f"{DCD}money/areas/fleet-services/1999-00/",
        f"{DCD}money/sizes/record/",
        f"{DCD}money/areas/ict/2016-17/bearers/",
        f"{DCD}money/items/?page=all&search=fleet",
        f"{DCD}money/items/list/add/fleet-services/",
        f"{DCD}money/years/2016-17/",
        f"{DCD}money/month-end/2017-12/nil/",
        f"{DCD}money/variances/2017-12/ict/cost/recurring/",
        "/alliances/twelve/money/variances/?month=2016-06",
        f"{DCD}money/month-end/2017-12/lock/",
        "/alliances/twelve/money/years/2016-17/",
        "/alliances/twelve/",
        "/alliances/twelve/money/",
        "/alliances/twelve/money/sizes/",
        "/alliances/twelve/money/areas/fleet/2016-17/",
        "/alliances/twelve/money/settlement/2016-17/",
        "/alliances/twelve/money/settlement/2016-17/?version=forecast",
    ],
)
def test_a_page_further_in_keeps_every_rule(path: str, portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), FINANCE)

    page.goto(portal.url + path)

    check(page)


@pytest.mark.parametrize("path", [*PAGES, "areas/ict/", "money/areas/ict/2016-17/"])
def test_a_page_whose_figures_are_behind_or_missing_keeps_every_rule(
    path: str, portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), FINANCE_EM)

    page.goto(portal.url + EAST_MIDLANDS + path)

    check(page)


def working_of(code: str) -> str:
    amount = Amount.objects.filter(alliance__code=code, version="FORECAST").earliest("pk")
    return f"/alliances/{code}/money/amounts/{amount.pk}/"


@pytest.mark.parametrize(
    ("who", "code"), [(FINANCE, "devon-cornwall-dorset"), (FINANCE_EM, "east-midlands")]
)
def test_a_working_keeps_every_rule(
    who: str, code: str, portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), who)

    page.goto(portal.url + working_of(code))

    check(page)


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/accounts/inactive/"],
)
def test_a_page_for_people_who_are_not_signed_in_keeps_every_rule(
    path: str, portal: Portal, open_page: OpenPage
) -> None:
    page = open_page()

    page.goto(portal.url + path)

    check(page)


@pytest.mark.parametrize("path", ["/accounts/logout/", "/accounts/password/change/"])
def test_a_page_of_ones_own_account_keeps_every_rule(
    path: str, portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), FINANCE)

    page.goto(portal.url + path)

    check(page)


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{EAST_MIDLANDS}money/", 404), ("/no-such-page/", 404), (f"{DCD}money/sizes/record/", 403)],
)
def test_a_refusal_keeps_every_rule(
    path: str, status: int, portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), READER)

    answer = page.goto(portal.url + path)

    assert answer is not None
    assert answer.status == status
    check(page)


def sent_empty(page: Page) -> None:
    page.get_by_role("main").get_by_role("button").last.click()


def typed_wrong(page: Page) -> None:
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month", exact=True).fill("2")
    page.get_by_label("Year", exact=True).fill("2018")
    page.get_by_label("Dorset Police", exact=True).fill("-1")
    sent_empty(page)


def sizes_by_date(page: Page) -> None:
    page.get_by_role("link", name="Type or paste Police officers (FTE)").click()
    page.locator("input.app-grid__box").first.fill("70%")
    page.get_by_role("button", name="Check what this changes").click()


@pytest.mark.parametrize(
    ("path", "do"),
    [
        (f"{DCD}money/sizes/record/", sent_empty),
        (f"{DCD}money/sizes/record/", typed_wrong),
        (f"{DCD}money/sizes/", sizes_by_date),
        (f"{DCD}money/sizes/import/", sent_empty),
        ("/accounts/password/change/", sent_empty),
    ],
)
def test_a_form_with_mistakes_keeps_every_rule(
    path: str, do: Callable[[Page], None], portal: Portal, open_page: OpenPage
) -> None:
    page = portal.admit(open_page(), FINANCE)
    page.goto(portal.url + path)

    do(page)

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(page)


def test_what_a_size_would_move_keeps_every_rule(portal: Portal, open_page: OpenPage) -> None:
    page = portal.admit(open_page(), FINANCE)
    page.goto(f"{portal.url}{DCD}money/sizes/record/?effective_on=2017-03-31")
    page.get_by_label("Dorset Police", exact=True).fill("1,400")
    page.get_by_label("Source", exact=True).fill("A later release")

    page.get_by_role("button", name="See what it moves").click()

    expect(page.get_by_role("heading", name="What these sizes move")).to_be_visible()
    expect(page.get_by_label("These figures are right")).to_be_visible()
    page.locator("summary", has_text="Costs and savings apart").first.click()
    check(page)
