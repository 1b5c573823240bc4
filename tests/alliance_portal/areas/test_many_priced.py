"""New dates for many areas at once, priced together before they are saved."""

from collections import Counter
from datetime import date

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from savings.selectors.date_price import price_date, price_dates
from savings.services import derive_forecasts
from tests import factories
from tests.business_areas.conftest import manager, signed_in
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db
TO = date(2018, 10, 1)


@pytest.fixture
def scene(db: None) -> Scene:
    """Twelve areas, each with a saving and a cost from its own go-live date."""
    scene = a_scene()
    scene.alliance.held_on, scene.alliance.target_on = date(2017, 12, 15), date(2020, 3, 31)
    scene.alliance.save()
    for n in range(12):
        area = factories.area(alliance=scene.alliance, code=f"a{n}")
        go_live = factories.milestone(area=area, forecast_on=date(2018, 1 + n, 1))
        for kind in ("SAVING", "COST"):
            item = scene.item(f"{kind.lower()}-{n}", kind, area)
            item.milestone, item.ramp = go_live, [50, 100]
            item.full_year_pence = 1_200_007 + n if kind == "SAVING" else 400_001
            item.save()
    derive_forecasts(alliance=scene.alliance)
    return scene


def test_many_dates_cost_what_each_of_them_costs(scene: Scene) -> None:
    milestones = list(scene.alliance.milestones.order_by("pk"))

    together = price_dates(milestones, TO)

    apart: Counter[tuple[int, int]] = Counter()
    for milestone in milestones:
        for year in price_date(milestone, TO).chosen.years:
            apart.update({(year.year, n): pence for n, pence in enumerate(year.net)})
    found = {(year.year, n): pence for year in together.years for n, pence in enumerate(year.net)}
    assert {key: pence for key, pence in found.items() if pence} == {
        key: pence for key, pence in apart.items() if pence
    }
    assert together.total


def test_the_check_page_shows_the_price_within_the_ceiling_of_questions(
    scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(manager(scene.alliance))
    sent = {
        "what": "month",
        "step": "check",
        "value": "10 2018",
        "area": [f"a{n}" for n in range(12)],
    }

    with django_assert_max_num_queries(15):
        page = client.post(reverse("areas-change", args=["hills"]), sent)

    assert "Forecast: what each force gains or loses" in page.content.decode()
    alone = price_dates([each.milestone for each in page.context["changes"]], TO)
    assert page.context["effect"].digest == alone.effect.digest


def test_a_stage_has_no_price(scene: Scene) -> None:
    client = signed_in(manager(scene.alliance))
    sent = {"what": "stage", "step": "check", "value": "DESIGN", "area": ["a1"]}

    page = client.post(reverse("areas-change", args=["hills"]), sent)

    assert 'name="priced"' not in page.content.decode()
