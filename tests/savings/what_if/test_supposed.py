"""A supposed change comes out as it is stored once somebody makes it, and merging loses no penny."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.models import Alliance, ForceSize, Membership, SizeMeasure
from savings.book import Book, read
from savings.book.effect import stands
from savings.engine.ratio import Ratio
from savings.models import Amount, Item
from savings.what_if.comparing import Beside
from savings.what_if.keeping import KINDS, Kept, _plain, _read, changes_of, start, suppose, take_out
from savings.what_if.merging import ForcesMerge
from savings.what_if.supposed import (
    DateMoves,
    ForceJoins,
    ForceLeaves,
    MoneyMoves,
    NoLongerFits,
    RuleHolds,
    SizeMoves,
    Supposed,
)
from tests import factories
from tests.serving import load_samples

pytestmark = [pytest.mark.django_db]
APRIL = date(2017, 4, 1)
VERSIONS = ("APPROVED", "FORECAST", "ACTUAL")


def size(alliance: Alliance) -> None:
    measure = SizeMeasure.objects.get(alliance=alliance)
    factories.force_size(
        force=alliance.forces.get(code="south-police"),
        measure=measure,
        effective_on=date(2017, 3, 31),
        value=Decimal("1500.25"),
    )


def larger(alliance: Alliance) -> None:
    for each in ForceSize.objects.filter(force__code="south-police"):
        ForceSize.objects.filter(pk=each.pk).update(value=each.value * Decimal("1.1"))


def equal(alliance: Alliance) -> None:
    factories.sharing_rule(alliance=alliance, effective_on=APRIL)


def stated(alliance: Alliance) -> None:
    rule = factories.sharing_rule(
        alliance=alliance,
        area=alliance.areas.get(code="fleet"),
        method="FIXED",
        effective_on=APRIL,
        source="Agreed",
    )
    for code, percent in (("north-police", 60), ("south-police", 40)):
        rule.terms.create(
            alliance=alliance, force=alliance.forces.get(code=code), percent=Decimal(percent)
        )


def moved(alliance: Alliance) -> None:
    dogs = alliance.areas.get(code="dogs")
    dogs.milestones.filter(code="go-live").update(forecast_on=date(2017, 9, 1))


def leaves(alliance: Alliance) -> None:
    Membership.objects.filter(force__code="south-police").update(left_on=APRIL)


MADE: dict[str, tuple[Supposed, Callable[[Alliance], None]]] = {
    "a size": (
        SizeMoves("south-police", "Officers (FTE)", date(2017, 3, 31), value=Decimal("1500.25")),
        size,
    ),
    "a size by percent": (
        SizeMoves("south-police", "Officers (FTE)", date(2016, 3, 31), percent=Decimal(10)),
        larger,
    ),
    "equal shares": (RuleHolds(APRIL, "EQUAL"), equal),
    "stated percentages": (
        RuleHolds(
            APRIL,
            "FIXED",
            area="fleet",
            percents={"north-police": Decimal(60), "south-police": Decimal(40)},
        ),
        stated,
    ),
    "a date": (DateMoves("go-live", date(2017, 9, 1)), moved),
    "a force leaves": (ForceLeaves("south-police", APRIL), leaves),
}


def figures(book: Book) -> list[dict[object, int]]:
    return [dict(stands(book, version)) for version in VERSIONS]


@pytest.mark.parametrize("name", MADE)
def test_what_is_supposed_is_what_is_stored_once_it_is_made(alliance: Alliance, name: str) -> None:
    change, make = MADE[name]
    if name == "a date":
        fleet = alliance.areas.get(code="fleet").milestones.get(code="go-live")
        fleet.code = "fleet-live"
        fleet.save()
    before = read(alliance.pk)
    supposed = change.apply(before)

    make(alliance)

    assert figures(supposed) == figures(read(alliance.pk))
    assert figures(supposed) != figures(before)


def test_an_item_s_forecast_moves_from_a_day_on_and_to_the_penny(alliance: Alliance) -> None:
    book = read(alliance.pk)
    item = next(
        item for item in book.items.values() if item.full_year_pence and item.derives_forecast
    )
    then = MoneyMoves(item.code, date(1990, 1, 1), Decimal("-12.5")).apply(book)

    Item.objects.filter(code=item.code).update(
        full_year_pence=round((item.full_year_pence or 0) * Fraction(7, 8))
    )
    for each in Amount.objects.filter(item__code=item.code, version="FORECAST", derived=False):
        Amount.objects.filter(pk=each.pk).update(pence=round(each.pence * Fraction(7, 8)))
    assert figures(then) == figures(read(alliance.pk))


def test_what_speaks_of_something_gone_is_told_and_left_out(alliance: Alliance) -> None:
    beside = Beside(alliance, [[Kept(1, ForceLeaves("west-police", APRIL))]])

    assert beside.problems == ["There is no force west-police any more."]
    assert beside.tables()[0].total.cells[0][1] == 0
    for change in (DateMoves("x", APRIL), MoneyMoves("x", APRIL, Decimal(1))):
        with pytest.raises(NoLongerFits):
            change.apply(beside.now)


def test_two_of_three_forces_merge_and_every_penny_finds_the_successor(db: None) -> None:
    load_samples()
    now = read(Alliance.objects.get(code="east-midlands").pk)
    on = date(2019, 4, 1)
    both = {"leicestershire", "northamptonshire"}
    then = ForcesMerge("leicestershire", "northamptonshire", on).apply(now)

    successor = {force.code for force in then.sharing.forces} - set(now.sharing.order)
    assert len(successor) == 1
    for version in VERSIONS:
        before, after = by_year(now, version), by_year(then, version)
        for year in {year for year, _ in (*before, *after)}:
            one = sum(pence for (of, _), pence in before.items() if of == year)
            assert one == sum(pence for (of, _), pence in after.items() if of == year)
            if year < on.year:
                assert {k: v for k, v in before.items() if k[0] == year} == {
                    k: v for k, v in after.items() if k[0] == year
                }
    early = {force for year, force in by_year(then, "FORECAST") if year < on.year}
    late = {force for year, force in by_year(then, "FORECAST") if year >= on.year}
    assert both <= early
    assert successor <= late
    assert not both & late


def by_year(book: Book, version: str) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = defaultdict(int)
    for cell, pence in stands(book, version).items():
        if pence:
            found[cell.year, cell.force] += pence if cell.kind == "SAVING" else -pence
    return found


def test_stated_percentages_of_two_that_merge_are_added_up(alliance: Alliance) -> None:
    now = read(alliance.pk)
    then = ForcesMerge("north-police", "south-police", APRIL, "Moor Police").apply(now)

    dogs = next(area.id for area in now.areas.values() if area.code == "dogs")
    (ratio,) = then.sharing.ratios(dogs, [APRIL]).values()
    assert isinstance(ratio, Ratio)
    assert len(ratio.weights) == 1
    assert [force.name for force in then.sharing.forces if force.pk < 0] == ["Moor Police"]
    assert not [pool for pool in then.worked.pools if pool.ratio is None]


def test_a_force_that_is_no_member_yet_joins_with_sizes_of_its_own(alliance: Alliance) -> None:
    change = ForceJoins(APRIL, name="West Police", sizes={"Officers (FTE)": Decimal(1800)})
    then = change.apply(read(alliance.pk))

    shares = by_year(then, "ACTUAL")  # of fleet, which has no percentages of its own
    assert {force for year, force in shares if year < 2017} <= {"north-police", "south-police"}
    assert any(force.startswith("supposed") for year, force in shares if year >= 2017)


DAYS = st.dates(date(2015, 4, 1), date(2030, 3, 31))
CODES = st.sampled_from(["north-police", "south-police"])
PERCENTS = st.decimals(-100, 10_000, places=4)
SIZES = st.dictionaries(
    st.sampled_from(["Officers (FTE)", "Population"]), st.decimals(0, 10**9, places=4)
)
CHANGES = st.one_of(
    st.builds(SizeMoves, CODES, st.just("Officers (FTE)"), DAYS, st.none() | PERCENTS, st.none()),
    st.builds(
        RuleHolds,
        DAYS,
        st.sampled_from(["SIZE", "EQUAL", "FIXED"]),
        st.sampled_from(["", "dogs"]),
        st.sampled_from(["YEAR", "PERIOD"]),
        st.none() | st.integers(0, 4),
        SIZES,
        st.dictionaries(CODES, PERCENTS),
    ),
    st.builds(DateMoves, st.just("go-live"), DAYS),
    st.builds(MoneyMoves, st.just("fleet-parts"), DAYS, PERCENTS),
    st.builds(ForceLeaves, CODES, DAYS),
    st.builds(ForceJoins, DAYS, st.just(""), st.text(max_size=20), SIZES),
    st.builds(ForcesMerge, CODES, CODES, DAYS, st.text(max_size=20)),
)


@given(change=CHANGES)
def test_a_change_is_kept_and_read_as_it_was(change: Supposed) -> None:
    assert _read({"number": 1, "kind": change.kind, **_plain(change)}) == change


def test_changes_are_added_once_and_taken_out_by_their_number(alliance: Alliance) -> None:
    made = start(alliance=alliance, by=factories.user(), name="Both")
    for change in (MADE["a date"][0], MADE["equal shares"][0], MADE["a date"][0]):
        suppose(made, change)
    made.refresh_from_db()
    numbers = [kept.number for kept in changes_of(made)]
    assert numbers == [1, 2]

    for number in (1, 1, 9):
        take_out(made, number)
    made.refresh_from_db()
    assert [kept.change for kept in changes_of(made)] == [MADE["equal shares"][0]]


def test_every_kind_is_tried() -> None:
    tried = {change.kind for change, _ in MADE.values()} | {"joins", "merge", "money"}
    assert tried == set(KINDS)
