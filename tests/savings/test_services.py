"""Rules, items and amounts: what is written, what it affects, and what is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from business_areas.models import BusinessArea
from savings import recompute, services
from savings.models import Amount, Item, RecomputeRequest, SharingRule, SharingTerm
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

APRIL_2016 = date(2016, 4, 1)


@pytest.fixture
def scene() -> Scene:
    """Fleet has money in three years, Dogs in one."""
    scene = a_scene()
    parts = scene.item("parts", "SAVING")
    for year in (2015, 2016, 2017):
        scene.amount(parts, 10_001, year)
    scene.amount(scene.item("kennels", "COST", scene.area("dogs")), 500, 2016)
    return scene


@pytest.fixture
def dogs(scene: Scene) -> BusinessArea:
    return BusinessArea.objects.get(code="dogs")


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


def percentages(scene: Scene, *percents: str) -> list[SharingTerm]:
    return [
        SharingTerm(force=force, percent=Decimal(percent))
        for force, percent in zip(scene.forces, percents, strict=False)
    ]


def a_rule(scene: Scene, **fields: Any) -> SharingRule:
    usual = {"alliance": scene.alliance, "effective_on": APRIL_2016, "method": "FIXED"}
    return SharingRule(**{**usual, **fields})


# Rules -------------------------------------------------------------------------------------------


def test_a_rule_of_the_alliance_affects_every_area_from_the_year_it_starts_in(
    scene: Scene,
) -> None:
    rule = a_rule(scene, effective_on=date(2016, 10, 1))
    services.save_rule(rule=rule, terms=percentages(scene, "50", "30", "20"), by=None)
    assert asked() == {("fleet", 2016), ("fleet", 2017), ("dogs", 2016)}


def test_a_rule_of_an_area_affects_that_area(scene: Scene, dogs: BusinessArea) -> None:
    services.save_rule(rule=a_rule(scene, area=dogs, method="EQUAL"), terms=[], by=None)
    assert asked() == {("dogs", 2016)}


def test_a_rule_that_moves_affects_from_the_earlier_of_both_starts(scene: Scene) -> None:
    rule = services.save_rule(rule=a_rule(scene, method="EQUAL"), terms=[], by=None)
    RecomputeRequest.objects.all().delete()
    rule.effective_on = date(2017, 4, 1)
    services.save_rule(rule=rule, terms=[], by=None)
    assert asked() == {("fleet", 2016), ("fleet", 2017), ("dogs", 2016)}


def test_a_rule_that_says_the_same_is_left_alone(scene: Scene) -> None:
    rule = a_rule(scene)
    services.save_rule(rule=rule, terms=percentages(scene, "50", "30", "20"), by=None)
    kept = set(rule.terms.values_list("pk", flat=True))
    RecomputeRequest.objects.all().delete()
    services.save_rule(
        rule=SharingRule.objects.get(pk=rule.pk),
        terms=percentages(scene, "50.0", "30.000", "20"),
        by=None,
    )
    assert set(rule.terms.values_list("pk", flat=True)) == kept
    assert asked() == set()


def test_a_rule_taken_away_affects_from_its_start(scene: Scene) -> None:
    rule = services.save_rule(rule=a_rule(scene, method="EQUAL"), terms=[], by=None)
    RecomputeRequest.objects.all().delete()
    services.delete_rule(rule=rule, by=None, day=date(2014, 1, 1))
    assert asked() == {("fleet", 2016), ("fleet", 2017), ("dogs", 2016)}


@pytest.mark.parametrize(
    "percents, fields, sentence",
    [
        (["50", "49.99"], {}, "The percentages add up to 99.99; they must add up to exactly 100."),
        (["50", "50.000001"], {}, "The percentages add up to 100.000001; they must"),
        ([], {}, "The percentages add up to 0; they must add up to exactly 100."),
        (["33.5", "66.5"], {"decimals": 0}, "33.5% has more decimal places than the rule’s 0."),
        (["100"], {"method": "EQUAL"}, "Equal shares take no measures or percentages."),
        (["100"], {"method": "SIZE"}, "A rule by size takes measures"),
        ([], {"method": "SIZE"}, "Name at least one measure to share by."),
        (["100"], {"decimals": 5}, "Ensure this value is less than or equal to 4."),
    ],
)
def test_a_rule_whose_terms_do_not_fit_is_refused(
    scene: Scene, percents: list[str], fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.save_rule(
            rule=a_rule(scene, **fields), terms=percentages(scene, *percents), by=None
        )
    assert any(said.startswith(sentence) for said in refusal.value.messages), refusal.value
    assert asked() == set()


def test_what_the_service_accepts_the_database_accepts(scene: Scene) -> None:
    exact = a_rule(scene, decimals=None)
    services.save_rule(rule=exact, terms=percentages(scene, "33.333333", "66.666667"), by=None)
    connection.check_constraints()


@pytest.mark.parametrize("which", ["measure without weight", "force without percentage"])
def test_half_a_line_is_refused(scene: Scene, which: str) -> None:
    if which.startswith("measure"):
        rule, term = a_rule(scene, method="SIZE"), SharingTerm(measure=scene.officers)
    else:
        rule, term = a_rule(scene), SharingTerm(force=scene.north)
    with pytest.raises(ValidationError, match="each with its"):
        services.save_rule(rule=rule, terms=[term], by=None)


def test_another_alliances_force_has_no_percentage(scene: Scene) -> None:
    term = SharingTerm(force=factories.force(), percent=Decimal(100))
    with pytest.raises(ValidationError, match="of another alliance"):
        services.save_rule(rule=a_rule(scene), terms=[term], by=None)


# Items -------------------------------------------------------------------------------------------


def test_an_item_with_a_ramp_has_its_forecast_derived(scene: Scene, dogs: BusinessArea) -> None:
    start = factories.milestone(area=dogs)
    item = Item.objects.get(code="kennels")
    item.milestone, item.full_year_pence, item.ramp = start, 120_000, [50, 100]
    services.save_item(item=item, by=None)
    forecast = Amount.objects.filter(item=item, derived=True)
    assert forecast.count() == 24  # 2017/18 is the last year with a typed amount
    assert asked() == {("dogs", 2016), ("dogs", 2017)}

    item.ramp = []
    services.save_item(item=item, by=None)
    assert not forecast.exists()


def test_an_item_that_changes_nothing_of_its_shares_asks_for_nothing(scene: Scene) -> None:
    item = Item.objects.get(code="kennels")
    item.owner = "Someone"
    services.save_item(item=item, by=None)
    assert asked() == set()


@pytest.mark.parametrize("field, value", [("kind", "GRANT"), ("code", "a-first")])
def test_an_item_of_another_kind_or_code_affects_its_areas_years(
    scene: Scene, field: str, value: str
) -> None:
    item = Item.objects.get(code="parts")
    setattr(item, field, value)
    services.save_item(item=item, by=None)
    assert asked() == {("fleet", 2015), ("fleet", 2016), ("fleet", 2017)}


def test_an_item_that_moves_affects_both_areas(scene: Scene, dogs: BusinessArea) -> None:
    scene.amount(scene.item("more"), 5)
    item = Item.objects.get(code="parts")
    item.area = dogs
    services.save_item(item=item, by=None)
    years = (2015, 2016, 2017)
    assert asked() == {(area, year) for area in ("fleet", "dogs") for year in years}


def test_a_ramp_beside_a_typed_forecast_is_refused(scene: Scene, dogs: BusinessArea) -> None:
    item = Item.objects.get(code="kennels")
    scene.amount(item, 5, 2016, "FORECAST")
    item.milestone, item.full_year_pence, item.ramp = factories.milestone(area=dogs), 1, [100]
    with pytest.raises(services.TypedForecast):
        services.save_item(item=item, by=None)


def test_a_ramp_without_a_milestone_is_refused(scene: Scene) -> None:
    item = Item.objects.get(code="kennels")
    item.ramp = [100]
    with pytest.raises(ValidationError, match="A ramp needs a milestone to start from"):
        services.save_item(item=item, by=None)


def test_an_item_does_not_start_from_another_areas_milestone(scene: Scene) -> None:
    item = Item.objects.get(code="kennels")
    item.milestone = factories.milestone(area=scene.fleet)
    with pytest.raises(ValidationError, match="of the item’s own area, or of the programme"):
        services.save_item(item=item, by=None)


# Amounts -----------------------------------------------------------------------------------------


def test_an_amount_affects_its_areas_year_and_no_other(scene: Scene) -> None:
    amount = Amount.objects.get(item__code="parts", year=2016)
    amount.pence += 1
    services.save_amount(amount=amount, by=None)
    assert asked() == {("fleet", 2016)}


def test_an_amount_that_moves_to_another_year_affects_both(scene: Scene) -> None:
    amount = scene.amount(Item.objects.get(code="parts"), 5, 2016, "ACTUAL")
    amount.starts_on = date(2017, 4, 1)
    services.save_amount(amount=amount, by=None)
    assert asked() == {("fleet", 2016), ("fleet", 2017)}


def test_the_last_amount_of_a_year_that_has_shares_affects_it(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)
    services.delete_amount(amount=Amount.objects.get(item__code="kennels"), by=None)
    assert asked() == {("dogs", 2016)}


def test_a_derived_amount_is_not_typed_over_nor_taken_away(scene: Scene) -> None:
    derived = factories.amount(
        item=Item.objects.get(code="parts"), version="FORECAST", derived=True
    )
    for service in (services.save_amount, services.delete_amount):
        with pytest.raises(services.DerivedAmount):
            service(amount=derived, by=None)


def test_a_forecast_is_not_typed_for_an_item_with_a_ramp(scene: Scene, dogs: BusinessArea) -> None:
    start = factories.milestone(area=dogs)
    item = factories.item(area=dogs, milestone=start, full_year_pence=100, ramp=[100])
    with pytest.raises(services.DerivedAmount):
        services.save_amount(amount=scene.new_amount(item, 5, 2016, "FORECAST"), by=None)


def test_a_month_that_does_not_begin_on_its_first_day_is_refused(scene: Scene) -> None:
    amount = scene.new_amount(Item.objects.get(code="parts"), 5, date(2016, 5, 2))
    with pytest.raises(ValidationError, match="A month begins on its first day"):
        services.save_amount(amount=amount, by=None)


def test_an_amount_beyond_the_last_year_lengthens_the_forecasts(
    scene: Scene, dogs: BusinessArea
) -> None:
    start = factories.milestone(area=dogs)
    item = factories.item(area=dogs, milestone=start, full_year_pence=120_000, ramp=[100])
    services.save_item(item=item, by=None)
    RecomputeRequest.objects.all().delete()
    late = scene.new_amount(Item.objects.get(code="parts"), 5, 2018)
    services.save_amount(amount=late, by=None)
    assert asked() == {("fleet", 2018), ("dogs", 2018)}
    RecomputeRequest.objects.all().delete()
    services.delete_amount(amount=late, by=None)
    assert not Amount.objects.filter(year=2018).exists()


def test_an_item_taken_away_affects_the_years_of_its_amounts(scene: Scene) -> None:
    scene.amount(scene.item("more"), 5, 2017)
    scene.amount(scene.item("others"), 5, 2014)
    services.delete_item(item=Item.objects.get(code="parts"), by=None)
    assert asked() == {("fleet", 2015), ("fleet", 2016), ("fleet", 2017)}


def test_what_a_closed_year_holds_is_changed_through_no_service(scene: Scene) -> None:
    vans = scene.item("vans")
    amount = scene.amount(vans, 100, date(2016, 5, 1))
    factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")

    def refused(service: Callable[[], object]) -> None:
        with pytest.raises(services.YearIsClosed, match="2016/17 is closed"):
            service()

    amount.pence = 200
    refused(lambda: services.save_amount(amount=amount, by=None))
    refused(lambda: services.delete_amount(amount=amount, by=None))
    more = scene.new_amount(vans, 100, date(2016, 6, 1))
    refused(lambda: services.save_amount(amount=more, by=None))
    amount.starts_on = date(2017, 5, 1)
    refused(lambda: services.save_amount(amount=amount, by=None))
    refused(lambda: services.delete_item(item=vans, by=None))
    vans.kind = "SAVING"
    refused(lambda: services.save_item(item=vans, by=None))
    assert Amount.objects.get(item=vans).pence == 100
