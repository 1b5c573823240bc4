"""An area's three statuses on its own page: the same that the statuses page and the list show."""

import re
from datetime import date

import pytest
from django.urls import reverse

from alliance_portal.dashboard.sources import assessment
from business_areas.models import BusinessArea, Direction, Rating, Strand
from business_areas.services import statuses
from programmes.models import Alliance
from tests import factories
from tests.serving import load_samples

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)


def shown(client, area: BusinessArea):
    client.force_login(factories.role(alliance=area.alliance).user)
    return client.get(reverse("area", args=[area.alliance.code, area.code]))


@pytest.fixture
def area() -> BusinessArea:
    area = factories.area(alliance=factories.alliance(held_on=DAY), stage="DESIGN", code="fleet")
    factories.milestone(area=area, approved_on=date(2018, 1, 1), forecast_on=date(2018, 8, 1))
    return area


def test_every_area_of_both_samples_has_the_statuses_that_the_statuses_page_has(client):
    load_samples()

    for alliance in Alliance.objects.all():
        client.force_login(factories.role(alliance=alliance).user)
        for rated in assessment(alliance).areas:
            page = client.get(reverse("area", args=[alliance.code, rated.area.code]))
            assert page.context["statuses"] == rated.statuses, rated.area


def test_a_status_that_a_person_set_shows_with_its_end_and_where_it_is_heading(client, area):
    what = {"alliance": area.alliance, "area": area, "strand": Strand.TIMESCALES, "day": DAY}
    alice = factories.user(name="Alice")
    statuses.override_status(
        **what,
        rating=Rating.AMBER,
        reason="Agreed with the whole board",
        until_on=date(2018, 1, 31),
        by=alice,
    )
    statuses.say_outlook(**what, direction=Direction.IMPROVING, by=alice)

    page = re.sub(r"\s+", " ", shown(client, area).content.decode())

    assert reverse("statuses-area", args=[area.alliance.code, area.code, "timescales"]) in page
    assert "app-status--amber" in page
    assert "set until 31 January 2018" in page
    assert "↗</span> improving" in page
    assert (
        'Agreed with the whole board<span class="app-statuses__age">Updated 31 December 2017</span>'
        in page
    )


def test_silence_shows_no_colour(client, area):
    BusinessArea.objects.filter(pk=area.pk).update(last_update_on=date(2017, 6, 1))

    page = shown(client, area).content.decode()

    assert "No update for 213 days" in page
    assert "app-status--" not in page


def test_a_withdrawn_area_has_no_status_to_open(client, area):
    BusinessArea.objects.filter(pk=area.pk).update(stage="WITHDRAWN")

    page = shown(client, area)

    assert page.context["statuses"] == ()
    assert "/statuses/areas/" not in page.content.decode()
