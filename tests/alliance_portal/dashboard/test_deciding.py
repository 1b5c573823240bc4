"""What waits for a decision, and where the page leads with it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from alliance_portal.as_at.facts import read_facts
from alliance_portal.dashboard import sources
from alliance_portal.dashboard.deciding import Deciding, deciding
from business_areas.models import Rating, Strand
from business_areas.services import statuses
from savings import recompute, services
from savings.selectors.positions import read_money
from tests import factories
from tests.scenes import a_scene

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 31)


@pytest.fixture
def alliance():
    return factories.alliance(held_on=DAY)


def waiting(alliance, withheld: tuple[str, ...] = ()) -> Deciding:
    facts = read_facts([alliance])[alliance.pk]
    return deciding(facts, withheld, sources.assessment(alliance))


def page_of(client, alliance) -> str:
    client.force_login(factories.role(alliance=alliance).user)
    page = client.get(reverse("overview", args=[alliance.code])).content.decode()
    section = page.split('id="deciding"', 1)[1].split("Next to go live", 1)[0]
    return re.sub(r"\s+", " ", section)


def test_the_next_gate_waits_and_so_does_every_one_that_is_overdue(alliance):
    for order, (name, on) in enumerate(
        [
            ("Passed", None),
            ("Next", DAY + timedelta(90)),
            ("Forgotten", DAY - timedelta(2)),
            ("Later", DAY + timedelta(400)),
        ]
    ):
        decided = {"decided_on": DAY - timedelta(300)} if on is None else {}
        factories.gate(alliance=alliance, name=name, order=order, forecast_on=on, **decided)

    found = waiting(alliance).gates

    assert [(due.gate.name, due.days_overdue) for due in found] == [("Next", 0), ("Forgotten", 2)]


def test_a_gate_says_how_late_it_is_and_what_its_tests_have_come_to(alliance, client):
    factories.area(alliance=alliance)
    factories.gate(
        alliance=alliance,
        name="Business case",
        order=1,
        baseline_on=date(2018, 1, 1),
        forecast_on=date(2018, 3, 1),
        operational="Viable",
        political="Being tested",
        note="All must agree.",
    )

    page = page_of(client, alliance)

    assert "Next gate, 1 March 2018; 59 days later than planned" in page
    assert "Operational: viable; political: being tested" in page
    assert "All must agree." in page
    assert f'{reverse("overview-about", args=[alliance.code])}#gates">Business case</a>' in page


@pytest.mark.parametrize(
    ("stage", "dates", "waits"),
    [
        ("DESIGN", {"approved_on": date(2018, 4, 1), "forecast_on": date(2018, 7, 1)}, True),
        ("DESIGN", {"approved_on": date(2018, 4, 1), "forecast_on": date(2018, 3, 1)}, True),
        ("DESIGN", {"baseline_on": date(2018, 4, 1), "forecast_on": date(2018, 7, 1)}, False),
        ("DESIGN", {"approved_on": date(2018, 4, 1), "forecast_on": date(2018, 4, 1)}, False),
        ("DESIGN", {"approved_on": date(2018, 4, 1)}, False),
        ("LIVE", {"approved_on": date(2017, 4, 1), "forecast_on": date(2017, 7, 1)}, False),
        ("WITHDRAWN", {"approved_on": date(2018, 4, 1), "forecast_on": date(2018, 7, 1)}, False),
    ],
)
def test_an_area_to_go_live_on_another_date_waits_and_the_list_shows_the_same(
    alliance, client, stage, dates, waits
):
    area = factories.area(alliance=alliance, stage=stage, name="Estates")
    factories.milestone(area=area, **{"baseline_on": None, **dates})

    assert [each.area for each in waiting(alliance).moved] == ([area] if waits else [])
    client.force_login(factories.role(alliance=alliance).user)
    listed = client.get(f"{reverse('areas', args=[alliance.code])}?show=moved").content.decode()
    assert (f'href="{reverse("area", args=[alliance.code, area.code])}' in listed) is waits


def test_areas_on_hold_wait_the_longest_first(alliance, client):
    for n in range(4):
        since = DAY - timedelta(n)
        factories.area(
            alliance=alliance, name=f"Area {n}", on_hold_since=since, hold_reason="Wait", stage="DESIGN"
        )  # fmt: skip
    factories.area(alliance=alliance, on_hold_since=DAY, hold_reason="Gone", stage="WITHDRAWN")

    assert [area.name for area in waiting(alliance).held] == [f"Area {n}" for n in (3, 2, 1, 0)]
    page = page_of(client, alliance)
    assert "On hold since 28 December 2017: resume or withdraw it" in page
    assert "?show=hold" in page
    assert "1 more area on hold" in page


@pytest.mark.parametrize(("days", "waits"), [(0, True), (14, True), (15, False)])
def test_a_status_that_a_person_set_waits_in_its_last_fortnight(alliance, days, waits):
    area = factories.area(alliance=alliance)
    statuses.override_status(
        alliance=alliance,
        area=area,
        strand=Strand.BUDGET,
        rating=Rating.GREEN,
        reason="Agreed with the whole board",
        until_on=DAY + timedelta(days),
        by=factories.user(),
        day=DAY,
    )

    assert [each.area for each in waiting(alliance).ending] == ([area] if waits else [])


def test_a_programme_status_that_ends_leads_to_its_page(alliance, client):
    factories.area(alliance=alliance)
    statuses.override_status(
        alliance=alliance,
        area=None,
        strand=Strand.TIMESCALES,
        rating=Rating.RED,
        reason="Doubts of the whole board",
        until_on=DAY,
        by=factories.user(name="Alice"),
        day=DAY,
    )

    page = page_of(client, alliance)

    assert reverse("statuses-programme", args=[alliance.code, "timescales"]) in page
    said = r"Red</span><span[^>]*>, set by Alice; the data say [A-Z][a-z ]+</span> until 31 December 2017"
    assert re.search(said, page), page


def test_money_that_is_not_shared_waits_with_the_missing_figure(client):
    scene = a_scene(sized=("north", "south"))
    scene.amount(scene.item("vans"), 100_00)
    scene.amount(scene.item("vets", "SAVING"), 300_00, version="FORECAST")
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")

    found = read_money(scene.alliance.pk)
    page = page_of(client, scene.alliance)

    assert len(found.withheld) == 1
    assert found.by_force[2016, "APPROVED", "COST_UNSHARED"] == {None: 100_00}
    assert found.totals[scene.fleet.pk, 2016, "SAVING", "FORECAST"] == 300_00
    assert "No Police officers (FTE) on record for East Police" in page
    assert reverse("money-sizes", args=[scene.alliance.code]) in page


def test_nothing_that_waits_is_said(alliance, client):
    factories.area(alliance=alliance)

    assert waiting(alliance).is_empty
    assert "Nothing waits for a decision." in page_of(client, alliance)
