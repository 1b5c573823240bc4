"""An amount counts once: named or nameless, a year or its months; by service, workbook and database."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance_portal.workbook.loading import NotLoadable, load, plan
from programmes.models import Change
from savings import amount_services, recompute, services
from savings.engine.periods import Period
from savings.models import Amount, Item, PoolShare
from savings.rules import beside_refusal
from tests import factories
from tests.alliance_portal.workbook.books import SMALL, Sheets, as_folder
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2016, 5, 1), date(2016, 6, 1)
TWICE = "so the same money would count twice"


@pytest.fixture
def scene() -> Scene:
    return a_scene()


@pytest.fixture
def vans(scene: Scene) -> Item:
    return scene.item("vans")


def save(scene: Scene, item: Item, period: Any, force: Any = None, **more: Any) -> Amount:
    amount = scene.new_amount(item, 100_00, period, **more)
    amount.borne_by = force
    return services.save_amount(amount=amount, by=None)


@pytest.mark.parametrize(
    ("period", "bearer", "other", "theirs", "stands"),
    [
        ("m", "north", "m", "", False),
        ("m", "", "m", "north", False),
        ("m", "north", "m", "south", True),
        ("m", "", "m2", "north", True),
        ("y", "", "m", "", False),
        ("y", "north", "m", "south", False),
        ("m", "", "y", "", False),
        ("y", "", "y2", "", True),
        ("m", "", "y2", "", True),
        ("y", "", "y", "north", False),
    ],
)
def test_the_rule(period: str, bearer: str, other: str, theirs: str, stands: bool) -> None:
    periods = {
        "m": Period(MAY),
        "m2": Period(JUNE),
        "y": Period.of_year(2016),
        "y2": Period.of_year(2017),
    }

    said = beside_refusal(periods[period], bearer, [(periods[other], theirs)], "Actual")

    assert (said == "") is stands
    assert stands or said.endswith(f"{TWICE}.")


def test_the_service_says_the_rules_sentence(scene: Scene, vans: Item) -> None:
    save(scene, vans, MAY)
    with pytest.raises(ValidationError, match="2016-05 is there with the force that bore it and w"):
        save(scene, vans, MAY, scene.north)
    with pytest.raises(
        ValidationError, match="2016/17 are there for the whole year and for months"
    ):
        save(scene, vans, 2016)
    save(scene, vans, 2016, version="ACTUAL")
    save(scene, vans, JUNE, scene.north)
    save(scene, vans, JUNE, scene.south)
    assert Amount.objects.count() == 4


def test_who_bore_an_amount_is_said_without_its_shares_moving(scene: Scene, vans: Item) -> None:
    amounts = [scene.amount(vans, 100_01, month) for month in (MAY, JUNE)]
    work_out(scene)
    before = sorted(PoolShare.objects.values_list("force__code", "pence"))

    amount_services.name_bearer(area=scene.fleet, amounts=amounts, force=scene.south, by=None)
    work_out(scene)

    assert set(Amount.objects.values_list("borne_by__code", flat=True)) == {"south"}
    assert sorted(PoolShare.objects.values_list("force__code", "pence")) == before
    (change,) = Change.objects.all()
    assert (len(change.said), change.effect) == (2, [])
    assert change.said[0]["fields"] == [["Borne by", "nothing", "South Police"]]


def test_naming_the_force_that_has_a_part_already_is_refused(scene: Scene, vans: Item) -> None:
    save(scene, vans, MAY, scene.north)
    other = save(scene, vans, MAY, scene.south)
    with pytest.raises(
        ValidationError, match="Vans already has an amount for 2016-05 borne by North Police"
    ):
        amount_services.name_bearer(area=scene.fleet, amounts=[other], force=scene.north, by=None)
    with pytest.raises(ValidationError, match=TWICE):
        amount_services.name_bearer(area=scene.fleet, amounts=[other], force=None, by=None)


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


@pytest.mark.parametrize("pence", [100_000_01, -1_234_57, 5, 0])
def test_a_year_spread_into_months_and_put_together_again_is_what_it_was(
    scene: Scene, vans: Item, pence: int
) -> None:
    scene.rule(date(2016, 10, 1))  # equal shares from October
    whole = scene.amount(vans, pence, 2016, borne_by=scene.north)
    work_out(scene)
    before = sorted(PoolShare.objects.values_list("force__code", "pence"))

    months = amount_services.spread_over_months(area=scene.fleet, amounts=[whole], by=None)
    assert len(months) == 12
    assert sum(each.pence for each in months) == pence
    assert {each.borne_by for each in months} == {scene.north}
    work_out(scene)
    spread = Change.objects.get()
    if abs(pence) > 1_000:
        assert spread.effect
        assert sorted(PoolShare.objects.values_list("force__code", "pence")) != before

    amount_services.gather_into_years(area=scene.fleet, amounts=months, by=None)
    work_out(scene)
    assert Amount.objects.get().pence == pence
    assert sorted(PoolShare.objects.values_list("force__code", "pence")) == before
    back = Change.objects.exclude(pk=spread.pk).get()
    assert [[*place, -pence] for *place, pence in back.effect] == spread.effect


def test_only_typed_amounts_of_open_years_are_reshaped(scene: Scene, vans: Item) -> None:
    whole, month = scene.amount(vans, 5, 2016), scene.amount(vans, 5, date(2017, 5, 1))
    factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")
    derived = factories.amount(
        item=vans, version="FORECAST", derived=True, starts_on=date(2018, 5, 1)
    )
    given = {"area": scene.fleet, "by": None}

    def refused(why: type[Exception], service: Callable[..., object], amount: Amount) -> None:
        with pytest.raises(why):
            service(amounts=[amount], **given)

    refused(services.YearIsClosed, amount_services.spread_over_months, whole)
    refused(amount_services.NotTheseAmounts, amount_services.spread_over_months, month)
    refused(services.DerivedAmount, amount_services.take_away, derived)
    more = scene.amount(vans, 5, date(2017, 6, 1))
    refused(amount_services.NotTheseAmounts, amount_services.gather_into_years, month)
    amount_services.take_away(amounts=[more], **given)
    refused(amount_services.NotTheseAmounts, amount_services.take_away, more)
    other = {**given, "area": scene.area("dogs"), "amounts": [month]}
    with pytest.raises(amount_services.NotTheseAmounts):
        amount_services.take_away(**other)


# The workbook


def book(*rows: list[str]) -> Sheets:
    header = SMALL["amounts"][0]
    return {**SMALL, "amounts": [header, *(["fleet-parts", "actual", *row] for row in rows)]}


def load_both(folder: Path, first: list[list[str]], then: list[list[str]]) -> list[tuple[Any, ...]]:
    load(as_folder(book(*first), folder / "first"))
    load(as_folder(book(*then), folder / "then"))
    found = Amount.objects.filter(version="ACTUAL").order_by("starts_on", "borne_by__position")
    return list(found.values_list("starts_on", "pence", "borne_by__code"))


NAMELESS, NORTH = ["2016-04", "206250.00", ""], ["2016-04", "206250.00", "north-police"]
APRIL = date(2016, 4, 1)


def test_a_row_that_names_a_bearer_changes_who_bore_it(tmp_path: Path) -> None:
    assert load_both(tmp_path, [NAMELESS], [NORTH]) == [(APRIL, 206_250_00, "north-police")]


def test_a_blank_cell_empties_who_bore_it(tmp_path: Path) -> None:
    assert load_both(tmp_path, [NORTH], [NAMELESS]) == [(APRIL, 206_250_00, None)]


def test_two_forces_are_named_with_their_parts(tmp_path: Path) -> None:
    parts = [["2016-04", "200000", "north-police"], ["2016-04", "6250", "south-police"]]
    assert load_both(tmp_path, [NAMELESS], parts) == [
        (APRIL, 200_000_00, "north-police"),
        (APRIL, 6_250_00, "south-police"),
    ]


def test_a_dry_run_says_that_who_bore_it_changes(tmp_path: Path) -> None:
    load(as_folder(book(NAMELESS), tmp_path / "first"))

    planned = plan(as_folder(book(NORTH), tmp_path / "then"))

    assert [(one.column, one.old, one.new) for one in planned.differences] == [
        ("borne_by", "", "north-police")
    ]


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        ([], [NAMELESS, NORTH], "2016-04 is there with the force that bore it and without"),
        ([NORTH], [NAMELESS, NORTH], "2016-04 is there with the force that bore it and without"),
        (
            [NORTH],
            [["2016-04", "1", "south-police"]],
            "holds this amount as borne by north-police.",
        ),
        ([NAMELESS], [["2016/17", "1", ""]], "2016/17 are there for the whole year and for months"),
        ([["2016/17", "1", ""]], [NORTH], "2016/17 are there for the whole year and for months"),
        ([], [NAMELESS, ["2016/17", "1", ""]], "2016/17 are there for the whole year and for"),
    ],
)
def test_a_workbook_that_would_count_money_twice_is_refused(
    tmp_path: Path, first: list[list[str]], then: list[list[str]], says: str
) -> None:
    if first:
        load(as_folder(book(*first), tmp_path / "first"))
    before = list(Amount.objects.values_list())

    with pytest.raises(NotLoadable) as refusal:
        load(as_folder(book(*then), tmp_path / "then"))

    assert says in str(refusal.value)
    assert list(Amount.objects.values_list()) == before


def test_the_other_forces_part_is_added_when_the_file_has_both(tmp_path: Path) -> None:
    found = load_both(tmp_path, [NORTH], [NORTH, ["2016-04", "7", "south-police"]])
    assert [code for *_, code in found] == ["north-police", "south-police"]


@pytest.mark.parametrize("service", ["name_bearer", "spread_over_months", "gather_into_years"])
def test_changing_many_amounts_asks_no_more_than_few(
    scene: Scene, vans: Item, service: str
) -> None:
    more = {"force": scene.south} if service == "name_bearer" else {}
    months = [6] if service == "gather_into_years" else []

    def asked(years: Iterable[int]) -> int:
        periods: list[Any] = [date(year, month, 1) for year in years for month in months]
        amounts = [scene.amount(vans, 1, period) for period in periods or years]
        with CaptureQueriesContext(connection) as queries:
            getattr(amount_services, service)(area=scene.fleet, amounts=amounts, by=None, **more)
        return len(queries)

    assert asked([2013, 2014]) >= asked([2015, 2016, 2017])
