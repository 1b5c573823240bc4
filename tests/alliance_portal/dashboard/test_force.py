"""A force's page: its figures are the dashboard's, its moves the shares', and what waits for its word."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from alliance_portal.as_at.periods import Period
from alliance_portal.dashboard.force import ForceFigures, force_figures
from alliance_portal.dashboard.selectors import dashboard
from alliance_portal.sign_in.adapter import page_of_force
from business_areas.models import Milestone
from business_areas.services import save_milestone
from programmes.models import Alliance, Role, User
from savings import recompute
from savings.models import ClosingRequest, PoolShare
from savings.selectors.settlement import year_settlement
from savings.settling import services
from savings.settling.document import digest_of, document_of
from tests import factories
from tests.savings.settlements import name_everyone, the_hills
from tests.serving import load_samples

DAY = date(2017, 12, 31)
MONTH = Period.of("month", DAY)


@pytest.fixture
def sample(db: None) -> Alliance:
    load_samples()
    return Alliance.objects.get(code="devon-cornwall-dorset")


@pytest.fixture
def stored(transactional_db: None) -> Alliance:
    """As a load of its own left it: what is saved after it is a change."""
    load_samples()
    return Alliance.objects.get(code="devon-cornwall-dorset")


def figures(alliance: Alliance, code: str) -> ForceFigures:
    found = force_figures(alliance, code, MONTH)
    assert found is not None
    return found


def words(client: Client, alliance: Alliance, code: str, query: str = "") -> str:
    """The page's text for somebody who may see the alliance, with single spaces."""
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)
    response = client.get(f"{reverse('overview-force', args=[alliance.code, code])}{query}")
    assert response.status_code == 200
    page = response.content.decode().split("<main", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" .", ".").replace(" ,", ",")


@pytest.mark.parametrize("code", ["devon-cornwall-dorset", "east-midlands"])
def test_each_forces_figures_are_the_dashboards(db: None, code: str) -> None:
    load_samples()
    alliance = Alliance.objects.get(code=code)
    of_all = dashboard(alliance, MONTH)
    found = [figures(alliance, force.code) for force in of_all.forces]

    assert tuple(each.current.own for each in found if each.current) == of_all.positions.rows
    assert sum(each.people.shared for each in found) == of_all.headline.people
    assert sum(len(each.led) for each in found) == sum(
        each.area.lead_force_id is not None for each in of_all.facts.counted
    )
    for years in zip(*(each.years for each in found), strict=True):
        nets = [each.own.net for each in years]
        assert None in nets or sum(net or 0 for net in nets) == -years[0].all.unnamed


def test_the_page_sums_up_what_the_alliance_means_for_the_force(
    sample: Alliance, client: Client
) -> None:
    page = words(client, sample, "dorset")

    assert (
        "In 2017 to 2018 Dorset is forecast to bear £31.8 million of costs; its share is "
        "£31.2 million, and £1.9 million of the savings. It is to receive £606,812." in page
    )
    assert "30.2% of the costs that are shared" in page
    assert "No change on record moved the forecast of Dorset in this period." in page


def test_what_moved_its_money_comes_to_what_its_shares_moved_by(
    stored: Alliance, client: Client
) -> None:
    before = {force.code: shares_of(force.code) for force in stored.forces.all()}
    for code, to in (
        ("procurement-go-live", date(2018, 7, 1)),
        ("vetting-go-live", date(2018, 6, 1)),
    ):
        milestone = Milestone.objects.get(alliance=stored, code=code)
        milestone.forecast_on = to
        save_milestone(milestone=milestone, reason="SUPPLIER", by=None)
    recompute.bring_up_to_date(alliance_id=stored.pk, cause="A test")

    for code, pence in before.items():
        found = figures(stored, code)
        assert len(found.moved) == 2
        assert found.moved_in_all == shares_of(code) - pence != 0
    assert "What moved its money since 30 November 2017" in words(client, stored, "dorset")


def shares_of(code: str) -> int:
    """The force's forecast savings less costs over all years, in pence."""
    rows = PoolShare.objects.filter(force__code=code, pool__version="FORECAST")
    return sum(
        pence if kind == "SAVING" else -pence
        for kind, pence in rows.values_list("pool__kind", "pence")
    )


def test_a_settlement_waits_for_each_force_until_it_agrees(db: None, client: Client) -> None:
    hills = the_hills()
    name_everyone(hills)
    assert not figures(hills, "north").signatures
    seen = digest_of(document_of(hills, year_settlement(hills, 2016, until=None), DAY))
    settlement = services.propose(
        alliance=hills,
        year=2016,
        until=None,
        due_on=None,
        note="",
        seen=seen,
        by=factories.user(),
        day=DAY,
    )

    assert [len(figures(hills, code).signatures) for code in ("north", "south")] == [1, 1]
    services.agree(settlement=settlement, force=hills.forces.get(code="north"), by=factories.user())

    assert [len(figures(hills, code).signatures) for code in ("north", "south")] == [0, 1]
    page = words(client, hills, "south")
    assert "Settlement 2016/17, version 1 Proposed; its finance officer has not agreed" in page


def test_a_year_that_another_force_asks_to_close_waits_for_the_others(db: None) -> None:
    hills = the_hills()
    ClosingRequest.objects.create(
        alliance=hills, year=2016, force=hills.forces.get(code="north"), asked_by=factories.user()
    )

    assert not figures(hills, "north").signatures
    (waits,) = figures(hills, "south").signatures
    assert waits.what == "Closing 2016/17"
    assert waits.url == reverse("money-year", args=[hills.code, "2016-17"])


def test_a_force_without_money_and_one_that_is_not_there(db: None, client: Client) -> None:
    alliance = factories.alliance(held_on=DAY)
    force = factories.force(alliance=alliance, name="Quiet Police")

    page = words(client, alliance, force.code)

    assert "Quiet is no member of the alliance on 31 December 2017." in page
    assert "No money of this force is recorded yet" in page
    assert "It leads no business area." in page
    assert client.get(reverse("overview-force", args=[alliance.code, "nobody"])).status_code == 404


def test_whoever_has_one_force_lands_on_its_page(sample: Alliance) -> None:
    place = {
        person.email: page_of_force(person)
        for person in User.objects.filter(email__endswith="@portal.example")
    }

    assert place["chief.dcd@portal.example"] == reverse(
        "overview-force", args=[sample.code, "devon-cornwall"]
    )
    assert place["admin@portal.example"] == place["manager.dcd@portal.example"] == ""
    chief = User.objects.get(email="chief.dcd@portal.example")
    factories.role(user=chief, alliance=factories.alliance(), kind=Role.Kind.PANEL_MEMBER)
    assert page_of_force(chief) == ""
