"""What changed in a period: only what the record dates, each date with its price by force."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance_portal.areas.withdrawal import withdraw
from alliance_portal.as_at.periods import Period
from alliance_portal.dashboard.selectors import Dashboard, dashboard
from business_areas.models import BusinessArea, Milestone, Rating, Strand
from business_areas.services import save_milestone, statuses
from business_areas.services.areas import change_area
from programmes.models import Alliance
from savings import recompute, services
from savings.models import Amount
from savings.selectors.date_price import price_date
from tests import factories
from tests.serving import load_samples

DAY = date(2017, 12, 31)


@pytest.fixture
def sample(db) -> Alliance:
    load_samples()
    return Alliance.objects.get(code="devon-cornwall-dorset")


@pytest.fixture
def stored(transactional_db) -> Alliance:
    """The sample as a load of its own left it: what is saved after it is a change."""
    load_samples()
    return Alliance.objects.get(code="devon-cornwall-dorset")


def look(alliance: Alliance, key: str = "quarter") -> Dashboard:
    return dashboard(alliance, Period.of(key, alliance.today(DAY)))


def changes(alliance: Alliance, kind: str) -> list:
    return [each for each in look(alliance).changes if each.kind == kind]


def put_back(milestone: Milestone, to: date) -> None:
    milestone.forecast_on = to
    save_milestone(milestone=milestone, reason="SUPPLIER", by=None)


def test_a_moved_go_live_shows_old_and_new_and_the_price_that_was_shown_before(sample):
    milestone = Milestone.objects.get(alliance=sample, code="procurement-go-live")
    price = price_date(milestone, date(2018, 7, 1)).chosen

    put_back(milestone, date(2018, 7, 1))

    (change,) = changes(sample, "DATE")
    assert (change.old, change.new) == (date(2018, 4, 1), date(2018, 7, 1))
    forces = look(sample).forces
    shown = {
        each.year: tuple(each.by_force.get(force.code, 0) for force in forces)
        for each in change.effects
    }
    assert shown == {each.year: each.net for each in price.years if any(each.net)}


def test_a_date_moved_there_and_back_is_no_change(sample):
    milestone = Milestone.objects.get(alliance=sample, code="procurement-go-live")

    put_back(milestone, date(2018, 7, 1))
    put_back(milestone, date(2018, 4, 1))

    assert changes(sample, "DATE") == []


def test_a_moved_date_moves_the_timescales_it_makes_late(sample):
    put_back(Milestone.objects.get(alliance=sample, code="procurement-go-live"), date(2018, 7, 1))

    (change,) = changes(sample, "STATUS")
    assert (change.area.code, change.old, change.new) == ("procurement", Rating.GREEN, Rating.AMBER)


def test_the_years_forecast_moves_by_what_the_dates_do_to_it(stored):
    milestone = Milestone.objects.get(alliance=stored, code="legal-services-go-live")
    before = look(stored).sentence.forecast

    put_back(milestone, date(2018, 5, 1))
    recompute.bring_up_to_date(alliance_id=stored.pk, cause="A test")

    after = look(stored)
    assert after.savings_moved == after.sentence.forecast - before < 0


def test_an_area_live_before_its_date_moves_the_years_forecast_and_says_so_by_force(stored):
    milestone = Milestone.objects.get(alliance=stored, code="procurement-go-live")
    before = look(stored).sentence.forecast
    price = price_date(milestone, date(2017, 10, 1)).chosen

    milestone.actual_on = date(2017, 10, 1)
    save_milestone(milestone=milestone, reason="WENT_LIVE", by=None)
    BusinessArea.objects.filter(pk=milestone.area_id).update(stage="LIVE")
    recompute.bring_up_to_date(alliance_id=stored.pk, cause="A test")

    after = look(stored)
    assert after.savings_moved == after.sentence.forecast - before > 0
    change = next(each for each in changes(stored, "LIVE") if each.area.code == "procurement")
    assert {each.year: sum(each.by_force.values()) for each in change.effects} == {
        each.year: sum(each.net) for each in price.years if sum(each.net)
    }


def test_a_withdrawn_areas_savings_are_said_to_have_left_the_forecast(stored):
    area = BusinessArea.objects.get(alliance=stored, code="legal-services")
    before = look(stored).sentence.forecast

    withdraw(area=area, reason="Left out", by=factories.user(), day=DAY, seen_revision=None)
    recompute.bring_up_to_date(alliance_id=stored.pk, cause="A test")

    after = look(stored)
    assert after.savings_moved == after.sentence.forecast - before < 0


def test_an_amount_that_is_typed_anew_is_shown_by_force(transactional_db):
    alliance = factories.alliance(held_on=DAY)
    forces = [factories.force(alliance=alliance) for _ in range(2)]
    for force in forces:
        factories.membership(force=force)
    factories.sharing_rule(alliance=alliance)
    area = factories.area(alliance=alliance, stage="DESIGN")
    amount = factories.amount(
        item=factories.item(area=area), version="FORECAST", starts_on=date(2017, 4, 1)
    )
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)
    assert changes(alliance, "MONEY") == []

    amount = Amount.objects.get(pk=amount.pk)
    amount.pence -= 1_000
    services.save_amount(amount=amount, by=None)

    (change,) = changes(alliance, "MONEY")
    assert [each.by_force for each in change.effects] == [{force.code: -500 for force in forces}]
    assert look(alliance).savings_moved == -1_000


def test_a_stage_that_moved_is_shown_from_first_to_last(transactional_db):
    area = factories.area(alliance=factories.alliance(held_on=DAY), stage="PROPOSED")
    for stage in ("BUSINESS_CASE", "DESIGN"):
        change_area(area=area, values={"stage": stage}, by=None, day=DAY)

    (change,) = changes(area.alliance, "STAGE")

    assert (change.old, change.new) == ("Proposed", "Design")


def test_what_lies_before_the_period_is_left_out(db):
    alliance = factories.alliance(held_on=DAY)
    for day in (date(2017, 9, 30), date(2017, 10, 1)):
        area = factories.area(alliance=alliance, stage="LIVE")
        factories.milestone(area=area, actual_on=day)

    assert [each.on for each in changes(alliance, "LIVE")] == [date(2017, 10, 1)]


def test_a_status_that_a_person_set_is_shown_over_what_the_data_say(sample):
    area = BusinessArea.objects.get(alliance=sample, code="ict")
    by = factories.user(name="Alice")
    statuses.override_status(
        alliance=sample, area=area, strand=Strand.BUDGET, rating=Rating.AMBER,
        reason="The supplier repays it all", until_on=date(2018, 3, 31), by=by, day=DAY,
    )  # fmt: skip

    (change,) = changes(sample, "STATUS")

    assert (change.what, change.new) == ("budget", Rating.AMBER)
    assert change.set_by == ", set by Alice; the data say Red"
    assert change.why == "The supplier repays it all"


def test_moved_dates_and_prices_stay_within_the_ceiling_of_queries(sample):
    put_back(Milestone.objects.get(alliance=sample, code="procurement-go-live"), date(2018, 7, 1))

    with CaptureQueriesContext(connection) as queries:
        look(sample)

    assert len(queries) <= 11, "\n".join(each["sql"][:160] for each in queries)
