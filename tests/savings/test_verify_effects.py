"""What the changes on record say that they did comes to what is stored."""

import pytest

from programmes.models import Alliance, Change, User
from savings import verify
from savings.models import Amount
from tests import factories
from tests.savings.conftest import bring_up_to_date
from tests.savings.doors import CHANGES

pytestmark = pytest.mark.django_db


def breaches(alliance: Alliance) -> list[str]:
    return verify.verify([alliance]).breaches


def test_what_every_kind_of_change_says_ties_to_what_is_stored(
    alliance: Alliance, boss: User
) -> None:
    assert breaches(alliance) == []

    for change in CHANGES:
        change.by_service(boss)
        assert breaches(alliance) == [], change.name
    bring_up_to_date(alliance)

    assert Change.objects.count() > len(CHANGES) - 2
    assert breaches(alliance) == []


def test_money_that_moved_without_a_change_on_record_is_named(alliance: Alliance) -> None:
    Amount.objects.filter(item__code="dogs-move", pence=-500_00).update(pence=-400_00)
    factories.recompute_request(area=alliance.areas.get(code="dogs"), year=2017)

    assert breaches(alliance) == []
    bring_up_to_date(alliance)

    says = "north: Dogs, 2017/18, actual costs: the changes on record leave {} and {} is stored;"
    first, second = breaches(alliance)
    assert first.startswith(says.format("North Police -34850p,", "-27880p"))
    assert second.startswith(says.format("South Police -15150p,", "-12120p"))


def test_an_effect_that_was_never_stored_is_named(alliance: Alliance) -> None:
    fleet = alliance.areas.get(code="fleet")
    factories.change(
        alliance=alliance,
        effect=[[fleet.pk, 2016, "SAVING", "ACTUAL", "south-police", 7]],
        waiting=[[fleet.pk, 2016, "SAVING", "ACTUAL", 9]],
    )

    first, second = breaches(alliance)

    assert "Fleet, 2016/17, actual savings: the changes on record leave South Police" in first
    assert "by the changes on record 9p waits to be shared, and 0p does" in second


def test_a_closed_year_is_left_alone(alliance: Alliance) -> None:
    factories.change(
        alliance=alliance,
        effect=[[alliance.areas.get(code="fleet").pk, 2016, "SAVING", "ACTUAL", "south-police", 7]],
    )
    factories.financial_year(alliance=alliance, year=2016, closed_at="2030-01-01T00:00:00Z")

    assert breaches(alliance) == []
