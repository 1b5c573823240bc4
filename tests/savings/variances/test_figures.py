"""Variances: what is set against what, and which have to be explained."""

from datetime import date
from typing import Any

import pytest

from programmes.models import Change, User
from programmes.recorded import StaleEdit
from savings.models import Item, Narrative
from savings.selectors.outturn import outturn_of, read_saved
from savings.variances import services
from savings.variances.figures import (
    FLOOR_PENCE,
    Line,
    Measure,
    Variance,
    read_amounts,
    totals,
    variances,
)
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

DAY = date(2016, 12, 31)
MAY, JUNE, JULY = (date(2016, month, 1) for month in (5, 6, 7))
SAID = services.Said("A late invoice", is_recurrent=False, action="", owner="", due_on=None)


@pytest.fixture
def scene() -> Scene:
    """A recurring cost with a grant, a one-off cost of the year, and a saving; June is in."""
    scene = a_scene()
    vans, fund = scene.item("vans"), scene.item("fund", "GRANT")
    posts, move = scene.item("posts", "SAVING"), scene.item("move")
    Item.objects.filter(pk=move.pk).update(recurrence="ONE_OFF")
    for month in (MAY, JUNE, JULY):
        scene.amount(vans, 10_000_00, month, "APPROVED")
        scene.amount(vans, 11_000_00, month, "FORECAST")
        scene.amount(posts, 5_000_00, month, "APPROVED")
        scene.amount(posts, 4_000_00, month, "FORECAST")
    scene.amount(fund, 1_000_00, JUNE, "APPROVED")
    for month, pence in ((MAY, 10_500_00), (JUNE, 12_000_00)):
        scene.amount(vans, pence, month, "ACTUAL")
    scene.amount(posts, 3_000_00, JUNE, "ACTUAL")
    scene.amount(move, 12_000_00, 2016, "APPROVED")
    return scene


def figures(scene: Scene, measure: Measure, then: Any = None) -> dict[tuple[str, str], Any]:
    rows = variances(scene.alliance, JUNE, measure, DAY, then)
    return {(row.line.kind, row.line.recurrence): (row.against, row.measured) for row in rows}


def test_in_the_month_plan_is_set_against_actual_recurring_apart_from_one_off(
    scene: Scene,
) -> None:
    assert figures(scene, Measure.MONTH) == {
        ("COST", "RECURRING"): (9_000_00, 12_000_00),
        ("COST", "ONE_OFF"): (1_000_00, 0),
        ("SAVING", "RECURRING"): (5_000_00, 3_000_00),
    }


def test_to_date_is_all_months_up_to_it(scene: Scene) -> None:
    assert figures(scene, Measure.TO_DATE) == {
        ("COST", "RECURRING"): (19_000_00, 22_500_00),
        ("COST", "ONE_OFF"): (3_000_00, 0),
        ("SAVING", "RECURRING"): (10_000_00, 3_000_00),
    }


def test_of_the_year_the_outturn_is_set_against_the_plan(scene: Scene) -> None:
    found = figures(scene, Measure.YEAR)
    assert found == {
        ("COST", "RECURRING"): (29_000_00, 33_500_00),
        ("COST", "ONE_OFF"): (12_000_00, 0),
        ("SAVING", "RECURRING"): (15_000_00, 11_000_00),
    }
    saved = outturn_of(read_saved(scene.alliance.pk).amounts, 2016, DAY)
    assert found["SAVING", "RECURRING"] == (saved.approved, saved.outturn)


def test_since_last_month_the_outturn_is_set_against_what_it_was(scene: Scene) -> None:
    then = read_amounts(scene.alliance.pk, 2016)
    scene.amount(scene.alliance.items.get(code="vans"), 11_500_00, JULY, "ACTUAL")

    assert figures(scene, Measure.FORECAST, then)["COST", "RECURRING"] == (33_500_00, 34_000_00)


def test_what_is_large_is_above_five_per_cent_and_the_floor() -> None:
    line = Line(1, "COST", "RECURRING")

    def is_large(against: int, measured: int) -> bool:
        return Variance(line, factories.area(), against, measured).is_large

    assert not is_large(100_000_00, 105_000_00)
    assert is_large(100_000_00, 105_000_01)
    assert not is_large(0, FLOOR_PENCE)
    assert is_large(0, -FLOOR_PENCE - 1)
    assert not is_large(10_00, 10_00 + FLOOR_PENCE)


def test_a_cost_above_and_a_saving_below_are_worse() -> None:
    area = factories.area()
    for kind, measured, is_worse in (("COST", 2, True), ("SAVING", 2, False), ("SAVING", 0, True)):
        found = Variance(Line(area.pk, kind, "RECURRING"), area, 1, measured)
        assert found.is_worse == is_worse


def test_totals_add_every_line_up(scene: Scene) -> None:
    rows = variances(scene.alliance, JUNE, Measure.YEAR, DAY, None)

    together = totals(rows)

    assert [total.name for total in together] == [
        "Costs, one-off",
        "Costs, recurring",
        "Savings, recurring",
    ]
    assert sum(total.pence for total in together) == sum(row.pence for row in rows)


# What is said of them


def explain(scene: Scene, by: User, **more: Any) -> Narrative:
    asked = {"month": JUNE, "kind": "COST", "recurrence": "RECURRING", "said": SAID, "by": by}
    return services.explain(area=scene.fleet, **{**asked, **more})


def test_a_narrative_is_a_change_of_the_area_on_record(scene: Scene) -> None:
    alice = factories.user(name="Alice")

    written = explain(scene, alice)

    change = Change.objects.latest("pk")
    assert (change.kind, change.made_by, change.area_id) == ("MONTH", alice, scene.fleet.pk)
    assert change.said[0]["of"] == "Narrative, June 2016"
    (row,) = [
        row
        for row in variances(scene.alliance, JUNE, Measure.MONTH, DAY, None)
        if row.line == Line(scene.fleet.pk, "COST", "RECURRING")
    ]
    assert row.narrative == written
    assert not row.is_unexplained
    assert written.said == "A late invoice. It happened once."


def test_who_was_second_is_told_what_the_first_said(scene: Scene) -> None:
    first = explain(scene, factories.user())

    with pytest.raises(StaleEdit):
        explain(scene, factories.user())
    again = services.Said("Two invoices", True, "Ask for credit", "Bob", date(2016, 9, 1))
    written = explain(scene, factories.user(), said=again, seen_revision=first.revision)

    assert written.said == (
        "Two invoices. It will come again. Ask for credit. Bob, until 1 September 2016."
    )
