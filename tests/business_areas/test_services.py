"""Members of an area and dates of a milestone: what is put on record, and what is refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from business_areas import services
from business_areas.models import AreaMembership, BusinessArea, Milestone, MovedDate
from programmes.models import User
from programmes.signals import shares_inputs_changed
from savings.models import Amount, RecomputeRequest
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

JULY, MAY = date(2016, 7, 1), date(2016, 5, 1)


@pytest.fixture
def alice() -> User:
    return factories.user()


@pytest.fixture
def scene() -> Scene:
    """A typed amount in 2017/18, until when derived forecasts run."""
    scene = a_scene()
    scene.amount(scene.item("parts", "SAVING"), 10_001, 2017)
    return scene


@pytest.fixture
def dogs(scene: Scene) -> BusinessArea:
    return scene.area("dogs")


@pytest.fixture
def go_live(scene: Scene, dogs: BusinessArea) -> Milestone:
    """Dogs goes live on 1 April 2016, from when a saving of £1,200 a year is expected."""
    found = factories.milestone(area=dogs, forecast_on=date(2016, 4, 1))
    factories.item(area=dogs, milestone=found, full_year_pence=120_000, ramp=[100])
    shares_inputs_changed.send(
        sender=Milestone, alliance=scene.alliance, dates_changed=True, cause="set up"
    )
    RecomputeRequest.objects.all().delete()
    return found


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


def derived() -> list[date]:
    return list(
        Amount.objects.filter(derived=True)
        .order_by("starts_on")
        .values_list("starts_on", flat=True)
    )


def test_a_moved_date_is_kept_with_its_reason_and_who_moved_it(
    go_live: Milestone, alice: User
) -> None:
    go_live.forecast_on, go_live.approved_on = JULY, MAY  # approved for the first time
    services.save_milestone(milestone=go_live, reason=" Kennels are late ", by=alice)
    changes = MovedDate.objects.order_by("which").values_list(
        "which", "from_on", "to_on", "change__reason", "change__made_by"
    )
    assert list(changes) == [
        ("APPROVED", None, MAY, "Kennels are late", alice.pk),
        ("FORECAST", date(2016, 4, 1), JULY, "Kennels are late", alice.pk),
    ]


def test_forecasts_follow_a_moved_date_and_the_years_they_touch_are_asked_for(
    go_live: Milestone,
) -> None:
    assert derived()[0] == date(2016, 4, 1)
    go_live.forecast_on = JULY
    services.save_milestone(milestone=go_live, reason="Late", by=None)
    assert derived()[0] == JULY
    assert asked() == {("dogs", 2016)}


def test_a_date_that_money_does_not_follow_asks_for_nothing(go_live: Milestone) -> None:
    go_live.approved_on = MAY
    services.save_milestone(milestone=go_live, reason="Board", by=None)
    assert asked() == set()


def test_a_milestone_saved_as_it_stands_puts_nothing_on_record(go_live: Milestone) -> None:
    go_live.note = "A note"
    services.save_milestone(milestone=go_live, reason="", by=None)
    assert not MovedDate.objects.exists()
    assert asked() == set()


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_date_does_not_move_without_a_reason(go_live: Milestone, reason: str) -> None:
    go_live.forecast_on = JULY
    with pytest.raises(services.ReasonNeeded):
        services.save_milestone(milestone=go_live, reason=reason, by=None)
    assert Milestone.objects.get(pk=go_live.pk).forecast_on == date(2016, 4, 1)


def test_the_original_baseline_is_never_changed(go_live: Milestone) -> None:
    go_live.baseline_on = JULY
    with pytest.raises(services.BaselineStays, match="never changed"):
        services.save_milestone(milestone=go_live, reason="Late", by=None)


def test_a_milestone_of_the_programme_moves_the_forecasts_of_every_area(scene: Scene) -> None:
    agreed = factories.milestone(alliance=scene.alliance, area=None)
    for area in (scene.fleet, scene.area("dogs")):
        factories.item(area=area, milestone=agreed, full_year_pence=120_000, ramp=[100])
    agreed.forecast_on = JULY
    services.save_milestone(milestone=agreed, reason="Late", by=None)
    assert asked() == {(code, year) for code in ("fleet", "dogs") for year in (2016, 2017)}


def test_a_stay_in_an_area_affects_that_area_and_no_other(scene: Scene, dogs: BusinessArea) -> None:
    scene.amount(scene.item("kennels", "SAVING", dogs), 500, 2016)
    stay = AreaMembership(alliance=scene.alliance, area=dogs, force=scene.north)
    services.save_area_membership(membership=stay, by=None)
    assert asked() == {("dogs", 2016)}
    RecomputeRequest.objects.all().delete()

    stay.area = scene.fleet
    services.save_area_membership(membership=stay, by=None)
    assert asked() == {("dogs", 2016), ("fleet", 2017)}
    RecomputeRequest.objects.all().delete()

    services.delete_area_membership(membership=stay, by=None)
    assert asked() == {("fleet", 2017)}


def test_another_alliances_force_does_not_share_an_area(dogs: BusinessArea) -> None:
    stay = AreaMembership(alliance=dogs.alliance, area=dogs, force=factories.force())
    with pytest.raises(ValidationError, match="of another alliance"):
        services.save_area_membership(membership=stay, by=None)
