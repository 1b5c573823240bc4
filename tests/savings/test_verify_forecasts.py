"""A forecast that is not what its date makes of it is a breach, whoever wrote it."""

from datetime import date

import pytest

from business_areas.models import BusinessArea, Milestone
from programmes.models import Alliance
from savings import recompute, verify
from savings.models import Amount
from tests import factories
from tests.alliance_portal.dates.moves import an_alliance

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]


@pytest.fixture
def alliance(db: None) -> Alliance:
    alliance = an_alliance().scene.alliance
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked")
    assert verify.verify([alliance]).holds
    return alliance


def breaches(alliance: Alliance) -> str:
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test asked", everything=True)
    return " ".join(verify.verify([alliance], most=500).breaches)


def test_a_date_moved_behind_the_services_backs(alliance: Alliance) -> None:
    Milestone.objects.update(forecast_on=date(2017, 7, 1))

    assert "nothing follows from its date" in breaches(alliance)


def test_an_area_withdrawn_behind_the_services_backs(alliance: Alliance) -> None:
    BusinessArea.objects.update(stage="WITHDRAWN")

    assert "nothing follows from its date" in breaches(alliance)


def test_a_derived_amount_of_another_size(alliance: Alliance) -> None:
    amount = Amount.objects.filter(derived=True).order_by("pk").first()
    assert amount
    Amount.objects.filter(pk=amount.pk).update(pence=amount.pence + 1)

    said = breaches(alliance)

    assert f"is on record as {amount.pence + 1}p, and its date makes it {amount.pence}p" in said


def test_a_derived_amount_that_is_gone(alliance: Alliance) -> None:
    Amount.objects.filter(derived=True, year=2017).delete()

    assert "is not on record, and its date makes it" in breaches(alliance)


def test_a_closed_year_stays_as_it_is(alliance: Alliance) -> None:
    years = set(Amount.objects.filter(derived=True).values_list("year", flat=True))
    for year in years:
        factories.financial_year(alliance=alliance, year=year, closed_at="2030-05-01T00:00Z")
    Milestone.objects.update(forecast_on=date(2017, 7, 1))

    assert "its date makes it" not in breaches(alliance)
