"""The roadmap's page, picture and files: the same areas and dates in each, whatever is asked for."""

import csv
import gzip
import io
import re
from datetime import date
from html import unescape

import openpyxl
import pytest
from defusedxml import ElementTree
from django.test import Client
from django.urls import reverse

from alliance_portal.roadmap.key import key_of
from business_areas.models import BusinessArea
from programmes.models import Alliance, User
from tests import factories
from tests.alliance_portal.roadmap.conftest import (
    LONG,
    TODAY,
    a_programme,
    area,
    milestone,
    signed_in,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
FILES = ("roadmap-svg", "roadmap-csv", "roadmap-xlsx")
SVG = "{http://www.w3.org/2000/svg}"


def address(scene: Scene, query: str = "", name: str = "roadmap") -> str:
    return f"{reverse(name, args=[scene.alliance.code])}?{query}"


def page_of(client: Client, scene: Scene, query: str = "") -> str:
    answer = client.get(address(scene, query))
    assert answer.status_code == 200
    return str(answer.content.decode())


def drawn(client: Client, scene: Scene, query: str = "") -> list[str]:
    rows = client.get(address(scene, query)).context["roadmap"].rows
    return [row.area.code for row in rows]


def dates_of_drawing(page: str) -> dict[str, set[str]]:
    """Each drawn area with every date that its bar and its marks say."""
    found = {}
    for row in page.split('<div class="app-roadmap__row">')[2:]:
        row = row.split("</svg>\n")[0].split('id="table"')[0]
        name = re.search(r'title="([^"]+)"', row)
        said = " ".join(re.findall(r"<title>(.*?)</title>", row))
        if name:
            found[unescape(name[1])] = set(DAY.findall(said))
    return found


def dates_of_table(page: str) -> dict[str, set[str]]:
    """Each area of the table with every date in its row."""
    table = page.split('id="table"')[1]
    rows = re.findall(r'<th scope="row"><a[^>]*>(.*?)</a></th>(.*?)</tr>', table, re.DOTALL)
    return {unescape(name): set(DAY.findall(row)) for name, row in rows}


def test_every_drawn_mark_is_in_the_table_and_every_date_of_the_table_is_drawn(
    scene: Scene, browser_of_alice: Client
) -> None:
    a_programme(scene)

    for query in ("", "group=stage", "group=none", "stage=WITHDRAWN"):
        page = page_of(browser_of_alice, scene, query)
        in_drawing, in_table = dates_of_drawing(page), dates_of_table(page)
        assert in_drawing, query
        # “Events” has no date: it is listed, and stands in the table with none.
        assert in_drawing == {name: on for name, on in in_table.items() if on}, query


def test_an_area_without_dates_is_listed_and_in_the_table(
    scene: Scene, browser_of_alice: Client
) -> None:
    a_programme(scene)

    page = page_of(browser_of_alice, scene)

    assert "No dates yet" in page
    assert dates_of_table(page)["Events"] == set()
    assert drawn(browser_of_alice, scene) == ["estates", "vetting", "dogs"]


def test_the_filters_of_the_list_of_areas_the_months_and_the_grouping_are_in_the_address(
    scene: Scene, browser_of_alice: Client
) -> None:
    a_programme(scene)

    for query, codes in {
        "search=est": ["estates"],
        "stage=LIVE": ["dogs"],
        "stage=WITHDRAWN": ["gone"],
        "category=OPERATIONAL_POLICING": ["dogs"],
        "force=south": ["estates"],
        "show=hold": ["vetting"],
        "sort=-name": ["vetting", "estates", "dogs"],
        "group=none": ["dogs", "estates", "vetting"],
        "group=stage": ["vetting", "estates", "dogs"],
        "group=force": ["dogs", "estates", "vetting"],
        "time=year": ["estates", "dogs"],
        "time=next": ["estates", "vetting"],
        "first=2018-09": ["vetting"],
        "last=2016-12": ["dogs"],
        "first=2016-01&last=2016-12": ["dogs"],
        "first=2018-08&last=2018-08&time=year": [],
    }.items():
        assert drawn(browser_of_alice, scene, query) == codes, query


def test_what_has_nothing_in_the_months_is_named(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)

    page = page_of(browser_of_alice, scene, "time=next")

    assert "Nothing in these months" in page
    assert "Dogs" not in dates_of_table(page)
    assert "December 2017 to December 2018" in page


def test_a_saved_address_is_kept_by_every_link_of_the_page(
    scene: Scene, browser_of_alice: Client
) -> None:
    a_programme(scene)

    page = page_of(
        browser_of_alice, scene, "stage=DESIGN&group=none&first=2018-01&junk=1&sort=golive"
    )

    kept = "stage=DESIGN&amp;first=2018-01&amp;group=none"
    for ending in ("svg", "csv", "xlsx"):
        assert f"roadmap.{ending}?{kept}" in page
    assert "?stage=DESIGN&amp;time=year&amp;group=none" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stage=NONSENSE", "What the address asks for under “Stage” is not on offer"),
        ("time=soon&group=colour", "under “Group by” and “Dates” is not on offer"),
        ("owner=999999&force=nowhere", "under “Lead force” and “Owner” is not on offer"),
        ("first=soon", "Write the first month as 2018-03; all dates are shown."),
        ("first=0001-01", "The year must be between 1900 and 2100; all dates are shown."),
        ("first=2018-05&last=2018-04", "The last month must not be before the first; all dates"),
    ],
)
def test_an_address_with_wrong_values_gets_one_plain_sentence(
    scene: Scene, browser_of_alice: Client, query: str, sentence: str
) -> None:
    a_programme(scene)

    page = unescape(page_of(browser_of_alice, scene, query))

    assert sentence in page
    assert page.count("moj-alert moj-alert--warning") == 1
    for name in FILES:
        assert browser_of_alice.get(address(scene, query, name)).status_code == 200


def test_on_hold_and_withdrawn_are_said(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)

    page = page_of(browser_of_alice, scene)
    assert "Design, on hold" in page
    assert "1 withdrawn" in page
    assert "Withdrawn" in page_of(browser_of_alice, scene, "stage=WITHDRAWN")


def test_what_a_mark_says_is_a_sentence(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)

    page = page_of(browser_of_alice, scene)

    for sentence in (
        (
            "Estates: go-live is forecast for 1 July 2018, 91 days later than approved, "
            "re-baselined 90 days later than first promised; "
            "approved date 1 April 2018, original baseline 1 January 2018."
        ),
        (
            "Dogs: live; work from 1 February 2016 towards go-live on 1 November 2016; "
            "at work as one team since 1 November 2016."
        ),
        "Dogs: Review, 30 November 2017, overdue.",
        (
            "Vetting, on hold since 15 December 2017: go-live has no forecast yet; "
            "approved date 1 September 2018."
        ),
        "Estates: Case agreed, 30 May 2017, reached. Estates: Decision, 30 May 2017, overdue.",
    ):
        assert f"<title>{sentence}</title>" in page


def test_the_finding_counts_what_is_late(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)
    estates = BusinessArea.objects.get(code="estates")

    late = "The go-live to come is later than approved, by more than 30 days"
    assert late in page_of(browser_of_alice, scene)
    estates.milestones.filter(kind="GO_LIVE").update(forecast_on=date(2018, 3, 1))
    assert "The go-live to come is not later than approved" in page_of(browser_of_alice, scene)
    estates.milestones.filter(kind="GO_LIVE").update(approved_on=None)
    late = "No go-live to come has an approved date, and it is later than first promised"
    assert late in page_of(browser_of_alice, scene)
    assert "The area is live" in page_of(browser_of_alice, scene, "stage=LIVE")


def test_the_key_has_what_is_drawn_and_no_more(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)

    whole, live = (
        [
            sign.words
            for sign in key_of(browser_of_alice.get(address(scene, query)).context["roadmap"])
        ]
        for query in ("", "stage=LIVE")
    )

    assert whole[:4] == ["Live", "Work done", "Work to come", "Go-live, actual or forecast"]
    assert whole[-1] == "Milestone to come: B business case, C consultation, D decision, R review"
    assert "Work to come" not in live
    assert live[-1] == "Milestone to come: C consultation, R review"


def test_dates_far_apart_and_a_name_of_two_hundred_characters(
    scene: Scene, browser_of_alice: Client
) -> None:
    far = area(scene, "far", name=LONG)
    milestone(far, "Begun", "OTHER", actual_on=date(1990, 1, 1))
    milestone(far, "Go live", "GO_LIVE", forecast_on=date(2099, 12, 31))

    page = page_of(browser_of_alice, scene)
    picture = browser_of_alice.get(address(scene, name="roadmap-svg")).content.decode()

    assert ">2000/01</text>" in page
    assert LONG in page.split('id="table"')[1]
    assert f"<title>{LONG}</title>An unusually long name that" in picture
    assert picture.count("…</text>") == 1


def test_the_picture_stands_alone(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)
    BusinessArea.objects.filter(code="estates").update(name="<b>Estates</b> & more")

    answer = browser_of_alice.get(address(scene, "show=due&group=none", "roadmap-svg"))
    whole = browser_of_alice.get(address(scene, name="roadmap-svg"))

    assert answer["Content-Type"] == "image/svg+xml"
    assert "hills-roadmap.svg" in answer["Content-Disposition"]
    for sent in (answer, whole):
        root = ElementTree.fromstring(sent.content)
        names = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert not names & {"a", "style", "script", "image", "foreignObject"}
        assert not [name for element in root.iter() for name in element.attrib if name == "class"]
        texts = " ".join(text.strip() for text in root.itertext())
        assert "Roadmap, Hills" in texts
        assert "as at 15 December 2017" in texts
        assert "Dates are illustrative." in texts
    assert "<b>Estates</b> & more" in texts
    assert "No dates yet: Events." in texts
    assert "Work to come" in texts
    assert "0 of 4 areas" in answer.content.decode()


def test_the_files_hold_the_table_of_the_page(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)
    BusinessArea.objects.filter(code="dogs").update(name="=HYPERLINK(1)")

    sent = browser_of_alice.get(address(scene, name="roadmap-csv"))
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))

    assert [row["Area"] for row in rows] == ["Estates", "Vetting", "'=HYPERLINK(1)", "Events"]
    assert rows[0] == {
        "Area": "Estates",
        "Category": "Business support",
        "Stage": "Implementation",
        "On hold since": "",
        "Lead force": "South Police",
        "Original baseline": "2018-01-01",
        "Approved": "2018-04-01",
        "Forecast or actual go-live": "2018-07-01",
        "Go-live is": "forecast",
        "Days later than approved": "91",
        "Days later than original baseline": "181",
        "Other milestones": "Case agreed: 2017-05-30, reached; Decision: 2017-05-30, overdue",
    }
    filtered = browser_of_alice.get(address(scene, "stage=LIVE", "roadmap-xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(filtered.content)).active
    heads, row = sheet.iter_rows()
    cells = {head.value: cell for head, cell in zip(heads, row, strict=True)}
    assert (cells["Area"].value, cells["Area"].data_type) == ("=HYPERLINK(1)", "s")
    assert cells["Approved"].is_date
    assert cells["Days later than approved"].value == 31


def test_an_alliance_without_areas_says_what_will_be_here(
    scene: Scene, browser_of_alice: Client
) -> None:
    assert "No business areas are recorded yet" in page_of(browser_of_alice, scene)
    for name in FILES:
        assert browser_of_alice.get(address(scene, name=name)).status_code == 200


def test_areas_without_any_date_are_still_listed(scene: Scene, browser_of_alice: Client) -> None:
    area(scene, "events")

    page = page_of(browser_of_alice, scene)

    assert "No dates yet" in page
    assert "Events" in dates_of_table(page)
    assert "app-roadmap-figure" not in page
    picture = browser_of_alice.get(address(scene, name="roadmap-svg"))
    assert "No dates yet: Events." in picture.content.decode()


def test_nothing_that_matches_says_what_to_do(scene: Scene, browser_of_alice: Client) -> None:
    a_programme(scene)

    assert "No business area matches" in page_of(browser_of_alice, scene, "search=zzz")


def test_another_alliances_roadmap_is_not_there(scene: Scene) -> None:
    mallory = factories.user()
    factories.role(user=mallory)

    for name in ("roadmap", *FILES):
        assert signed_in(mallory).get(address(scene, name=name)).status_code == 404
        assert Client().get(address(scene, name=name)).status_code == 302


def test_forty_areas_weigh_little(scene: Scene, browser_of_alice: Client) -> None:
    for n in range(40):
        one = area(scene, f"area-{n}", name=f"A business area with number {n}")
        for month, kind in enumerate(("BUSINESS_CASE", "CONSULTATION", "DECISION", "GO_LIVE"), 1):
            milestone(
                one, f"Step {kind}", kind, forecast_on=date(2016 + n % 4, month * 3, n % 28 + 1)
            )

    page = page_of(browser_of_alice, scene)

    assert len(gzip.compress(page.encode())) <= 150_000


def test_the_dashboard_and_the_navigation_lead_to_it(
    scene: Scene, browser_of_alice: Client
) -> None:
    page = browser_of_alice.get(reverse("overview", args=[scene.alliance.code])).content.decode()

    assert page.count(f'href="{reverse("roadmap", args=[scene.alliance.code])}"') == 2
    assert Alliance.objects.get(code="hills").today(TODAY) == TODAY


def test_a_reader_without_other_rights_sees_it(scene: Scene) -> None:
    a_programme(scene)
    bob: User = factories.user()
    factories.role(alliance=scene.alliance, user=bob)

    assert "Estates" in page_of(signed_in(bob), scene)
