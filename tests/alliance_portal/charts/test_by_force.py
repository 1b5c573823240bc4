"""Costs and savings by force: every force in the agreed order, and what the title may claim."""

import pytest

from alliance_portal.charts.by_force import by_force_and_year
from programmes.models import Alliance, Force

HILLS = Alliance(code="hills", name="Hills")
MILLION = 10**8
Shares = dict[tuple[int, str, str], dict[int | None, int]]


def forces(count: int) -> tuple[Force, ...]:
    return tuple(Force(pk=n, name=f"County {n} Police", position=n) for n in range(1, count + 1))


def forecast(**by_year: list[tuple[int | None, int | None]]) -> Shares:
    """Shares by year ("y2016"): a (cost, saving) in pounds for each force in turn."""
    found: Shares = {}
    for year, shares in by_year.items():
        for column, kind in enumerate(("COST", "SAVING")):
            known = {
                n: share[column] * 100
                for n, share in enumerate(shares, start=1)
                if share[column] is not None
            }
            if known:
                found[int(year[1:]), "FORECAST", kind] = known
    return found


def chart(by_force: Shares, count: int = 2, members: int | None = None):
    here = forces(count)
    inside = frozenset(force.pk for force in here[: count if members is None else members])
    return by_force_and_year(alliance=HILLS, by_force=by_force, forces=here, members=inside)


TWO_YEARS = forecast(y2016=[(100, 1), (50, 2)], y2017=[(90, 3), (40, 4)])


def test_each_force_has_its_years_in_a_panel_of_its_own_in_the_agreed_order():
    drawn = chart(TWO_YEARS)

    assert [group.name for group in drawn.groups] == ["County 1", "County 2"]
    assert [
        (row.label, *(figure.value for figure in row.figures)) for row in drawn.groups[1].rows
    ] == [("2016/17", 5000, 200), ("2017/18", 4000, 400)]
    assert not drawn.is_wide


def test_seven_forces_have_the_same_two_colours():
    drawn = chart(forecast(y2016=[(1, 1)] * 7), count=7)

    assert len(drawn.groups) == 7
    assert [each.colour for each in drawn.series] == ["#12436d", "#f46a25"]
    assert drawn.is_wide


def test_a_force_that_left_keeps_its_panel_if_it_has_money_and_loses_it_if_not():
    assert len(chart(TWO_YEARS, members=1).groups) == 2
    assert len(chart(TWO_YEARS, count=3, members=1).groups) == 2


def test_one_force_that_is_left_stands_alone():
    assert [group.name for group in chart(forecast(y2016=[(1, 1)]), count=1).groups] == ["County 1"]


def test_what_is_not_yet_shared_is_said_and_not_drawn():
    unshared: Shares = {(2016, "FORECAST", "SAVING_UNSHARED"): {None: MILLION}}

    assert chart(unshared).rows == ()
    assert "shared between the forces yet" in chart(unshared).empty
    assert (
        "Not yet shared, and not drawn: costs of £0 and savings of £1 million."
        in chart({**TWO_YEARS, **unshared}).notes
    )


def test_only_the_forecast_is_drawn():
    actual: Shares = {(2016, "ACTUAL", "SAVING"): {1: 1}}

    assert chart(actual).rows == ()


@pytest.mark.parametrize(
    ("shares", "title"),
    [
        (TWO_YEARS, "Costs are highest in 2016 to 2017; savings rise every year for every force"),
        (
            forecast(y2016=[(1, 5), (1, 1)], y2017=[(1, 3), (1, 2)]),
            "Costs are £2 in every year; savings are highest in 2016 to 2017",
        ),
        (
            forecast(y2016=[(1_000_000, 5), (500_000, 1)]),
            "Costs are £1.5 million in 2016 to 2017; savings are £6 in 2016 to 2017",
        ),
        (
            forecast(y2016=[(1, None), (1, None)], y2017=[(2, None), (1, None)]),
            "Costs are highest in 2017 to 2018; no savings are forecast yet",
        ),
        (
            forecast(y2016=[(None, 1), (None, 1)], y2017=[(None, 2), (None, 1)]),
            "No costs are forecast; savings are highest in 2017 to 2018",
        ),
        (
            forecast(y2016=[(2, 1), (1, 1)], y2017=[(None, 2), (None, 2)]),
            "Costs are entered only up to 2016 to 2017; savings rise every year for every force",
        ),
        (
            forecast(
                y2016=[(2, 1), (1, 1)], y2017=[(None, 2), (None, 2)], y2018=[(3, None), (1, None)]
            ),
            "Costs are entered for only 2 of 3 years; savings are entered only up to 2017 to 2018",
        ),
        (
            forecast(y2016=[(0, 0), (0, 0)], y2017=[(0, 0), (0, 0)]),
            "Costs are £0 in every year; savings are £0 in every year",
        ),
        (
            forecast(y2016=[(-5, 1), (-5, 1)], y2017=[(-1, 1), (-1, 1)]),
            "Grants are more than costs in every year; savings are £2 in every year",
        ),
    ],
)
def test_the_title_says_what_the_shares_show_and_no_more(shares, title):
    assert chart(shares).title == title


def test_years_that_nobody_has_entered_are_hatched_and_said_and_are_not_nought():
    drawn = chart(forecast(y2015=[(1, None)] * 2, y2016=[(1, 5)] * 2, y2017=[(None, 5)] * 2))

    costs = [row.figures[0] for row in drawn.groups[0].rows]
    savings = [row.figures[1] for row in drawn.groups[0].rows]
    assert [each.is_missing for each in costs] == [False, False, True]
    assert not any(each.is_missing for each in savings)  # none was expected before they begin
    assert "Hatched: no costs are entered for 2017/18 yet." in drawn.notes
