"""The list of areas: what it shows, in which order, how many there are, and as which file."""

import csv
import html
import io
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from business_areas.models import BusinessArea, Milestone
from programmes.models import SavedView, User
from tests import factories
from tests.business_areas.conftest import signed_in
from tests.scenes import Scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]
TODAY = date(2017, 12, 15)


@pytest.fixture(autouse=True)
def _held(scene: Scene) -> None:
    scene.alliance.held_on = TODAY
    scene.alliance.save()


@pytest.fixture
def browser_of_alice(alice: User) -> Client:
    return signed_in(alice)


def area(scene: Scene, code: str, **fields: Any) -> BusinessArea:
    given = {"code": code, "name": code.title(), "last_update_on": TODAY, **fields}
    return factories.area(alliance=scene.alliance, **given)


def address(scene: Scene, query: str = "") -> str:
    return f"{reverse('areas', args=[scene.alliance.code])}?{query}"


def shown(client: Client, scene: Scene, query: str = "") -> list[str]:
    return [row.area.code for row in client.get(address(scene, query)).context["part"].rows]


def test_every_filter_is_in_the_address(
    scene: Scene, alice: User, browser_of_alice: Client
) -> None:
    area(scene, "dogs", category="OPERATIONAL_POLICING", stage="DESIGN", lead_force=scene.north)
    area(scene, "hr", owner=alice, on_hold_since=TODAY, hold_reason="Wait")
    area(scene, "old", stage="WITHDRAWN")
    scene.fleet.last_update_on = TODAY - timedelta(days=31)
    scene.fleet.save()

    assert shown(browser_of_alice, scene) == ["fleet", "hr", "dogs"]
    for query, codes in {
        "search=do": ["dogs"],
        "stage=DESIGN": ["dogs"],
        "stage=WITHDRAWN": ["old"],
        "category=BUSINESS_SUPPORT": ["fleet", "hr"],
        "force=north": ["dogs"],
        "owner=mine": ["hr"],
        f"owner={alice.pk}": ["hr"],
        "owner=nobody": ["fleet", "dogs"],
        "show=hold": ["hr"],
        "show=quiet": ["fleet"],
        "stage=NONSENSE&show=nonsense": ["fleet", "hr", "dogs"],
        "search=%3Cb%3E": [],
    }.items():
        assert shown(browser_of_alice, scene, query) == codes, query


@pytest.mark.parametrize(
    ("name", "searches"),
    [
        ("King’s Cross", ["King's", "king’s", "KING‘S cross", "kings"]),
        ("Siôn Evans’ “team”", ["Sion", "Siôn", 'evans\' "team"', "SIO\u0302N"]),
        ("Pre‑court – north", ["pre-court", "pre–court north"]),
        ("100% _ \\ sure", ["100%", "_", "\\"]),
    ],
)
def test_a_name_is_found_however_it_is_typed(
    scene: Scene, browser_of_alice: Client, name: str, searches: list[str]
) -> None:
    area(scene, "found", name=name)

    for typed in searches:
        query = urlencode({"search": typed})
        assert shown(browser_of_alice, scene, query) == (["found"] if typed != "kings" else [])


def test_the_way_back_from_an_area_keeps_the_lists_filter_and_order(
    scene: Scene, browser_of_alice: Client
) -> None:
    query = "search=fl&show=overdue&sort=-name"
    area(scene, "flags")
    factories.milestone(area=scene.fleet, forecast_on=TODAY - timedelta(days=1))

    page = browser_of_alice.get(address(scene, query)).content.decode()
    link = re.search(r'href="([^"]*/areas/fleet/\?list=[^"]*)"', page)
    assert link
    area_page = browser_of_alice.get(html.unescape(link[1])).content.decode()

    assert f'href="{html.escape(address(scene, query))}">Business areas</a>' in area_page
    wild = "?list=" + urlencode({"x": "search=fl&next=//evil&line=9"})[2:]
    assert f'href="{address(scene)}search=fl">Business areas' in (
        browser_of_alice.get(reverse("area", args=["hills", "fleet"]) + wild).content.decode()
    )


def test_due_and_overdue_follow_the_expected_date_of_what_is_not_reached(
    scene: Scene, browser_of_alice: Client
) -> None:
    for code, on, more in (
        ("late", TODAY - timedelta(days=1), {}),
        ("today", TODAY, {}),
        ("month-end", date(2017, 12, 31), {}),
        ("next-month", date(2018, 1, 1), {}),
        ("reached", TODAY - timedelta(days=9), {"actual_on": TODAY - timedelta(days=9)}),
    ):
        factories.milestone(area=area(scene, code), forecast_on=on, **more)
    factories.milestone(area=area(scene, "gone", stage="CLOSED"), forecast_on=date(2017, 12, 1))

    assert shown(browser_of_alice, scene, "show=due&sort=next") == ["late", "today", "month-end"]
    assert shown(browser_of_alice, scene, "show=overdue") == ["late"]
    page = browser_of_alice.get(address(scene)).content.decode()
    assert "1 day overdue" in page
    counts = browser_of_alice.get(address(scene)).context["counts"]
    assert (counts.total, counts.due, counts.overdue) == (7, 3, 1)


def test_the_statuses_are_those_of_the_dashboard_and_filter_and_sort(
    scene: Scene, browser_of_alice: Client
) -> None:
    late = area(scene, "late", head="Sam")
    factories.milestone(area=late, approved_on=date(2017, 9, 1), forecast_on=date(2018, 5, 1))
    area(scene, "silent", last_update_on=date(2017, 10, 1))

    worst = {
        row.area.code: row.said.worst
        for row in browser_of_alice.get(address(scene)).context["part"].rows
    }

    assert worst == {"fleet": "NOT_RATED", "late": "RED", "silent": "NOT_RATED"}
    assert shown(browser_of_alice, scene, "status=RED") == ["late"]
    assert shown(browser_of_alice, scene, "sort=status")[0] == "late"
    page = browser_of_alice.get(address(scene)).content.decode()
    assert "No update for 75 days" in page
    assert "No update on record" in page
    sent = browser_of_alice.get(reverse("areas-csv", args=["hills"]) + "?status=RED")
    lines = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [(line["Area"], line["Timescales"]) for line in lines] == [("Late", "Red")]


@pytest.mark.parametrize(
    "order", ["name", "stage", "lead", "owner", "status", "next", "golive", "updated"]
)
def test_every_column_sorts_both_ways_with_the_unknown_last(
    scene: Scene, alice: User, browser_of_alice: Client, order: str
) -> None:
    known = area(scene, "a", stage="DESIGN", lead_force=scene.north, owner=alice)
    factories.milestone(area=known, forecast_on=TODAY)

    up = shown(browser_of_alice, scene, f"sort={order}")
    down = shown(browser_of_alice, scene, f"sort=-{order}")

    assert sorted(up) == sorted(down) == ["a", "fleet"]
    if order in {"lead", "owner", "next", "golive", "updated"}:
        assert up == down == ["a", "fleet"]
    else:
        assert up == down[::-1]


def test_a_head_sorts_and_keeps_the_filters(scene: Scene, browser_of_alice: Client) -> None:
    page = browser_of_alice.get(address(scene, "category=BUSINESS_SUPPORT&sort=name"))

    assert 'aria-sort="ascending"' in page.content.decode()
    assert "?category=BUSINESS_SUPPORT&amp;sort=-name" in page.content.decode()


def test_the_files_hold_what_the_page_shows_typed_and_inert(
    scene: Scene, alice: User, browser_of_alice: Client
) -> None:
    evil = area(scene, "evil", name="=HYPERLINK(1)", owner=alice, lead_force=scene.north)
    factories.milestone(
        area=evil, name="+Go", approved_on=date(2017, 12, 1), forecast_on=date(2017, 12, 11)
    )
    query = "search=hyperlink"

    sent = browser_of_alice.get(reverse("areas-csv", args=[scene.alliance.code]) + f"?{query}")
    lines = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [line["Area"] for line in lines] == ["'=HYPERLINK(1)"]
    assert lines[0]["Next milestone"] == "'+Go"
    assert lines[0]["Go-live"] == "2017-12-11"
    assert lines[0]["Days later than approved"] == "10"

    sent = browser_of_alice.get(reverse("areas-xlsx", args=[scene.alliance.code]) + f"?{query}")
    heads, row = openpyxl.load_workbook(io.BytesIO(sent.content)).active.iter_rows()
    cells = {head.value: cell for head, cell in zip(heads, row, strict=True)}
    assert cells["Area"].value == "=HYPERLINK(1)"
    assert cells["Area"].data_type == "s"
    assert cells["Go-live"].is_date
    assert cells["Days later than approved"].value == 10
    assert cells["Days overdue"].value == 4


def test_the_page_asks_as_few_questions_for_four_hundred_areas_as_for_five(
    scene: Scene, browser_of_alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    areas = BusinessArea.objects.bulk_create(
        BusinessArea(
            alliance=scene.alliance, code=f"a{n}", name=f"Area {n}", category="BUSINESS_SUPPORT"
        )
        for n in range(400)
    )
    Milestone.objects.bulk_create(
        Milestone(
            alliance=scene.alliance, area=each, code="go", name="Go live", kind="GO_LIVE",
            forecast_on=TODAY - timedelta(days=1),
        )
        for each in areas
    )  # fmt: skip

    with django_assert_max_num_queries(15):
        page = browser_of_alice.get(address(scene))

    assert page.context["counts"].overdue == 400


def test_a_view_is_saved_shared_and_taken_away(
    scene: Scene, alice: User, bob: User, browser_of_alice: Client
) -> None:
    save = reverse("areas-save-view", args=[scene.alliance.code]) + "?stage=DESIGN&junk=1&sort=name"

    assert (
        "Enter a name for the view" in browser_of_alice.post(save, {"name": " "}).content.decode()
    )
    for _ in range(2):
        sent = browser_of_alice.post(save, {"name": "In design", "is_shared": "on"})
        assert sent.url == address(scene, "stage=DESIGN&sort=name")
    view = SavedView.objects.get()

    seen_by_bob = signed_in(bob).get(address(scene)).content.decode()
    assert "shared by Alice Archer" in seen_by_bob
    assert "?stage=DESIGN&amp;sort=name" in seen_by_bob
    forget = reverse("areas-forget-view", args=[scene.alliance.code, view.pk])
    signed_in(bob).post(forget)
    assert SavedView.objects.exists()
    browser_of_alice.post(forget)
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_for_a_persons_views(scene: Scene, browser_of_alice: Client) -> None:
    save = reverse("areas-save-view", args=[scene.alliance.code])
    browser_of_alice.post(f"{save}?stage=DESIGN", {"name": "Mine"})

    sent = browser_of_alice.post(f"{save}?stage=LIVE", {"name": "Mine"})

    assert "You already have a view with this name" in sent.content.decode()


def test_an_alliance_without_areas_says_what_to_do(alice: User, scene: Scene) -> None:
    scene.fleet.delete()

    page = signed_in(alice).get(address(scene)).content.decode()

    assert "No business areas are recorded yet" in page


def test_another_alliances_list_is_not_there(scene: Scene, mallory: User) -> None:
    for name in ("areas", "areas-csv", "areas-xlsx", "areas-save-view", "area-add"):
        sent = signed_in(mallory).get(reverse(name, args=[scene.alliance.code]))
        assert sent.status_code == 404


def test_who_only_looks_gets_no_ticks(scene: Scene, bob: User) -> None:
    page = signed_in(bob).get(address(scene)).content.decode()

    assert 'type="checkbox"' not in page
    assert "Add an area" not in page
