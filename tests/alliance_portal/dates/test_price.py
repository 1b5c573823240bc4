"""A date is priced before it is saved: what was shown is what is stored afterwards."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from business_areas import services
from business_areas.models import BusinessArea, Milestone
from business_areas.reasons import ANOTHER
from programmes.models import ForceSize, Membership
from savings import recompute
from savings.models import RecomputeRequest
from savings.selectors.date_price import DatePrice, price_date
from tests import factories
from tests.alliance_portal.dates.moves import HELD_ON, TOLD, an_alliance, net_by_force
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

JULY = date(2017, 7, 1)
Net = dict[tuple[int, str], int]


def priced(price: DatePrice) -> Net:
    """The chosen date's net by year and force."""
    return {
        (year.year, force.code): pence
        for year in price.chosen.years
        for force, pence in zip(price.forces, year.net, strict=True)
        if pence
    }


def moved(before: Net, after: Net) -> Net:
    """What differs."""
    keys = {*before, *after}
    found = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
    return {key: pence for key, pence in found.items() if pence}


def save(scene: Scene, milestone: Milestone, to: date) -> None:
    services.reschedule(
        milestone=milestone, to=to, reason=ANOTHER, details=TOLD, by=None, day=HELD_ON
    )
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test asked")
    assert not RecomputeRequest.objects.exists()


@pytest.mark.parametrize("to", [JULY, date(2016, 11, 15), date(2017, 4, 2), date(2031, 1, 1)])
def test_what_the_preview_priced_is_what_is_stored_afterwards_to_the_penny(to: date) -> None:
    known = an_alliance()
    before = net_by_force(known.scene)
    price = price_date(known.milestone, to)

    save(known.scene, known.milestone, to)

    assert moved(before, net_by_force(known.scene)) == priced(price)
    assert price.chosen.total == sum(priced(price).values())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(date(2016, 1, 1), date(2021, 12, 31)), min_size=1, max_size=3))
def test_it_holds_for_any_dates_one_after_another(db: None, days: list[date]) -> None:
    with transaction.atomic():
        known = an_alliance()
        for to in days:
            known.milestone.refresh_from_db()
            if to == known.milestone.forecast_on:
                continue
            before = net_by_force(known.scene)
            price = price_date(known.milestone, to)
            save(known.scene, known.milestone, to)
            assert moved(before, net_by_force(known.scene)) == priced(price)
        transaction.set_rollback(True)


def test_one_month_earlier_and_later_are_priced_as_if_chosen() -> None:
    milestone = an_alliance().milestone

    price = price_date(milestone, JULY)

    assert price.earlier.years == price_date(milestone, date(2017, 6, 1)).chosen.years
    assert price.later.years == price_date(milestone, date(2017, 8, 1)).chosen.years


def test_a_closed_year_does_not_move() -> None:
    known = an_alliance()
    alliance = known.scene.alliance
    factories.financial_year(alliance=alliance, year=2017, closed_at="2018-05-01T00:00Z")
    before = net_by_force(known.scene)
    price = price_date(known.milestone, JULY)

    save(known.scene, known.milestone, JULY)

    assert 2017 not in {year.year for year in price.chosen.years}
    assert moved(before, net_by_force(known.scene)) == priced(price)


def test_what_cannot_be_shared_yet_is_said_apart() -> None:
    known = an_alliance()
    ForceSize.objects.all().delete()

    price = price_date(known.milestone, JULY)

    assert price.chosen.years == ()
    # Three months of half the savings from a later start, and no less of cost or grant.
    assert price.chosen.unshared < 0


def test_one_force_left_takes_it_all() -> None:
    known = an_alliance()
    Membership.objects.exclude(force=known.scene.north).update(left_on=date(2016, 4, 1))

    price = price_date(known.milestone, JULY)

    assert price.chosen.by_force == (price.chosen.total, 0, 0)
    assert "North Police loses" in price.chosen.effect.sentence


def test_a_withdrawn_area_has_no_forecast_that_a_date_could_move() -> None:
    known = an_alliance()
    BusinessArea.objects.update(stage="WITHDRAWN")

    assert not price_date(known.milestone, JULY).depends


def test_without_money_nothing_is_priced() -> None:
    known = an_alliance()
    other = factories.milestone(area=known.scene.fleet, kind="REVIEW", forecast_on=JULY)

    price = price_date(other, date(2018, 1, 1))

    assert not price.depends
    assert not price.chosen.effect.moves_anything


def test_a_price_takes_nine_queries_whatever_the_date() -> None:
    milestone = an_alliance().milestone
    for to in (JULY, date(2099, 1, 1)):
        with CaptureQueriesContext(connection) as queries:
            price_date(milestone, to)
        assert len(queries) <= 9


def test_the_dates_side_by_side_name_the_forces_in_the_agreed_order_and_add_up() -> None:
    price = price_date(an_alliance().milestone, JULY)

    *forces, (last, together) = price.by_force
    assert [name for name, _ in forces] == ["North Police", "South Police", "East Police"]
    assert last == "Together"
    assert together == tuple(
        sum(column) for column in zip(*(row for _, row in forces), strict=True)
    )
    assert together == (price.earlier.total, price.chosen.total, price.later.total)


def test_slippage_priced_is_the_price_of_the_way_back_turned_round() -> None:
    known = an_alliance()
    chosen = price_date(known.milestone, JULY).chosen.effect
    save(known.scene, known.milestone, JULY)
    known.milestone.refresh_from_db()

    slipped = price_date(known.milestone, date(2017, 4, 1)).chosen.effect.turned()

    assert slipped.cells == chosen.cells
