"""The order in which amounts and terms are read: by what they are, never by their serial numbers (law 3)."""

import random
from datetime import date
from decimal import Decimal

import pytest

from savings import services
from savings.book import read
from savings.inputs import VERSIONS, Unit, read_lines
from savings.models import Amount, SharingRule, SharingTerm
from tests import factories
from tests.scenes import APRIL_2015, Scene, a_scene

pytestmark = pytest.mark.django_db

UNIT_2016 = 2016


@pytest.fixture
def scene() -> Scene:
    """Amounts of three items, one month's borne by nobody and one's by each force, entered at random."""
    scene = a_scene()
    lines = [
        (code, month, bearer)
        for code in ("a-vans", "b-fuel", "c-tyres")
        for month, bearer in ((5, None), *((4, force) for force in scene.forces))
    ]
    random.Random(7).shuffle(lines)
    items = {code: scene.item(code) for code in ("c-tyres", "a-vans", "b-fuel")}
    for number, (code, month, bearer) in enumerate(lines):
        scene.amount(items[code], 100 + number, date(2016, month, 1), "ACTUAL", bearer)
    return scene


def natural(amount: Amount) -> tuple[object, ...]:
    bearer = amount.borne_by.position if amount.borne_by else -1
    return amount.item.code, amount.starts_on, amount.whole_year, bearer


def test_lines_are_read_by_code_period_and_bearer(scene: Scene) -> None:
    lines = read_lines([Unit(scene.fleet.pk, UNIT_2016)])

    amounts = Amount.objects.select_related("item", "borne_by").in_bulk(lines["amount"].tolist())
    read_as = [natural(amounts[pk]) for pk in lines["amount"].tolist()]
    assert len(read_as) == 12
    assert read_as == sorted(read_as)


def test_the_book_has_its_lines_in_the_same_order(scene: Scene) -> None:
    stored = read_lines([Unit(scene.fleet.pk, UNIT_2016)])

    lines = read(scene.alliance.pk).lines

    assert lines["amount"].tolist() == stored["amount"].tolist()
    assert {VERSIONS[version] for version in lines["version"].tolist()} == {"ACTUAL"}


def test_a_blends_terms_are_read_by_the_names_of_their_measures(scene: Scene) -> None:
    rule = SharingRule(alliance=scene.alliance, area=scene.fleet, effective_on=APRIL_2015)
    rule.method = "SIZE"
    terms = [
        SharingTerm(measure=measure, weight=Decimal(weight))
        for weight, measure in (
            (1, scene.officers),
            (3, factories.measure(alliance=scene.alliance, name="Staff")),
            (2, factories.measure(alliance=scene.alliance, name="Budget")),
        )
    ]
    services.save_rule(rule=rule, terms=terms, by=None)

    (read_as,) = read(scene.alliance.pk).sharing.area_rules[scene.fleet.pk]

    assert [term.measure for term in read_as.terms] == [
        "Budget",
        "Police officers (FTE)",
        "Staff",
    ]
