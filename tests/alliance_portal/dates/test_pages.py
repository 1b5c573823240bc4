"""The pages on which a date changes, and the by-month lists."""

import csv
import html
import re
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from business_areas.models import BusinessArea, Milestone, MovedDate
from business_areas.reasons import LATER
from programmes.models import Change, Role
from savings.models import Item, RecomputeRequest
from tests import factories
from tests.alliance_portal.dates.moves import (
    MILESTONE,
    REASON,
    TOLD,
    Alliance,
    an_alliance,
    answers,
)
from tests.saving import saved

pytestmark = pytest.mark.django_db

TOO_LONG = "What happened must be 2,000 characters or fewer; it has 2,001, which is 1 too many"

JULY, JUNE = date(2017, 7, 1), date(2017, 6, 1)
MOST_QUERIES = 15


@pytest.fixture
def known() -> Alliance:
    return an_alliance()


@pytest.fixture
def client(known: Alliance) -> Client:
    return known.client(known.alice)


def boxes(day: str, month: str, year: str, **more: str) -> dict[str, str]:
    return {"to_day": day, "to_month": month, "to_year": year, "provisional": "yes", **more}


def words(answer: HttpResponse) -> str:
    """The page's text on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def summary(answer: HttpResponse) -> list[str]:
    """The sentences of the error summary, whose links all lead somewhere on the page."""
    page = answer.content.decode()
    part = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    for target in re.findall(r'href="#([^"]+)"', part):
        assert f'id="{target}"' in page
    return [html.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]


def test_the_page_keeps_the_four_dates_apart_and_says_why_they_matter(client: Client) -> None:
    page = words(client.get(MILESTONE))

    assert "Original baseline 1 April 2017 Approved 1 April 2017 Forecast 1 April 2017" in page
    assert "Actual Not reached yet" in page
    assert "The forecast of 3 items starts from this date" in page
    assert "No date has been changed here yet" in page


def test_four_pages_lead_from_the_date_to_the_saved_change(known: Alliance, client: Client) -> None:
    first = client.post(MILESTONE, boxes("1", "July", "2017", seen="1"))
    assert first.status_code == 302
    second = client.get(first["Location"])
    assert "Why does the date move later?" in words(second)
    assert LATER[0] in words(second)

    third = client.post(REASON, answers(JULY, 1))
    assert "Nothing has been saved yet." in words(third)
    assert "One month earlier 1 June 2017" in words(third)
    assert "One month later 1 August 2017" in words(third)
    assert not MovedDate.objects.exists()

    priced = re.search(r'name="priced" value="(\w+)"', third.content.decode())
    assert priced
    done = client.post(REASON, answers(JULY, 1, priced=priced[1], save="1"))
    moved = MovedDate.objects.get()
    assert done["Location"] == f"{MILESTONE}changes/{moved.pk}/"
    fourth = words(client.get(done["Location"]))
    assert "Forecast date saved: 1 July 2017" in fourth
    assert "What happens next" in fourth
    assert "Each force’s shares are being worked out again" in fourth
    assert RecomputeRequest.objects.exists()
    change = moved.change
    assert (change.made_by, change.reason, change.details) == (
        known.alice,
        "Technology is not ready",
        TOLD,
    )


BAD = [
    (("31", "2", "2017"), "New forecast date must be a real date, for example 31 3 2018"),
    (("1", "7", "17"), "New forecast date must have a year of four digits, for example 2018"),
    (("1", "7", "2101"), "New forecast date must be between 1900 and 2100: check the year"),
    (("1", "7", ""), "New forecast date must include a year"),
    (("", "", ""), "Enter the new forecast date"),
    (("1", "4", "2017"), "The forecast date is 1 April 2017 already; enter another date."),
    (
        ("28", "2", "2015"),
        "The date must be on or after 1 March 2015, when the alliance began: check the year.",
    ),
    (("<b>1", "7", "2017"), "New forecast date must be a real date, for example 31 3 2018"),
]


@pytest.mark.parametrize("typed, sentence", BAD)
def test_a_bad_date_has_one_sentence_and_keeps_what_was_typed(
    client: Client, typed: tuple[str, str, str], sentence: str
) -> None:
    answer = client.post(MILESTONE, boxes(*typed))

    assert summary(answer) == [sentence]
    assert "<title>Error: " in answer.content.decode()
    for value in filter(None, typed):
        assert f'value="{html.escape(value)}"' in answer.content.decode()


def test_the_summary_is_in_page_order(client: Client) -> None:
    answer = client.post(MILESTONE, {})

    assert summary(answer) == [
        "Enter the new forecast date",
        "Choose whether the new date is provisional or confirmed",
    ]


@pytest.mark.parametrize(
    "given, sentences",
    [
        ({"reason": ""}, ["Choose the reason that fits best"]),
        ({"reason": "Design was agreed sooner than planned"}, ["Choose a reason that fits the new date"]),
        ({"details": " "}, ["Enter what happened, in a sentence or two"]),
        ({"details": "x" * 2001}, [TOO_LONG]),
        (
            {"reason": "", "details": ""},
            ["Choose the reason that fits best", "Enter what happened, in a sentence or two"],
        ),
    ],
)  # fmt: skip
def test_a_bad_reason_has_one_sentence_each(
    client: Client, given: dict[str, str], sentences: list[str]
) -> None:
    assert summary(client.post(REASON, answers(JULY, 1, **given))) == sentences


@pytest.mark.parametrize("to", ["", "x", "2017-02-31", "20170701x"])
def test_an_address_without_a_date_leads_back_to_where_it_is_typed(client: Client, to: str) -> None:
    assert client.get(REASON, {"to": to})["Location"] == MILESTONE
    assert client.post(REASON, {"to": to})["Location"] == MILESTONE


def test_a_date_that_cannot_be_is_refused_at_every_page(client: Client) -> None:
    assert client.get(REASON, {"to": "2017-04-01"})["Location"] == MILESTONE
    for more in ({}, {"save": "1"}):
        answer = client.post(REASON, answers(date(2014, 1, 1), 1, **more))
        assert len(summary(answer)) == 1
    assert not MovedDate.objects.exists()


def test_changing_what_was_typed_keeps_it(client: Client) -> None:
    answer = client.post(REASON, answers(JULY, 1, change="1"))

    assert TOLD in words(answer)
    assert re.search(r'value="Technology is not ready"\s+checked', answer.content.decode())
    assert 'value="1"' in client.get(f"{MILESTONE}?to=2017-07-01").content.decode()


def test_a_month_earlier_can_be_taken_instead(client: Client) -> None:
    answer = client.post(REASON, answers(JULY, 1, instead="2017-06-01"))

    assert "Save 1 June 2017" in words(answer)


def test_a_double_submit_has_one_effect(client: Client) -> None:
    first = saved(client, REASON, answers(JULY, 1))
    second = saved(client, REASON, answers(JULY, 1))

    assert first["Location"] == second["Location"]
    assert MovedDate.objects.count() == 1


def test_if_someone_else_saved_first_both_values_are_shown_and_nothing_is_lost(
    known: Alliance, client: Client
) -> None:
    theirs = {"details": "Funding <b>came</b> late.", "reason": "Money is not yet approved"}
    saved(known.client(known.bob), REASON, answers(JUNE, 1, **theirs))

    for more in ({}, {"save": "1"}):
        stale = client.post(REASON, answers(JULY, 1, **more))
        page = words(stale)
        assert stale.status_code == 409
        assert "Bob saved this while you were typing" in page
        assert "Money is not yet approved: Funding <b>came</b> late." in page
        assert "Forecast date 1 April 2017 1 June 2017 1 July 2017" in page
        assert TOLD in page
    assert Milestone.objects.get().forecast_on == JUNE

    seen = re.search(r'name="seen" value="(\d+)"', stale.content.decode())
    assert seen
    again = client.post(REASON, answers(JULY, int(seen[1])))
    assert "1 June 2017 → 1 July 2017, 30 days later" in words(again)
    saved(client, REASON, answers(JULY, int(seen[1])))
    assert Milestone.objects.get().forecast_on == JULY


def test_if_other_figures_moved_meanwhile_the_new_price_is_shown_before_saving(
    known: Alliance, client: Client
) -> None:
    answer = client.post(REASON, answers(JULY, 1, save="1", priced="0" * 16))

    assert "Other figures changed while you were looking" in words(answer)
    assert not MovedDate.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_history_is_cards_newest_first_with_who_from_to_and_why(
    known: Alliance, client: Client
) -> None:
    saved(client, REASON, answers(JULY, 1))
    client.post(f"{MILESTONE}confirm/", {"seen": "2"})
    bob = known.client(known.bob)
    saved(bob, REASON, answers(JUNE, 3, reason="The date on record was wrong"))

    page = words(client.get(MILESTONE))
    history = page.split("History", 1)[1]
    newest = history.index("Forecast date: 1 July 2017 → 1 June 2017")
    confirmed = history.index("Forecast date confirmed: 1 July 2017")
    oldest = history.index("Forecast date: 1 April 2017 → 1 July 2017")
    assert newest < confirmed < oldest
    assert "30 days earlier. The date on record was wrong." in history
    assert "91 days later. Technology is not ready." in history
    assert history.index("Bob,") < history.index("Alice,")
    assert history.count("The change of") == 2


@pytest.mark.django_db(transaction=True)
def test_home_says_of_a_date_that_others_moved_who_why_and_what_it_did(
    known: Alliance, client: Client
) -> None:
    saved(client, REASON, answers(JULY, 1))
    change = Change.objects.get()

    page = known.client(known.bob).get("/")

    moved = words(page).split("Moved by others", 1)[1]
    assert "1 April 2017" in moved and "1 July 2017" in moved
    assert "Alice" in moved and "Technology is not ready" in moved
    assert "Forecast: " in moved and "loses £" in moved
    assert reverse("money-change", args=[change.alliance.code, change.pk]) in page.content.decode()
    assert "Moved by others" not in words(client.get("/"))


def test_those_who_only_look_see_the_dates_and_cannot_change_them(known: Alliance) -> None:
    reader = factories.role(alliance=known.scene.alliance, kind=Role.Kind.PANEL_MEMBER).user
    client = known.client(reader)

    assert "Continue" not in words(client.get(MILESTONE))
    for address in (MILESTONE, REASON, f"{MILESTONE}confirm/", f"{MILESTONE}approved/"):
        assert client.post(address, answers(JULY, 1, save="1")).status_code == 403
    assert not MovedDate.objects.exists()


def test_another_alliances_milestone_is_a_missing_page(known: Alliance) -> None:
    stranger = known.client(factories.role().user)

    for address in (MILESTONE, f"{MILESTONE}slippage/", "/alliances/hills/dates/"):
        assert stranger.get(address).status_code == 404
    assert known.client(known.alice).get("/alliances/hills/milestones/go-live/").status_code == 404


def test_a_withdrawn_areas_page_stands_and_says_that_its_dates_stay(client: Client) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")

    assert "Fleet is withdrawn. Its dates stay on record as they were." in words(
        client.get(MILESTONE)
    )
    sent = client.post(MILESTONE, boxes("1", "7", "2017"), follow=True)
    assert "Fleet is withdrawn, so its dates no longer change." in words(sent)
    done = client.post(REASON, answers(JULY, 1, save="1"), follow=True)
    assert "Fleet is withdrawn, so its dates no longer change." in words(done)


def test_long_names_and_markup_are_shown_as_text(known: Alliance, client: Client) -> None:
    BusinessArea.objects.update(name="<script>alert(1)</script>" + "W" * 170)
    Milestone.objects.update(name="<i>" + "M" * 190)

    for address in (MILESTONE, "/alliances/hills/dates/?first=2017-04"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_programmes_own_milestone_has_the_same_pages(known: Alliance, client: Client) -> None:
    factories.milestone(
        alliance=known.scene.alliance, area=None, code="board", name="Board", forecast_on=JUNE
    )
    own = "/alliances/hills/milestones/board/"

    assert "No item’s forecast starts from this date" in words(client.get(own))
    priced = client.post(f"{own}reason/", answers(JULY, 1))
    assert "No pounds move" in words(priced)
    done = client.post(f"{own}reason/", answers(JULY, 1, save="1"))
    assert client.get(done["Location"]).status_code == 200


def test_by_month_lists_what_is_due_and_what_has_moved(client: Client) -> None:
    saved(client, REASON, answers(JULY, 1))

    april = "/alliances/hills/dates/?first=2017-04&last=2017-04"
    assert "Nothing is due in these months" in words(client.get(april))
    moved = words(client.get(f"{april}&tab=moved"))
    assert "Was due in April 2017 and has moved" in moved
    assert "1 April 2017 1 July 2017 Provisional 91 days later Technology is not ready" in moved
    due = words(client.get("/alliances/hills/dates/?first=2017-06&last=2017-07"))
    assert "Due from June 2017 to July 2017" in due
    assert "Go live , Fleet Fleet 1 July 2017 Provisional 1 April 2017 91 days later" in due


def test_an_alliance_without_milestones_says_what_will_be_here(
    known: Alliance, client: Client
) -> None:
    Item.objects.update(milestone=None, ramp=[])
    Milestone.objects.all().delete()

    assert "Nothing is due in these months" in words(client.get("/alliances/hills/dates/"))
    moved = client.get("/alliances/hills/dates/?tab=moved")
    assert "Nothing has moved out of these months" in words(moved)


def test_without_an_address_the_month_is_todays(client: Client) -> None:
    assert "Due in February 2017" in words(client.get("/alliances/hills/dates/"))


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("first=2017-13", "Write the first month as 2018-03"),
        ("first=%3Cb%3E", "Write the first month as 2018-03"),
        ("first=2017-05&last=2017-04", "The last month must not be before the first"),
        ("first=0001-01", "The year must be between 1900 and 2100"),
    ],
)
def test_months_that_cannot_be_say_so_and_show_this_month(
    client: Client, query: str, sentence: str
) -> None:
    answer = client.get(f"/alliances/hills/dates/?{query}")

    assert sentence in summary(answer)
    assert "Due in February 2017" in words(answer)


def test_the_csv_matches_the_list_and_runs_nothing(known: Alliance, client: Client) -> None:
    saved(client, REASON, answers(JULY, 1, details='=HYPERLINK("x")'))

    answer = client.get("/alliances/hills/dates/file.csv?first=2017-04&last=2017-04&tab=moved")

    assert "hills-dates-moved-2017-04-to-2017-04.csv" in answer["Content-Disposition"]
    file = ContentFile(answer.content.decode("utf-8-sig"))
    (row,) = csv.DictReader(file.open("r"))
    assert row["Was due"] == "2017-04-01"
    assert row["Forecast"] == "2017-07-01"
    assert row["Moved"] == "91 days later"
    assert row["Changed by"] == "Alice"
    assert row["Details"].startswith("'=")


def test_slippage_is_priced_ever_after(client: Client) -> None:
    assert "It is on its approved date" in words(client.get(f"{MILESTONE}slippage/"))
    saved(client, REASON, answers(JULY, 1))

    page = words(client.get(f"{MILESTONE}slippage/"))
    assert "approved 1 April 2017, forecast 1 July 2017, 91 days later" in page
    assert "Against the forecast with the milestone on its approved date." in page


@pytest.mark.parametrize(
    "address",
    [
        MILESTONE,
        f"{MILESTONE}slippage/",
        f"{MILESTONE}approved/",
        f"{REASON}?to=2017-07-01&seen=2",
        "/alliances/hills/dates/?first=2017-04&tab=moved",
        "/alliances/hills/dates/file.csv",
    ],
)
def test_queries_are_few_and_the_same_for_many(
    known: Alliance, client: Client, address: str
) -> None:
    saved(client, REASON, answers(JUNE, 1))
    counts = []
    for more in (0, 30):
        for _ in range(more):
            area = factories.area(alliance=known.scene.alliance)
            factories.milestone(area=area, forecast_on=JUNE, approved_on=date(2017, 4, 1))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_the_price_page_takes_few_queries_too(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.post(REASON, answers(JULY, 1))
    assert len(queries) <= MOST_QUERIES
