"""The pages that record, correct, add and remove milestones, as forms without script."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from business_areas.models import BusinessArea, Milestone, MovedDate
from programmes.models import Role
from savings.models import RecomputeRequest
from tests import factories
from tests.alliance_portal.dates.moves import Alliance, an_alliance
from tests.saving import saved

pytestmark = pytest.mark.django_db

AREA = "/alliances/hills/areas/fleet/"
CASE = f"{AREA}milestones/case/"


@pytest.fixture
def known() -> Alliance:
    return an_alliance()


@pytest.fixture
def client(known: Alliance) -> Client:
    return known.client(known.alice)


@pytest.fixture
def case(known: Alliance) -> Milestone:
    """A business case due in January 2017, in an alliance held on 1 February."""
    return factories.milestone(
        area=known.scene.fleet,
        code="case",
        name="Case",
        kind="BUSINESS_CASE",
        approved_on=date(2017, 1, 10),
        forecast_on=date(2017, 1, 20),
    )


def on(day: str, month: str, year: str, name: str = "to", **more: str) -> dict[str, str]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year, **more}


def words(answer: HttpResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def errors(answer: HttpResponse) -> list[str]:
    part = answer.content.decode().split("govuk-error-summary__list")[1].split("</ul>")[0]
    return [html.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]


def test_a_reached_date_is_typed_checked_and_saved(client: Client, case: Milestone) -> None:
    assert "Record that it has been reached" in words(client.get(CASE))
    typed = on("25", "1", "2017", details="All signed.", seen="1")

    checked = client.post(f"{CASE}reached/", typed)
    assert "Nothing has been saved yet." in words(checked)
    assert "No pounds move" in words(checked)
    done = client.post(f"{CASE}reached/", {**typed, "save": "1"})
    again = client.post(f"{CASE}reached/", {**typed, "save": "1"})

    change = MovedDate.objects.get()
    assert done["Location"] == again["Location"] == f"{CASE}changes/{change.pk}/"
    assert "Actual date saved: 25 January 2017" in words(client.get(done["Location"]))
    page = words(client.get(CASE))
    assert "Reached on 25 January 2017, 15 days later than approved, " in page
    assert "Correct the actual date" in page
    assert "Actual date: 25 January 2017" in page


def test_what_the_date_does_to_each_force_is_shown_before_it_is_saved(
    known: Alliance, client: Client, case: Milestone
) -> None:
    factories.item(
        area=known.scene.fleet, milestone=case, full_year_pence=120_000, ramp=[100], kind="SAVING"
    )

    page = words(client.post(f"{CASE}reached/", on("15", "12", "2016", seen="1")))
    assert "Forecast: what each force gains or loses" in page
    assert "Actual 15 December 2016" in page
    assert not RecomputeRequest.objects.exists()
    saved(client, f"{CASE}reached/", on("15", "12", "2016", seen="1"))
    assert RecomputeRequest.objects.filter(area=known.scene.fleet).exists()


def test_a_date_is_corrected_with_a_reason_and_taken_back(client: Client, case: Milestone) -> None:
    client.post(f"{CASE}reached/", on("25", "1", "2017", seen="1", save="1"))
    assert client.get(f"{CASE}reached/")["Location"] == f"{CASE}reached/correct/"
    right = on("24", "1", "2017", what="day", details="Dated the 24th.", seen="2")

    assert "25 January 2017 → 24 January 2017" in words(
        client.post(f"{CASE}reached/correct/", right)
    )
    client.post(f"{CASE}reached/correct/", {**right, "save": "1"})
    none = {"what": "not", "details": "Only three signed.", "seen": "3"}
    assert "25 January 2017 → not reached" not in words(client.get(CASE))
    assert "Save that it has not been reached" in words(
        client.post(f"{CASE}reached/correct/", none)
    )
    client.post(f"{CASE}reached/correct/", {**none, "save": "1"})

    case.refresh_from_db()
    assert case.actual_on is None
    page = words(client.get(CASE))
    assert "Actual date: 24 January 2017 → none" in page
    assert "Only three signed." in page
    assert client.get(f"{CASE}reached/correct/")["Location"] == f"{CASE}reached/"


BAD = [
    (on("31", "2", "2017"), "Actual date must be a real date, for example 31 3 2018"),
    (on("1", "1", "17"), "Actual date must have a year of four digits, for example 2018"),
    (on("", "", ""), "Enter the actual date"),
    (on("2", "2", "2017"), "The actual date must be today, 1 February 2017, or earlier."),
    (on("1", "1", "2015"), "The date must be on or after 1 March 2015"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_a_date_that_cannot_be_gets_one_sentence(
    client: Client, case: Milestone, typed: dict[str, str], sentence: str
) -> None:
    page = client.post(f"{CASE}reached/", {**typed, "seen": "1"})

    assert [said for said in errors(page) if said.startswith(sentence)] == errors(page) != []
    assert not MovedDate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({}, ["Choose what is wrong", "Enter why the date is corrected"]),
        ({"what": "day", "details": "So"}, ["Enter the right actual date"]),
        (
            {"what": "day", "details": "So", **on("25", "1", "2017")},
            ["The actual date is 25 January 2017 already; enter another date."],
        ),
    ],
)
def test_a_correction_that_cannot_be_gets_a_sentence_at_each_field(
    client: Client, case: Milestone, typed: dict[str, str], sentences: list[str]
) -> None:
    client.post(f"{CASE}reached/", on("25", "1", "2017", seen="1", save="1"))

    assert errors(client.post(f"{CASE}reached/correct/", {**typed, "seen": "2"})) == sentences


def test_someone_else_who_was_first_is_shown_and_nothing_typed_is_lost(
    known: Alliance, client: Client, case: Milestone
) -> None:
    client.post(f"{CASE}reached/", on("25", "1", "2017", seen="1", save="1"))

    page = client.post(f"{CASE}reached/", on("26", "1", "2017", details="Mine", seen="1", save="1"))

    assert page.status_code == 409
    said = words(page)
    assert "You saved this elsewhere" in said
    assert "Actual date nothing 25 January 2017 26 January 2017" in said
    assert "Mine" in said
    assert 'value="26"' in page.content.decode()
    assert MovedDate.objects.count() == 1


def test_a_go_live_leads_to_no_page_for_its_actual_date(client: Client, known: Alliance) -> None:
    go_live = f"{AREA}milestones/go-live/"

    assert "Record that it has been reached" not in words(client.get(go_live))
    for page in ("reached/", "reached/correct/"):
        assert client.get(f"{go_live}{page}")["Location"] == f"{AREA}go-live/"
    assert client.get(f"{go_live}remove/")["Location"] == go_live


def given(**more: str) -> dict[str, Any]:
    return {
        "name": "Staff <b>move</b> in",
        "kind": "OTHER",
        "provisional": "yes",
        **on("1", "5", "2017", "forecast_on"),
        **more,
    }


def test_a_milestone_is_added_from_the_areas_page_and_listed_there(client: Client) -> None:
    assert f"{AREA}add-milestone/" in client.get(AREA).content.decode()

    first = client.post(f"{AREA}add-milestone/", given(), follow=True)
    client.post(f"{AREA}add-milestone/", given())

    assert "Staff <b>move</b> in is added." in words(first)
    assert "<b>move" not in first.content.decode()
    added = Milestone.objects.get(kind="OTHER")
    assert (added.baseline_on, added.is_provisional) == (date(2017, 5, 1), True)
    assert added.name in words(client.get(AREA))


@pytest.mark.parametrize(
    ("more", "sentences"),
    [
        ({"name": "", "kind": ""}, ["Enter the name of the milestone", "Choose the kind"]),
        (
            {"name": "x" * 400},
            ["The name must be 200 characters or fewer; it has 400, which is 200 too many"],
        ),
        ({"kind": "GO_LIVE"}, None),
        (on("31", "2", "2017", "forecast_on"), None),
        (on("", "", "", "forecast_on"), ["Enter at least one of the two dates."]),
        ({"name": "Go LIVE"}, ["Fleet has a milestone called Go LIVE already."]),
        (
            on("1", "1", "2014", "baseline_on"),
            ["The date must be on or after 1 March 2015, when the alliance began: check the year."],
        ),
    ],
)
def test_a_milestone_that_cannot_be_added_gets_a_sentence_at_each_field(
    client: Client, more: dict[str, str], sentences: list[str] | None
) -> None:
    page = client.post(f"{AREA}add-milestone/", given(**more))

    assert len(errors(page)) == len(sentences or [""])
    assert errors(page) == (sentences or errors(page))
    assert Milestone.objects.count() == 1


def test_a_removed_milestone_is_gone_and_sent_twice_it_is_still_gone(
    client: Client, case: Milestone
) -> None:
    page = words(client.get(f"{CASE}remove/"))
    assert "For a milestone that was entered by mistake" in page
    assert errors(client.post(f"{CASE}remove/", {"seen": "1"})) == [
        "Say why the milestone is removed"
    ]

    sent = {"reason": "Entered twice", "seen": "1"}
    once = client.post(f"{CASE}remove/", sent, follow=True)
    again = client.post(f"{CASE}remove/", sent, follow=True)

    assert "Case is removed; the history keeps it." in words(once)
    assert "Entered twice" in words(once)
    assert "That milestone is removed already." in words(again)
    assert client.get(CASE).status_code == 404


def test_a_milestone_that_changed_meanwhile_is_looked_at_again_before_it_goes(
    client: Client, case: Milestone
) -> None:
    client.post(f"{CASE}reached/", on("25", "1", "2017", seen="1", save="1"))

    page = client.post(f"{CASE}remove/", {"reason": "Mistake", "seen": "1"})

    assert page.status_code == 409
    assert "Actual date nothing 25 January 2017" in words(page)
    assert 'name="seen" value="2"' in page.content.decode()
    assert Milestone.objects.filter(code="case").exists()


def test_money_that_starts_from_a_milestone_keeps_it(
    known: Alliance, client: Client, case: Milestone
) -> None:
    factories.item(area=known.scene.fleet, milestone=case, name="Vans")

    page = client.post(f"{CASE}remove/", {"reason": "Mistake", "seen": "1"})

    assert "Case cannot be removed while money starts from it (Vans)" in errors(page)[0]


PAGES = ("add-milestone/", "milestones/case/reached/", "milestones/case/remove/")


@pytest.mark.parametrize("page", PAGES)
def test_who_may_only_look_is_refused_and_strangers_find_nothing(
    known: Alliance, case: Milestone, page: str
) -> None:
    looker = factories.role(alliance=known.scene.alliance).user
    mallory = factories.role(kind=Role.Kind.PROGRAMME_MANAGER).user

    for method in ("get", "post"):
        assert getattr(known.client(looker), method)(f"{AREA}{page}").status_code == 403
        assert getattr(known.client(mallory), method)(f"{AREA}{page}").status_code == 404


def test_a_withdrawn_area_gets_no_milestone(client: Client, known: Alliance) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")

    page = client.get(reverse("area-add-milestone", args=["hills", "fleet"]), follow=True)

    assert "Fleet is withdrawn, so its dates no longer change." in words(page)
    assert "Add a milestone" not in words(page)
