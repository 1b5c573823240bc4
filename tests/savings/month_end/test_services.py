"""A month's end: nil returns, and the lock that every door keeps."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from alliance_portal.workbook.loading import NotLoadable, load
from alliance_portal.workbook.stored import stored_workbook
from alliance_portal.workbook.writing import as_xlsx
from programmes.changes import PriceMoved
from programmes.models import Change, Force, User
from savings import amount_services, services
from savings.closing.facts import facts_of
from savings.grid.services import Place, set_months
from savings.models import Amount, FinancialYear, Item, MonthLock
from savings.month_end import services as month_ends
from savings.month_end.document import MonthTotals
from savings.month_end.expected import Counted, Stands, expected_of, expected_of_year
from savings.month_end.locks import MonthIsLocked
from savings.selectors.grid import LOCKED, grid_of
from savings.settling.services import OnRecordAlready
from tests import factories
from tests.savings.month_end_scene import (
    DAY,
    DECEMBER,
    NOVEMBER,
    december,
    lock_december,
    work_out,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.dialect]


@pytest.fixture
def scene() -> Scene:
    return december()


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice")


def item(scene: Scene, code: str) -> Item:
    return Item.objects.select_related("area__alliance", "alliance").get(
        alliance=scene.alliance, code=code
    )


def vans_in_december(scene: Scene) -> Amount:
    found: Amount = Amount.objects.select_related("item__alliance", "item__area__alliance").get(
        item__code="vans", version="ACTUAL", starts_on=DECEMBER
    )
    return found


# What is expected and what is in


def test_an_item_with_a_plan_or_a_forecast_is_expected_and_stands_as_its_actual_says(
    scene: Scene,
) -> None:
    scene.amount(item(scene, "posts"), 0, DECEMBER, "ACTUAL")
    scene.amount(scene.item("unplanned"), 5, DECEMBER, "ACTUAL")
    scene.amount(scene.item("nothing"), 0, DECEMBER, "FORECAST")

    rows = expected_of(scene.alliance, DECEMBER, DAY)

    assert {row.item.code: row.stands for row in rows} == {
        "vans": Stands.IN,
        "posts": Stands.NIL,
        "fund": Stands.MISSING,
        "unplanned": Stands.IN,
    }
    assert Counted.of(rows) == Counted(expected=4, given=2, nil=1)
    assert Counted.of(rows).missing == 1


def test_a_whole_years_amount_is_expected_in_each_month_and_in_for_each_that_has_come(
    scene: Scene,
) -> None:
    rent = scene.item("rent")
    scene.amount(rent, 12_00, 2016, "FORECAST")
    every = expected_of_year(scene.alliance, 2016, DAY)
    assert all(
        any(row.item == rent and row.forecast == 1_00 for row in rows) for rows in every.values()
    )
    assert len(every) == 12

    scene.amount(rent, 13_00, 2016, "ACTUAL")

    (row,) = [row for row in expected_of(scene.alliance, DECEMBER, DAY) if row.item == rent]
    assert row.stands is Stands.IN


# Nil returns


def say_nil(scene: Scene, by: User, *codes: str) -> int:
    return month_ends.say_nil(
        alliance=scene.alliance,
        month=DECEMBER,
        item_ids=[item(scene, code).pk for code in codes],
        by=by,
        day=DAY,
        reason="Nil return: no cost or saving in December 2016",
    )


def test_a_nil_return_is_an_actual_of_nought_on_record_with_who_said_it(
    scene: Scene, alice: User
) -> None:
    assert say_nil(scene, alice, "posts", "fund") == 2

    nil = Amount.objects.filter(version="ACTUAL", pence=0, starts_on=DECEMBER)
    # Who bore it is as the item's actual amounts say, or else as its forecast does.
    assert dict(nil.values_list("item__code", "borne_by__code")) == {
        "posts": "south",
        "fund": "north",
    }
    change = Change.objects.latest("pk")
    assert (change.kind, change.made_by) == (Change.Kind.AMOUNT, alice)
    assert change.reason.startswith("Nil return")
    assert Counted.of(expected_of(scene.alliance, DECEMBER, DAY)).missing == 0


def test_an_item_that_is_in_or_is_not_expected_has_no_nil_return(scene: Scene, alice: User) -> None:
    scene.item("other")

    with pytest.raises(month_ends.NotNil, match="Vans has an actual amount of December 2016"):
        say_nil(scene, alice, "posts", "vans")
    with pytest.raises(month_ends.NotNil, match="is expected"):
        say_nil(scene, alice, "other")
    assert not Amount.objects.filter(version="ACTUAL", pence=0).exists()


# Locking


def test_a_month_is_locked_with_what_it_came_to_and_says_who_and_why(
    scene: Scene, alice: User
) -> None:
    made = lock_december(scene.alliance, alice)

    kept = MonthTotals.of(MonthLock.objects.get(pk=made.pk).snapshot)
    assert [(row.code, row.borne) for row in kept.forces] == [
        ("north", 1_100_00),
        ("south", 0),
        ("east", 0),
    ]
    assert sum(row.cost_due for row in kept.forces) == 1_100_00
    assert kept.total.figures == (1_100_00, 1_100_00, 0, 0)
    assert kept.counted == Counted(expected=3, given=1, nil=0)
    change = Change.objects.latest("pk")
    assert change.kind == Change.Kind.MONTH
    assert change.said[0]["of"] == "Lock, December 2016"
    with pytest.raises(OnRecordAlready, match="Alice locked it at"):
        lock_december(scene.alliance, alice)


def test_what_stands_in_the_way_of_a_lock(scene: Scene, alice: User) -> None:
    asked = {"alliance": scene.alliance, "by": alice, "note": "", "seen": ""}
    with pytest.raises(month_ends.CannotBeLocked, match="ends on 31 December 2016"):
        month_ends.lock(month=DECEMBER, day=date(2016, 12, 30), **asked)
    with pytest.raises(month_ends.CannotBeLocked, match="No actual amount of October 2016"):
        month_ends.lock(month=date(2016, 10, 1), day=DAY, **asked)
    with pytest.raises(month_ends.CannotBeLocked, match="not in"):
        month_ends.lock(month=DECEMBER, day=DAY, **asked)
    with pytest.raises(PriceMoved):
        month_ends.lock(month=DECEMBER, day=DAY, **{**asked, "note": "Late"})
    services.request_recompute(alliance=scene.alliance, cause="A test asked")
    with pytest.raises(month_ends.CannotBeLocked, match="being worked out again"):
        month_ends.lock(month=DECEMBER, day=DAY, **{**asked, "note": "Late"})
    work_out(scene.alliance)
    FinancialYear.objects.create(
        alliance=scene.alliance, year=2016, closed_at="2017-06-01T00:00Z", closed_by=alice
    )
    with pytest.raises(month_ends.CannotBeLocked, match="2016/17 is closed"):
        month_ends.lock(month=DECEMBER, day=DAY, **{**asked, "note": "Late"})
    assert facts_of(scene.alliance, 2016).closed_at
    assert not MonthLock.objects.exists()


def area_of(scene: Scene) -> object:
    return item(scene, "vans").area


DOORS: dict[str, Callable[[Scene], object]] = {
    "an amount that is changed": lambda scene: services.save_amount(
        amount=with_pence(vans_in_december(scene)), by=None
    ),
    "an amount that moves into the month": lambda scene: services.save_amount(
        amount=into_december(scene), by=None
    ),
    "a new amount": lambda scene: services.save_amount(
        amount=scene.new_amount(item(scene, "fund"), 5, DECEMBER, "ACTUAL"), by=None
    ),
    "a whole year's": lambda scene: services.save_amount(
        amount=scene.new_amount(item(scene, "fund"), 5, 2016, "ACTUAL"), by=None
    ),
    "an amount taken away": lambda scene: services.delete_amount(
        amount=vans_in_december(scene), by=None
    ),
    "its item taken away": lambda scene: services.delete_item(item=item(scene, "vans"), by=None),
    "its item in another kind": lambda scene: services.save_item(
        item=in_another_kind(item(scene, "vans")), by=None
    ),
    "months in the grid": lambda scene: set_months(
        area=area_of(scene),
        version="ACTUAL",
        amounts={Place(item(scene, "fund").pk, DECEMBER, None): 5},
        by=None,
    ),
    "who bore it": lambda scene: amount_services.name_bearer(
        area=area_of(scene),
        amounts=[vans_in_december(scene)],
        force=Force.objects.get(alliance=scene.alliance, code="south"),
        by=None,
    ),
    "amounts taken away": lambda scene: amount_services.take_away(
        area=area_of(scene), amounts=[vans_in_december(scene)], by=None
    ),
    "months put together": lambda scene: amount_services.gather_into_years(
        area=area_of(scene), amounts=[vans_in_december(scene)], by=None
    ),
    "a nil return": lambda scene: say_nil(scene, factories.user(), "fund"),
}


def with_pence(amount: Amount) -> Amount:
    amount.pence += 1
    return amount


def into_december(scene: Scene) -> Amount:
    found: Amount = Amount.objects.select_related("item__alliance").get(
        item__code="posts", version="ACTUAL"
    )
    found.starts_on = DECEMBER
    return found


def in_another_kind(found: Item) -> Item:
    found.kind = "SAVING"
    return found


@pytest.mark.parametrize("door", DOORS)
def test_no_service_changes_an_actual_amount_of_a_locked_month(
    scene: Scene, alice: User, door: str
) -> None:
    lock_december(scene.alliance, alice)

    with pytest.raises(MonthIsLocked, match="December 2016 is locked"):
        DOORS[door](scene)


def test_a_workbook_changes_none_either(scene: Scene, alice: User, tmp_path: Path) -> None:
    factories.milestone(area=scene.fleet, alliance=scene.alliance)
    found = vans_in_december(scene)
    book = tmp_path / "book.xlsx"
    found.pence += 7
    found.save()
    book.write_bytes(as_xlsx(stored_workbook(scene.alliance)))
    found.pence -= 7
    found.save()
    lock_december(scene.alliance, alice)

    with pytest.raises(NotLoadable, match="December 2016 is locked"):
        load(book)

    assert vans_in_december(scene).pence == found.pence


def test_other_amounts_and_other_months_change_as_before(scene: Scene, alice: User) -> None:
    lock_december(scene.alliance, alice)

    for version, month in (("FORECAST", DECEMBER), ("APPROVED", DECEMBER), ("ACTUAL", NOVEMBER)):
        place = Place(item(scene, "vans").pk, month, scene.north.pk)
        area = area_of(scene)
        if version == "FORECAST":
            place = Place(item(scene, "fund").pk, month, scene.north.pk)
        if version == "APPROVED":
            place = Place(item(scene, "fund").pk, month, None)
        assert set_months(area=area, version=version, amounts={place: 77}, by=None) == 1


def test_the_grid_shows_a_locked_month_as_text(scene: Scene, alice: User) -> None:
    lock_december(scene.alliance, alice)

    of_actual = grid_of(item(scene, "vans").area, 2016, "ACTUAL")
    assert {cell.month for row in of_actual.rows for cell in row.cells if cell.stays} == {DECEMBER}
    assert {cell.stays for row in of_actual.rows for cell in row.cells} == {LOCKED, ""}
    of_forecast = grid_of(item(scene, "vans").area, 2016, "FORECAST")
    assert LOCKED not in {cell.stays for row in of_forecast.rows for cell in row.cells}


# Unlocking


def test_a_month_is_unlocked_with_a_reason_and_then_changes(scene: Scene, alice: User) -> None:
    lock_december(scene.alliance, alice)
    with pytest.raises(ValidationError):
        month_ends.unlock(alliance=scene.alliance, month=DECEMBER, reason=" ", by=alice)

    month_ends.unlock(alliance=scene.alliance, month=DECEMBER, reason="A late invoice", by=alice)

    change = Change.objects.latest("pk")
    assert (change.kind, change.reason) == (Change.Kind.MONTH, "A late invoice")
    services.save_amount(amount=with_pence(vans_in_december(scene)), by=alice)
    work_out(scene.alliance)
    lock_december(scene.alliance, alice)
    assert MonthLock.objects.count() == 2
    with pytest.raises(OnRecordAlready, match="is not locked"):
        month_ends.unlock(alliance=scene.alliance, month=NOVEMBER, reason="Late", by=alice)
