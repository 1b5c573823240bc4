"""Lists of hundreds of rows are shown a page at a time; together the pages are the file."""

import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from business_areas.models import BusinessArea, Milestone
from business_areas.views.many import MOST_AT_ONCE
from programmes.paging import PER_PAGE
from tests import factories

pytestmark = pytest.mark.django_db

ROWS = 2 * PER_PAGE + 13
DAY = date(2017, 12, 15)

# An address with its filter, and the file of the same rows with the column that names each.
LISTS = {
    "areas": ("areas/?category=BUSINESS_SUPPORT&sort=-name", "areas/list.csv", "Area"),
    "due": ("dates/?first=2017-01&last=2018-12&tab=due", "dates/file.csv", "Milestone"),
    "moved": ("dates/?first=2016-01&last=2016-12&tab=moved", "dates/file.csv", "Milestone"),
}
ROW = re.compile(r'<th scope="row">.*?<a class="govuk-link"[^>]*>([^<]+)<', re.DOTALL)


@pytest.fixture
def client() -> Client:
    alliance = factories.alliance(code="long", held_on=DAY)
    areas = BusinessArea.objects.bulk_create(
        BusinessArea(alliance=alliance, code=f"a{n}", name=f"Area {n}", category="BUSINESS_SUPPORT")
        for n in range(ROWS)
    )
    Milestone.objects.bulk_create(
        Milestone(
            alliance=alliance, area=each, code="go", name=f"{each.name} goes live", kind="GO_LIVE",
            approved_on=date(2016, 5, 1), forecast_on=date(2017, 4, 1) + timedelta(days=n),
        )
        for n, each in enumerate(areas)
    )  # fmt: skip
    user = factories.user()
    factories.role(alliance=alliance, user=user, kind="PROGRAMME_MANAGER")
    browser = Client()
    browser.force_login(user)
    return browser


def page(client: Client, address: str) -> str:
    return html.unescape(client.get(f"/alliances/long/{address}").content.decode())


def follow(shown: str, words: str) -> str | None:
    """Where the link leads that says `words` or is the page's `rel`."""
    found = re.search(rf'href="\?([^"]*)"[^>]*(?:rel="{words}"|>{words}<)', shown)
    return found[1] if found else None


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_one_after_another_are_the_file(client: Client, name: str) -> None:
    address, file, column = LISTS[name]
    where, query = address.split("?")
    sent = client.get(f"/alliances/long/{file}?{query}").content.decode("utf-8-sig")
    expected = [row[column] for row in csv.DictReader(io.StringIO(sent))]
    assert len(expected) == ROWS

    found, asked = [], query
    numbers = []
    while True:
        shown = page(client, f"{where}?{asked}")
        rows = [text.strip() for text in ROW.findall(shown)]
        numbers.append(len(rows))
        found += rows
        further = re.search(r'href="\?([^"]*)" rel="next">\s*<span class="govuk-pagination', shown)
        if not further:
            break
        asked = further[1]
        assert set(query.split("&")) < set(asked.split("&"))

    assert found == expected
    assert numbers == [PER_PAGE, PER_PAGE, 13]


@pytest.mark.parametrize("name", LISTS)
def test_the_whole_list_is_one_page_to_print_and_there_is_a_way_back(
    client: Client, name: str
) -> None:
    address, _, _ = LISTS[name]
    where, query = address.split("?")
    first = page(client, address)
    assert f"1 to {PER_PAGE} of {ROWS} are shown." in first
    whole = follow(first, "Show all on one page")
    assert whole is not None
    assert set(query.split("&")) < set(whole.split("&"))

    shown = page(client, f"{where}?{whole}")

    assert len(ROW.findall(shown)) == ROWS
    assert follow(shown, "Show them in pages") == query
    assert "govuk-pagination" not in shown


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("asked", ["0", "-1", "99999999999999999999", "two", "%00", "1.5", "ALL"])
def test_a_page_that_is_none_is_the_nearest_or_the_first(
    client: Client, name: str, asked: str
) -> None:
    answer = client.get(f"/alliances/long/{LISTS[name][0]}&page={asked}")

    if asked == "%00":
        assert answer.status_code == 400
    else:
        assert len(ROW.findall(answer.content.decode())) in (PER_PAGE, 13)


def test_ticks_the_way_back_and_the_count_are_of_the_page_that_is_shown(client: Client) -> None:
    shown = page(client, "areas/?sort=-name&page=2")
    assert f"<strong>{ROWS}</strong> areas" in shown
    assert 'name="back" value="sort=-name&page=2"' in shown
    ticked = follow(shown, f"Tick all {PER_PAGE} shown")
    assert ticked == "sort=-name&page=2&tick=all"
    assert page(client, f"areas/?{ticked}").count(" checked>") == PER_PAGE

    saved = client.post(
        "/alliances/long/areas/list/change/",
        {"what": "stage", "area": [], "back": "sort=-name&page=2&x=1"},
    )
    assert saved["Location"] == "/alliances/long/areas/?sort=-name&page=2"


def test_more_ticks_than_are_changed_at_once_are_one_sentence(client: Client) -> None:
    ticked = [f"a{n}" for n in range(MOST_AT_ONCE + 1)]
    sent = {"what": "stage", "area": ticked, "back": "sort=name"}

    answer = client.post("/alliances/long/areas/list/change/", sent, follow=True)

    assert answer.redirect_chain == [("/alliances/long/areas/?sort=name", 302)]
    said = "Nothing was changed: 501 areas were ticked, and at most 500 are changed at once"
    assert said in answer.content.decode()


def test_a_page_with_more_rows_than_are_changed_at_once_has_no_ticks_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliance_portal.areas.listing.MOST_AT_ONCE", ROWS - 1)

    shown = page(client, "areas/?page=all")

    assert 'type="checkbox"' not in shown
    assert f"Up to {ROWS - 1} areas are changed at once: show them in pages" in shown
