"""Closing a year on its pages: who may, what they say, what they ask of the database."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programmes.models import Alliance
from savings.models import Amount, ClosingRequest, FinancialYear
from tests import factories
from tests.savings.pages.test_settlement_acts import many_areas
from tests.savings.settlements import name_everyone, the_hills, work_out

pytestmark = pytest.mark.django_db
MOST = 15
YEAR = "/alliances/hills/money/years/2016-17/"


@pytest.fixture
def hills(db: None) -> Alliance:
    """All of 2016/17 is shared and named; no settlement is proposed."""
    alliance = the_hills()
    name_everyone(alliance)
    work_out(alliance)
    return alliance


def officer(alliance: Alliance, code: str = "", kind: str = "FINANCE_OFFICER") -> Client:
    """A browser of a finance officer of one force, or of all."""
    force = alliance.forces.get(code=code) if code else None
    client = Client()
    client.force_login(factories.role(alliance=alliance, kind=kind, force=force).user)
    return client


def words(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def do(client: Client, step: str, year: str = YEAR, **typed: str) -> Any:
    """Send the step's form as its page has it."""
    shown = client.get(f"{year}{step}/")
    hidden = dict((shown.context or {}).get("hidden", ()))
    return client.post(f"{year}{step}/", {**hidden, "save": "1", **typed}, follow=True)


def test_one_force_asks_another_confirms_and_its_figures_say_that_they_are_closed(
    hills: Alliance,
) -> None:
    north, south = officer(hills, "north"), officer(hills, "south")
    shown = words(north.get(YEAR))
    assert "2016 to 2017 is open" in shown and "Ask to close 2016/17" in shown
    assert "No settlement of 2016/17 is proposed. Propose it" in shown
    assert "Say why the year is closed with what is left open" in words(do(north, "close"))
    shown = words(do(north, "close", note="Settled by hand"))
    assert "You asked for North Police that 2016/17 be closed." in shown
    assert "Take the request back" in shown and "Confirm for" not in shown
    assert "Confirm for South Police" in words(south.get(YEAR))
    shown = words(do(south, "confirm"))
    assert "2016/17 is closed. Its figures stay as they are." in shown
    assert "2016 to 2017 is closed" in shown and "“Settled by hand”" in shown
    assert FinancialYear.objects.get().closed_at
    again = words(do(south, "confirm"))
    assert "No request to close 2016/17 waits for an answer." in again


def test_it_is_refused_and_taken_back_with_a_reason(hills: Alliance) -> None:
    north, south = officer(hills, "north"), officer(hills, "south")
    do(north, "close", note="Settled by hand")
    assert "Say why the year is not closed" in words(do(south, "refuse"))
    shown = words(do(south, "refuse", reason="Fleet is wrong"))
    assert "2016/17 stays open." in shown and "“Fleet is wrong”" in shown
    do(north, "close", note="Once more")
    assert "It waits for another force’s answer." in words(north.get(YEAR))
    assert "North Police asked, so it alone takes it back" in words(
        do(south, "withdraw", reason="x")
    )
    assert "2016/17 stays open." in words(do(north, "withdraw", reason="Too early"))
    states = ClosingRequest.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["REFUSED", "WITHDRAWN"]


def test_nobody_but_a_forces_own_officer_closes_a_year_and_the_page_says_why(
    hills: Alliance,
) -> None:
    of_all, reader = officer(hills), officer(hills, kind="PANEL_MEMBER")
    for client in (of_all, reader):
        for step in ("close", "confirm", "refuse", "withdraw"):
            assert client.get(f"{YEAR}{step}/").status_code == 403
        assert "Ask to close" not in words(client.get(YEAR))
    said = "by a finance officer whose role names that force alone, and your role names no force."
    assert said in words(of_all.get(YEAR)) and said not in words(reader.get(YEAR))
    assert said in words(of_all.get(f"{YEAR}close/"))
    elsewhere = Client()
    elsewhere.force_login(factories.role(kind="FINANCE_OFFICER").user)
    assert elsewhere.get(YEAR).status_code == 404
    assert of_all.get("/alliances/hills/money/years/2011-12/").status_code == 404


def test_what_stops_it_is_listed_with_its_page_and_nothing_can_be_asked(hills: Alliance) -> None:
    Amount.objects.filter(alliance=hills, version="ACTUAL").update(borne_by=None)
    north = officer(hills, "north")
    shown = words(north.get(YEAR))
    assert "1 point of the list below stops it from being closed." in shown
    assert "No force is named for £210.00 in 2 areas. Name the forces" in shown
    assert "It cannot be closed yet." in words(north.get(f"{YEAR}close/"))
    shown = words(north.post(f"{YEAR}close/", {"save": "1", "note": "x", "priced": "x"}))
    assert "2016/17 cannot be closed: No force is named" in shown


def test_figures_that_moved_while_it_was_read_are_shown_before_they_are_frozen(
    hills: Alliance,
) -> None:
    north, south = officer(hills, "north"), officer(hills, "south")
    do(north, "close", note="Settled by hand")
    hidden = dict(south.get(f"{YEAR}confirm/").context["hidden"])
    Amount.objects.filter(alliance=hills, version="ACTUAL", item__kind="SAVING").update(pence=7)
    work_out(hills)
    shown = south.post(f"{YEAR}confirm/", {**hidden, "save": "1"})
    assert shown.status_code == 200 and not FinancialYear.objects.exists()
    assert "Other figures changed while you were looking" in words(shown)
    hidden = dict(shown.context["hidden"])
    south.post(f"{YEAR}confirm/", {**hidden, "save": "1"})
    assert FinancialYear.objects.exists()


# Every page with figures of a year, and what stands on it beside the year once that is closed.
WITH_THE_YEAR = (
    *("money/?year=2016-17&version=actual&kind=cost", "money/years/", "money/settlement/"),
    *("money/areas/fleet/2016-17/?version=actual&kind=cost", "money/settlement/2016-17/"),
    *(
        "money/settlement/2016-17/?version=forecast",
        "areas/fleet/",
        "",
        "money/items/?year=2016-17",
    ),
)
MARK = "app-tag--closed"


def test_closed_stands_beside_the_years_figures_on_every_page(hills: Alliance) -> None:
    client = officer(hills)
    hills.held_on = "2017-03-31"
    hills.save()
    amount = Amount.objects.filter(alliance=hills, version="ACTUAL").earliest("pk")
    pages = [*WITH_THE_YEAR, f"money/amounts/{amount.pk}/"]
    for page in pages:
        assert MARK not in client.get(f"/alliances/hills/{page}").content.decode(), page
    factories.financial_year(alliance=hills, year=2016, closed_at="2018-05-01T00:00Z")
    without = [
        page
        for page in pages
        if MARK not in client.get(f"/alliances/hills/{page}").content.decode()
    ]
    assert not without
    table = client.get("/alliances/hills/money/?table=by-year&file=csv&version=actual&kind=cost")
    assert "2016/17 closed" in table.content.decode()


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return sum("SAVEPOINT" not in each["sql"] for each in queries.captured_queries)


@pytest.mark.dialect
def test_its_pages_ask_little_and_no_more_for_400_areas_than_for_5() -> None:
    asked: dict[str, list[int]] = {}
    for code, count in (("few", 5), ("many", 400)):
        scene = many_areas(code, count)
        scene.alliance.held_on = "2018-01-01"
        scene.alliance.save()
        base = f"/alliances/{code}/money/years/"
        north, south = officer(scene.alliance, "north"), officer(scene.alliance, "south")
        do(north, "close", f"{base}2016-17/", note="Settled by hand")
        for page in ("", "2016-17/", "2016-17/confirm/", "2016-17/refuse/"):
            asked.setdefault(page, []).append(queries_of(south, f"{base}{page}"))
        factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")
        scene.size(scene.south, 1600, release=2)
        for page in ("2016-17/", "2016-17/post/"):
            asked.setdefault(f"closed, {page}", []).append(queries_of(south, f"{base}{page}"))
    assert not {page: each for page, each in asked.items() if not each[0] == each[1] <= MOST}
