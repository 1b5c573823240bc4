"""A chief officer judges the programme in a minute, and follows a headline figure to one amount."""

import re
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from programmes.models import Alliance, User
from tests import factories
from tests.serving import load_samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def plain_statics(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def sign_in(live_server: Any, open_page: Any, plain_statics: None) -> Any:
    """Open a page as somebody: `sign_in(user, width=768)`."""

    def opened(user: User, **size: Any) -> Page:
        client = Client()
        client.force_login(user)
        page: Page = open_page(**size)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return opened


@pytest.fixture
def sample(transactional_db: None) -> Alliance:
    load_samples()
    return Alliance.objects.get(code="devon-cornwall-dorset")


@pytest.fixture
def chief(sample: Alliance) -> User:
    return User.objects.get(email="chief.dcd@portal.example")


@pytest.mark.parametrize("script", [True, False])
def test_from_the_dashboard_to_one_amount_on_a_tablet(
    live_server: Any, sign_in: Any, chief: User, script: bool
) -> None:
    page = sign_in(chief, width=768, height=1024, script=script)
    page.goto(live_server.url)
    page.get_by_role("link", name="Devon & Cornwall and Dorset").first.click()

    # On track? What moved? What does it mean for us?
    expect(page).to_have_title("Dashboard, Devon & Cornwall and Dorset – Alliance portal")
    lead = page.locator(".app-lead")
    expect(lead).to_contain_text("19 of 32 business areas are live.")
    statuses = page.get_by_role("region", name="Statuses of the programme")
    expect(statuses).to_contain_text(
        "4 of 12 areas to go live are more than 30 days later than approved or overdue; 1 is not rated."
    )
    changed = page.get_by_role("region", name="Changed since 30 September 2017")
    expect(changed).to_contain_text("live on 1 December 2017")
    forces = page.get_by_role("region", name="Each force", exact=True)
    ours = forces.get_by_role("row", name="Devon & Cornwall")
    expect(ours).to_contain_text("to pay")

    # From the headline figure to what it is made of, and to one amount.
    lead.get_by_role("link", name="£6.1 million").click()
    expect(page.get_by_role("row", name="Outturn")).to_contain_text(re.compile(r"£6,091,381\.34$"))
    page.get_by_role("link", name="Forecast for the whole year").click()
    page.get_by_role("rowheader", name="Fleet services").get_by_role("link").click()
    page.get_by_role("link", name="how it was worked out").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page).to_have_url(re.compile("/money/amounts/"))


def test_sentence_figures_and_statuses_need_no_scrolling(
    live_server: Any, sign_in: Any, chief: User, sample: Alliance
) -> None:
    page = sign_in(chief)
    page.goto(live_server.url + reverse("overview", args=[sample.code]))

    for part in (".app-lead", ".app-figures", ".app-statuses"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768


def test_every_figure_opens_to_where_it_comes_from(
    live_server: Any, sign_in: Any, chief: User, sample: Alliance
) -> None:
    page = sign_in(chief)
    address = live_server.url + reverse("overview", args=[sample.code])
    page.goto(address)
    links = page.locator(".app-lead a, .app-figures a, .app-statuses a, .app-money a").evaluate_all(
        "found => [...new Set(found.map(link => link.href))]"
    )

    assert len(links) >= 6
    for link in links:
        response = page.goto(link)
        assert response is None or response.status == 200, link  # None: the same page, elsewhere
        anchor = link.partition("#")[2]
        if anchor:
            expect(page.locator(f"[id='{anchor}']"), link).to_have_count(1)


def test_the_period_is_picked_by_keyboard(
    live_server: Any, sign_in: Any, chief: User, sample: Alliance
) -> None:
    page = sign_in(chief)
    page.goto(live_server.url + reverse("overview", args=[sample.code]))

    page.get_by_role("link", name="Last month").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Changed since 30 November 2017").wait_for()
    page.locator("summary", has_text="Since a date").focus()
    page.keyboard.press("Enter")
    for word in ("1", "4", "2017"):
        page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.get_by_text("Changed since 1 April 2017").wait_for()

    expect(page.locator(".app-figures")).to_contain_text("7 more since 1 April 2017")


@pytest.mark.parametrize("width", [1366, 320])
def test_no_page_of_the_dashboard_has_a_barrier(
    live_server: Any, sign_in: Any, sample: Alliance, width: int
) -> None:
    boss = factories.administrator()
    empty = factories.alliance(name="W" * 200)
    silent = factories.alliance(held_on=date(2018, 4, 1))
    area = factories.area(alliance=silent, name="A" * 200, stage="DESIGN")
    page = sign_in(boss, width=width)
    addresses = [
        reverse("home"),
        *(reverse("overview", args=[each.code]) for each in (sample, empty, silent)),
        reverse("overview", args=[sample.code]) + "?since_day=31&since_month=2&since_year=2017",
        *(
            reverse(name, args=[sample.code])
            for name in ("overview-about", "overview-figures", "overview-changes", "statuses")
        ),
        reverse("overview-figures", args=[empty.code]),
        reverse("statuses-area", args=[silent.code, area.code, "budget"]),
    ]
    titles = []
    for address in addresses:
        page.goto(live_server.url + address)
        titles.append(page.title())
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, (address, [(each["id"], each["nodes"][0]["html"]) for each in found])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert len(set(titles)) == len(titles)
