"""The dashboard's pages on both samples and where there is little or nothing to show."""

import re
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Alliance, Role
from tests import factories
from tests.serving import load_samples

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
PAGES = ("overview", "overview-about", "overview-figures", "overview-changes", "statuses")


def words(response: object) -> str:
    """The page's text, without marks and with single spaces."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))
        .replace(" .", ".")
        .replace(" ,", ",")
    )


@pytest.fixture
def look(client: Client):
    """Open a page of an alliance as its programme manager."""

    def opened(alliance: Alliance, name: str = "overview", query: str = "", *more: str):
        role = Role.objects.filter(alliance=alliance, kind="PROGRAMME_MANAGER").first()
        role = role or factories.role(alliance=alliance, kind="PROGRAMME_MANAGER")
        client.force_login(role.user)
        response = client.get(f"{reverse(name, args=[alliance.code, *more])}{query}")
        assert response.status_code == 200
        return response

    return opened


@pytest.fixture
def samples() -> dict[str, Alliance]:
    load_samples()
    return {each.code: each for each in Alliance.objects.all()}


def test_the_sample_is_summed_up_from_its_data(samples, look):
    page = words(look(samples["devon-cornwall-dorset"]))

    assert "19 of 32 business areas are live." in page
    assert (
        "Savings for 2017 to 2018 are set to come to £6.1 million, £0.4 million below plan" in page
    )
    assert "3 more since 30 September 2017" in page
    assert "36.6%" in page
    late = "4 of 12 areas to go live are more than 30 days later than approved or overdue"
    assert f"{late}; 1 is not rated." in page
    assert "Information assurance live on 1 November 2017" in page


def test_a_freshly_loaded_sample_shows_no_change_but_go_lives(samples, look):
    page = look(samples["devon-cornwall-dorset"], "overview-changes")

    assert {each.kind for each in page.context["dashboard"].changes} == {"LIVE"}


def test_a_programme_that_has_not_gone_live_says_so(samples, look):
    page = words(look(samples["east-midlands"]))

    assert "None of 17 business areas is live." in page
    assert "Not known" in page


def test_every_page_of_both_samples_opens_within_its_queries(samples, look):
    for alliance, name in product(samples.values(), PAGES):
        look(alliance, name)
        with CaptureQueriesContext(connection) as queries:
            look(alliance, name)
        seen = [each["sql"] for each in queries if "INSERT" not in each["sql"][:20]]
        asked = [sql for sql in seen if "django_session" not in sql and "last_login" not in sql]
        assert len(asked) <= MOST_QUERIES, asked


def _many(alliance: Alliance, areas: int) -> None:
    force = factories.force(alliance=alliance)
    factories.membership(force=force)
    for n in range(areas):
        area = factories.area(alliance=alliance, stage="DESIGN")
        factories.milestone(
            area=area, approved_on=date(2030, 4, 1), forecast_on=date(2030, 6, 1) + timedelta(n)
        )
        factories.staffing(area=area, force=force, baseline_fte=3)


@pytest.mark.parametrize("name", [*PAGES, "home"])
def test_four_hundred_areas_ask_no_more_queries_than_five(client, name):
    counts = []
    for areas in (5, 400):
        alliance = factories.alliance()
        _many(alliance, areas)
        user = factories.role(alliance=alliance, kind="PROGRAMME_MANAGER").user
        client.force_login(user)
        address = reverse(name, args=[] if name == "home" else [alliance.code])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    # What was put in past the services is told there, and priced by two readings of the book.
    more = 10 if name == "overview-changes" else 0
    assert counts[0] == counts[1] <= MOST_QUERIES + more


@pytest.mark.parametrize("name", PAGES)
def test_an_alliance_with_nothing_in_it_says_what_will_be_here(look, name):
    look(factories.alliance(), name)


def test_an_alliance_without_areas_says_what_to_do(look):
    page = words(look(factories.alliance()))

    assert "No business areas are recorded yet" in page
    assert "Go to business areas" in page


def test_areas_without_money_say_that_no_savings_are_recorded(look):
    alliance = factories.alliance(held_on=date(2016, 4, 1))
    factories.area(alliance=alliance)

    page = words(look(alliance))

    assert "None of 1 business area is live. No savings are recorded yet." in page
    assert "No money is recorded for this year yet" in page


def test_one_force_that_is_left_is_said_to_be_alone(look):
    alliance = factories.alliance()
    factories.membership(force=factories.force(alliance=alliance), left_on=date(2017, 1, 1))
    factories.membership(force=factories.force(alliance=alliance))
    factories.area(alliance=alliance)

    assert "One force is left, so everything is its own." in words(look(alliance))


def test_two_years_of_silence_show_no_colour(look):
    alliance = factories.alliance(held_on=date(2018, 4, 1))
    factories.area(alliance=alliance, stage="DESIGN", last_update_on=date(2016, 4, 1))

    response = look(alliance)

    assert "No update for 730 days" in words(response)
    assert "app-status--" not in response.content.decode()


def test_a_silent_area_is_never_shown_in_yesterdays_colour(look):
    alliance = factories.alliance(held_on=date(2018, 4, 1))
    area = factories.area(alliance=alliance, stage="DESIGN")
    factories.milestone(area=area, approved_on=date(2018, 6, 1), forecast_on=date(2019, 6, 1))

    page = look(alliance, "statuses")

    assert "No update on record" in words(page)
    assert "app-status--red" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("31", "2", "2017"), "real date"),
        (("1", "1", "17"), "year"),
        (("1", "1", "2013"), "must not be before 1 December 2013"),
        (("31", "12", "2017"), "must be before 31 December 2017"),
        (("1", "1", "2101"), "must"),
        (("", "", ""), "Enter the date to compare with"),
    ],
)
def test_a_date_that_cannot_be_compared_with_gets_one_sentence(look, typed, sentence):
    alliance = factories.alliance(held_on=date(2017, 12, 31), explored_on=date(2013, 12, 1))
    factories.area(alliance=alliance)
    query = "?since_day={}&since_month={}&since_year={}".format(*typed)

    response = look(alliance, "overview", query)

    page = response.content.decode()
    assert "<title>Error: " in page
    assert sentence in words(response)
    assert page.count("govuk-error-summary__title") == 1


def test_a_date_in_the_address_is_compared_with(look):
    alliance = factories.alliance(held_on=date(2017, 12, 31))
    area = factories.area(alliance=alliance, stage="LIVE")
    factories.milestone(area=area, actual_on=date(2017, 6, 1))
    query = "?since_day=1&since_month=5&since_year=2017"

    assert "1 more since 1 May 2017" in words(look(alliance, "overview", query))
    assert "No go-live since" in words(look(alliance, "overview", "?period=month"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_gets_the_404_of_a_missing_alliance(client, name):
    alliance = factories.alliance()
    client.force_login(factories.role().user)

    assert client.get(reverse(name, args=[alliance.code])).status_code == 404


def test_markup_in_names_is_shown_as_it_is(look):
    alliance = factories.alliance(name="<b>Hills</b>" + "x" * 150)
    area = factories.area(alliance=alliance, name="<script>alert(1)</script>", stage="DESIGN")
    factories.milestone(area=area)

    page = look(alliance).content.decode()

    assert "<script>alert" not in page
    assert "<b>Hills" not in page


def test_the_home_page_says_what_is_overdue_and_due(client):
    alliance = factories.alliance(held_on=date(2018, 4, 1))
    role = factories.role(alliance=alliance)
    late = factories.area(alliance=alliance, stage="DESIGN", name="Late one", owner=role.user)
    soon = factories.area(alliance=alliance, stage="DESIGN", name="Soon one")
    factories.milestone(area=late, forecast_on=date(2018, 3, 1))
    factories.milestone(area=soon, forecast_on=date(2018, 4, 20))
    client.force_login(role.user)

    page = words(client.get(reverse("home")))

    assert re.search(r"Overdue \(1\).*Late one.*yours.*Due in 30 days \(1\).*Soon one", page)
    assert "No update for 30 days (2)" in page


def test_a_user_without_an_alliance_is_told_what_to_do(client):
    client.force_login(factories.user())

    assert "You are not in an alliance yet" in words(client.get("/"))


def test_a_withdrawn_area_does_not_count(look):
    alliance = factories.alliance()
    factories.area(alliance=alliance, stage="LIVE")
    factories.area(alliance=alliance, stage="WITHDRAWN")

    assert "1 of 1 business area is live." in words(look(alliance))


def test_forty_overdue_areas_are_counted_and_the_rest_linked_to(client):
    alliance = factories.alliance(held_on=date(2018, 4, 1))
    for _ in range(40):
        factories.milestone(area=factories.area(alliance=alliance, stage="DESIGN"))
    client.force_login(factories.role(alliance=alliance).user)

    page = client.get(reverse("home"))

    assert "Overdue (40)" in words(page)
    assert "and 32 more" in words(page)
    assert f"{reverse('areas', args=[alliance.code])}?show=overdue" in page.content.decode()
