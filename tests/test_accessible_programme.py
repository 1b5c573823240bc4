"""The programme's forms and pages in between by axe's rules, wide and narrow: filled, wrong, stale, long.

The sample stands for the usual; an alliance of twelve forces with names as long as they may be for
the rest. Nothing here is saved: forms are sent with mistakes, to be checked, or as if out of date.
"""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from business_areas.models import BusinessArea, Milestone
from programmes.models import Alliance, Role, User
from tests import factories
from tests.conftest import OpenPage
from tests.scenes import a_scene
from tests.serving import DCD, Portal
from tests.test_accessibility import check

pytestmark = pytest.mark.browser

MANAGER = "manager.dcd@portal.example"
LONG = "Long name with an unusuallylongwordthatdoesnotbreakanywhereatall " * 3
LONG_ONES = "/alliances/long/"
USUAL = f"{DCD}areas/corporate-communications/"
OF_GO_LIVE = "milestones/corporate-communications-go-live/"

Do = Callable[[Page], None]


@pytest.fixture(scope="module")
def portal(portal_to_look_at: Portal) -> Portal:
    """The samples, and the alliance of long names, all its areas overdue."""
    scene = a_scene("long")
    Alliance.objects.filter(code="long").update(name=LONG[:200], held_on=date(2017, 12, 31))
    for n in range(9):
        force = factories.force(alliance=scene.alliance, name=f"{n} {LONG}"[:150])
        factories.membership(force=force)
        factories.staffing(area=scene.fleet, force=force, baseline_fte="12.50")
    for n in range(3):
        factories.milestone(
            area=factories.area(alliance=scene.alliance, name=f"{n} {LONG}"[:200], stage="DESIGN"),
            name=LONG[:200],
            approved_on=date(2017, 4, 1),
            forecast_on=date(2017, 10, 1),
        )
    go_live = {"code": "go-live", "name": LONG[:200], "forecast_on": date(2017, 10, 1)}
    factories.milestone(area=scene.fleet, **go_live, approved_on=date(2017, 4, 1))
    BusinessArea.objects.filter(pk=scene.fleet.pk).update(
        name=LONG[:200], head=LONG[:200], summary=LONG, stage="DESIGN"
    )
    manager = User.objects.get(email=MANAGER)
    Role.objects.create(alliance=scene.alliance, user=manager, kind=Role.Kind.PROGRAMME_MANAGER)
    return portal_to_look_at


@pytest.fixture
def opened(portal: Portal, open_page: OpenPage) -> Callable[[str], Page]:
    """Open an address as the programme manager."""

    def at(address: str) -> Page:
        page = portal.admit(open_page(), MANAGER)
        answer = page.goto(portal.url + address)
        assert answer is not None
        assert answer.status == 200, address
        return page

    return at


@pytest.mark.parametrize(
    "path",
    [
        *("", "changes/", "figures/", "statuses/", "about/", "areas/", "areas/list/add/"),
        *("dates/?first=2017-10&last=2017-12", "dates/?first=2017-04&last=2017-04&tab=moved"),
        *("areas/fleet/", "areas/fleet/hold/", "areas/fleet/withdraw/", "areas/fleet/edit/design/"),
        *("areas/fleet/edit/people/", "areas/fleet/edit/members/"),
        *("statuses/areas/fleet/timescales/", "statuses/programme/resources/"),
        *("areas/fleet/milestones/go-live/", "areas/fleet/milestones/go-live/slippage/"),
    ],
)
def test_a_page_of_long_names_and_many_forces_keeps_every_rule(
    opened: Callable[[str], Page], path: str
) -> None:
    check(opened(LONG_ONES + path))


def sent(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()


def out_of_date(page: Page) -> None:
    """As if someone else had saved since the page was opened."""
    page.locator("main input[name=seen]").first.evaluate("box => { box.value = '999' }")


def a_date(page: Page, group: str, year: str) -> None:
    box = page.get_by_role("group", name=group)
    for part, typed in (("Day", "1"), ("Month", "4"), ("Year", year)):
        box.get_by_label(part, exact=True).fill(typed)


def an_approval(page: Page) -> None:
    a_date(page, "New approved date", "2020")
    page.get_by_label("Why", exact=True).fill(LONG)


def approval_to_check(page: Page) -> None:
    an_approval(page)
    sent(page)
    expect(page.get_by_text("Nothing has been saved yet.")).to_be_visible()


def approval_out_of_date(page: Page) -> None:
    an_approval(page)
    out_of_date(page)
    sent(page)
    expect(page.get_by_text("saved this")).to_be_visible()


def reason_out_of_date(page: Page) -> None:
    page.get_by_label("What happened", exact=True).fill(LONG)
    page.get_by_label("Another reason", exact=True).check()
    out_of_date(page)
    sent(page)
    expect(page.get_by_text("saved this")).to_be_visible()


def part_out_of_date(page: Page) -> None:
    page.locator("main form input[type=text]").last.fill("12")
    out_of_date(page)
    sent(page)
    expect(page.get_by_text("while you were typing")).to_be_visible()


def wrong(page: Page) -> None:
    sent(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def too_long(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("W" * 400)
    a_date(page, "Go-live date", "17")
    wrong(page)


def status_wrong(page: Page) -> None:
    page.get_by_role("button", name="Set the status").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def withdrawal_out_of_date(page: Page) -> None:
    page.locator("main textarea").fill("Not viable")
    out_of_date(page)
    sent(page)
    expect(page.get_by_text("saved this")).to_be_visible()


def ticked(page: Page, button: str) -> None:
    for box in page.locator("main tbody input[type=checkbox]").all()[:3]:
        box.check()
    page.get_by_role("button", name=button).click()


def month_to_check(page: Page) -> None:
    ticked(page, "Change go-live forecast")
    page.get_by_label("New forecast month of the go-lives").fill("4 2020")
    page.get_by_role("button", name="Check the changes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check")


def month_without_reason(page: Page) -> None:
    month_to_check(page)
    page.get_by_role("button", name="Save 3 changes").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def month_out_of_date(page: Page) -> None:
    month_to_check(page)
    page.get_by_role("combobox").last.select_option(index=1)
    page.locator("main textarea").last.fill("The supplier is late.")
    page.locator("main input[name=seen]").first.evaluate(
        "box => { box.value = box.value.replace(/[0-9]+$/, '999') }"
    )
    page.get_by_role("button", name="Save 3 changes").click()
    expect(page.get_by_text("Someone else changed")).to_be_visible()


STATES: list[tuple[str, Do]] = [
    (f"{USUAL}{OF_GO_LIVE}approved/", wrong),
    (f"{USUAL}{OF_GO_LIVE}approved/", approval_to_check),
    (f"{USUAL}{OF_GO_LIVE}approved/", approval_out_of_date),
    (f"{USUAL}{OF_GO_LIVE}reason/?to=2020-01-01&seen=1", wrong),
    (f"{USUAL}{OF_GO_LIVE}reason/?to=2020-01-01&seen=1", reason_out_of_date),
    (f"{USUAL}edit/people/", part_out_of_date),
    (f"{USUAL}edit/lead/", part_out_of_date),
    (f"{USUAL}hold/", wrong),
    (f"{USUAL}withdraw/", wrong),
    (f"{USUAL}withdraw/", withdrawal_out_of_date),
    (f"{DCD}areas/list/add/", wrong),
    (f"{DCD}areas/list/add/", too_long),
    (f"{DCD}areas/list/save-view/", wrong),
    (f"{DCD}statuses/areas/corporate-communications/budget/", status_wrong),
    (f"{DCD}areas/?stage=DESIGN", month_to_check),
    (f"{LONG_ONES}areas/?stage=DESIGN", month_without_reason),
    (f"{LONG_ONES}areas/?stage=DESIGN", month_out_of_date),
]


@pytest.mark.parametrize(
    ("address", "do"), STATES, ids=[f"{do.__name__} {address}" for address, do in STATES]
)
def test_a_form_that_is_wrong_out_of_date_or_to_be_checked_keeps_every_rule(
    opened: Callable[[str], Page], address: str, do: Do
) -> None:
    milestones = list(Milestone.objects.order_by("pk").values_list("pk", "revision"))
    page = opened(address)

    do(page)

    check(page)
    assert list(Milestone.objects.order_by("pk").values_list("pk", "revision")) == milestones
