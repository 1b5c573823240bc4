"""Setting a status over the data's, taking it back, and saying where it is heading."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from business_areas.models import BusinessArea, Outlook, Rating, StatusOverride, Strand
from business_areas.services import statuses
from programmes.models import Alliance
from savings import recompute, services
from tests import factories
from tests.scenes import a_scene

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)


@pytest.fixture
def area() -> BusinessArea:
    area = factories.area(alliance=factories.alliance(held_on=DAY), stage="DESIGN", code="fleet")
    factories.milestone(area=area, approved_on=date(2018, 1, 1), forecast_on=date(2018, 8, 1))
    return area


@pytest.fixture
def address(area) -> str:
    return reverse("statuses-area", args=[area.alliance.code, area.code, "timescales"])


def signed_in(client, area, kind="CHIEF_OFFICER"):
    client.force_login(factories.role(alliance=area.alliance, kind=kind).user)
    return client


def given(rating="AMBER", reason="Agreed with the board", until=DAY + timedelta(30), seen=""):
    return {
        "override-seen": seen,
        "override": "1",
        "override-rating": rating,
        "override-reason": reason,
        "override-until_on_day": until.day,
        "override-until_on_month": until.month,
        "override-until_on_year": until.year,
    }


def carried(page, name):
    """What the page's form would send of what it showed."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_an_override_shows_on_the_page_with_its_reason_and_end(client, area, address):
    page = signed_in(client, area).post(address, given(), follow=True).content.decode()

    assert "app-status--amber" in page
    assert "Agreed with the board" in page
    assert f", set by {StatusOverride.objects.get().made_by}; the data say Red" in page
    assert "set until 30 January 2018" in page
    assert "Red. Go-live is 212 days later than approved, " in page


def test_the_page_is_headed_by_what_is_rated(client, area, address):
    of_area = signed_in(client, area).get(address).content.decode()
    of_programme = client.get(
        reverse("statuses-programme", args=[area.alliance.code, "budget"])
    ).content.decode()

    assert f"Timescales of {area.name}</h1>" in of_area
    assert '<h1 class="app-title">Budget of the programme</h1>' in of_programme


def test_setting_a_status_is_an_update_of_the_area(client, area, address):
    signed_in(client, area).post(address, given())

    area.refresh_from_db()
    assert area.last_update_on == DAY


def test_sent_twice_it_is_kept_once(client, area, address):
    signed_in(client, area).post(address, given())
    client.post(address, given())

    assert StatusOverride.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"override-rating": ""}, "Choose a status"),
        ({"override-reason": "  "}, "Say why the status differs from the data"),
        ({"override-reason": "x" * 1001}, "it has 1,001, which is 1 too many"),
        ({"override-reason": "Because it is so   "}, "must be at least 20 characters; it has 16"),
        ({"override-until_on_year": "2016"}, "must be today or later"),
        ({"override-until_on_year": "2050"}, "at most a year ahead"),
        ({"override-until_on_day": "31", "override-until_on_month": "2"}, "real date"),
    ],
)
def test_what_does_not_fit_is_refused_with_one_sentence(client, area, address, change, sentence):
    response = signed_in(client, area).post(address, {**given(), **change})

    page = response.content.decode()
    assert sentence in page
    assert "<title>Error: " in page
    assert not StatusOverride.objects.exists()


def test_a_forward_look_is_recorded_and_shown(client, area, address):
    sent = {"outlook": "1", "outlook-direction": "IMPROVING", "outlook-note": "Team in place"}

    page = signed_in(client, area).post(address, sent, follow=True).content.decode()

    assert "↗" in page
    assert "improving" in page
    assert Outlook.objects.get().note == "Team in place"


def test_an_override_that_was_made_earlier_ends_yesterday_when_it_is_taken_back(
    client, area, address
):
    override = StatusOverride.objects.create(
        alliance=area.alliance, area=area, strand="TIMESCALES", rating="GREEN", reason="Because",
        made_on=DAY - timedelta(9), until_on=DAY + timedelta(9),
    )  # fmt: skip

    page = signed_in(client, area).get(address).content.decode()
    client.post(address, {"end": "1", "override-seen": carried(page, "override-seen")})

    override.refresh_from_db()
    assert override.until_on == DAY - timedelta(1)


def test_taking_back_what_is_not_there_changes_nothing(client, area, address):
    page = signed_in(client, area).post(address, {"end": "1"}, follow=True).content.decode()

    assert "The data’s own status shows already." in page


def test_the_programme_has_statuses_of_its_own(client, area):
    address = reverse("statuses-programme", args=[area.alliance.code, "budget"])

    signed_in(client, area).post(address, given())

    assert StatusOverride.objects.get().area is None


@pytest.mark.parametrize("kind", ["FINANCE_OFFICER", "PANEL_MEMBER"])
def test_who_may_only_look_is_refused(client, area, address, kind):
    signed_in(client, area, kind)

    assert "Set another status" not in client.get(address).content.decode()
    assert client.post(address, given()).status_code == 403


def test_a_stranger_and_an_unknown_strand_get_a_404(client, area, address):
    client.force_login(factories.role(kind="PROGRAMME_MANAGER").user)
    assert client.post(address, given()).status_code == 404

    signed_in(client, area)
    assert client.get(address.replace("timescales", "weather")).status_code == 404


def test_an_old_override_with_a_short_reason_can_be_ended(area):
    StatusOverride.objects.create(
        alliance=area.alliance, area=area, strand="BUDGET", rating="GREEN", reason="So",
        made_on=DAY - timedelta(9), until_on=DAY + timedelta(9),
    )  # fmt: skip

    ended = statuses.end_override(
        alliance=area.alliance, area=area, strand=Strand.BUDGET, by=None, day=DAY
    )

    assert ended.until_on == DAY - timedelta(1)


def test_a_service_refuses_a_reason_that_says_nothing(area):
    with pytest.raises(statuses.ReasonTooShort):
        statuses.override_status(
            alliance=area.alliance, area=area, strand=Strand.BUDGET, rating="RED",
            reason=f" {'x' * 19} ", until_on=DAY, by=factories.user(), day=DAY,
        )  # fmt: skip


def test_a_service_refuses_an_end_before_today(area):
    with pytest.raises(statuses.AlreadyEnded):
        statuses.override_status(
            alliance=area.alliance, area=area, strand=Strand.BUDGET, rating="RED", reason="x" * 20,
            until_on=DAY - timedelta(1), by=factories.user(), day=DAY,
        )  # fmt: skip


def test_a_withdrawn_area_has_no_status(client, area, address):
    BusinessArea.objects.filter(pk=area.pk).update(stage="WITHDRAWN")

    page = signed_in(client, area).get(address, follow=True)
    assert "is withdrawn, so it has no status any more." in page.content.decode()
    assert client.post(address, given()).status_code == 302
    assert not StatusOverride.objects.exists()


def test_wherever_a_status_shows_that_a_person_set_it_says_what_the_data_say(client, area):
    code, ann = area.alliance.code, factories.user(name="Ann Archer")
    for of, strand in ((area, Strand.TIMESCALES), (None, Strand.TIMESCALES)):
        statuses.override_status(
            alliance=area.alliance, area=of, strand=strand, rating=Rating.GREEN,
            reason="Agreed with the whole board", until_on=DAY + timedelta(9), by=ann, day=DAY,
        )  # fmt: skip
    for strand in (Strand.BUDGET, Strand.RESOURCES):
        statuses.say_outlook(
            alliance=area.alliance, area=area, strand=strand, direction="STEADY", by=ann, day=DAY
        )
    signed_in(client, area)
    pages = {
        "/": 1,
        reverse("overview", args=[code]): 3,  # the programme's, the change, and next go-lives
        reverse("overview-changes", args=[code]): 1,
        reverse("statuses", args=[code]): 2,
        reverse("statuses-area", args=[code, area.code, "timescales"]): 1,
        reverse("statuses-programme", args=[code, "timescales"]): 1,
        reverse("area", args=[code, area.code]): 1,
    }

    for address, times in pages.items():
        page = client.get(address).content.decode()
        said = len(
            re.findall(r"Green(</\w+>|\s)*<span[^>]*>, set by Ann Archer; the data say Red", page)
        )
        assert said >= times, f"{address}: {said}"


def test_the_list_and_its_file_say_who_set_a_status(client, area):
    statuses.override_status(
        alliance=area.alliance, area=area, strand=Strand.TIMESCALES, rating=Rating.RED,
        reason="Agreed with the whole board", until_on=DAY + timedelta(9),
        by=factories.user(name="Ann Archer"), day=DAY,
    )  # fmt: skip
    signed_in(client, area)

    page = client.get(reverse("areas", args=[area.alliance.code])).content.decode()
    file = client.get(reverse("areas-csv", args=[area.alliance.code])).content.decode()

    assert "Timescales: Red, set by Ann Archer; the data say Red" in page
    assert '"Red, set by Ann Archer; the data say Red"' in file


def test_a_budget_shows_its_pounds_and_each_opens_to_its_amounts(client):
    scene = a_scene()
    Alliance.objects.filter(pk=scene.alliance.pk).update(held_on=DAY)
    for version, pence in (("APPROVED", 100_000_00), ("FORECAST", 112_100_01)):
        scene.amount(scene.item(f"van-{version.lower()}", "COST"), pence, 2017, version)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    signed_in(client, scene.fleet)
    code = scene.alliance.code
    of_area = reverse("statuses-area", args=[code, scene.fleet.code, "budget"])
    of_programme = reverse("statuses-programme", args=[code, "budget"])
    working = reverse("money-area", args=[code, scene.fleet.code, "2017-18"])

    for address in (of_area, of_programme):
        page = client.get(address).content.decode()
        for pounds in ("£100,000.00", "£112,100.01", "+£12,100.01"):
            assert pounds in page, (address, pounds)
        for version in ("approved", "forecast"):
            link = f"{working}?version={version}&amp;kind=cost"
            assert link in page
            assert client.get(link.replace("&amp;", "&")).status_code == 200
    overview = client.get(reverse("overview", args=[code])).content.decode()
    assert f'href="{of_programme}"' in overview
