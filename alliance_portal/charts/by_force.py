"""Costs and savings by force and year: a panel for each force, in the agreed order, all to one scale."""

from collections.abc import Sequence
from itertools import pairwise

from alliance_portal.charts.chart import TWO, Chart, Figure, Group, Row, Series, totals_of
from programmes.models import Alliance, Force
from programmes.words import pounds_short, year_prose
from savings.engine.periods import year_label
from savings.selectors.positions import ByForce

NAME = "costs-and-savings-by-force"
KINDS = ("COST", "SAVING")


def by_force_and_year(
    *, alliance: Alliance, by_force: ByForce, forces: Sequence[Force], members: frozenset[int]
) -> Chart:
    """The chart of the shares in the forecast. A force with nothing has its panel if it is a member."""
    parts = {
        (year, kind): shares
        for (year, version, kind), shares in by_force.items()
        if version == "FORECAST" and kind in KINDS
    }
    years = sorted({year for year, _ in parts})
    if not years:
        return Chart(
            name=NAME,
            kind="bars",
            title="Costs and savings by force",
            empty="No costs or savings are shared between the forces yet. Once they are, each "
            "force’s stand here year by year, to one scale.",
        )
    shown = [
        force
        for force in forces
        if force.pk in members or any(force.pk in shares for shares in parts.values())
    ]
    groups = [
        Group(
            force.short_name,
            tuple(
                Row(
                    year_label(year),
                    tuple(Figure(parts.get((year, kind), {}).get(force.pk)) for kind in KINDS),
                )
                for year in years
            ),
        )
        for force in shown
    ]
    return Chart(
        name=NAME,
        kind="bars",
        title=finding(groups, years),
        subtitle=f"Forecast costs, net of grants, and savings due to each force, {alliance.name}, "
        f"{_span(years)}",
        row_head="Financial year",
        group_head="Force",
        series=(Series("Costs", TWO[0]), Series("Savings", TWO[1])),
        groups=tuple(groups),
        notes=_notes(by_force, years),
    )


def finding(groups: Sequence[Group], years: Sequence[int]) -> str:
    """When costs and savings of all forces together are highest, and whether every force's savings grow."""
    costs, savings = (
        {
            year: sum(found)
            for place, year in enumerate(years)
            if (found := totals_of([group.rows[place] for group in groups], column))
        }
        for column in (0, 1)
    )
    said = [
        words for words in (_costs(costs), _savings(savings, all(map(_grows, groups)))) if words
    ]
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}"


def _costs(by_year: dict[int, int]) -> str:
    if not by_year:
        return "no costs are forecast"
    if max(by_year.values()) < 0:
        return "grants are more than costs in every year"
    return _highest("costs", by_year)


def _savings(by_year: dict[int, int], every_force_grows: bool) -> str:
    if not by_year:
        return "no savings are forecast yet"
    if len(by_year) > 1 and every_force_grows:
        return "savings rise every year for every force"
    return _highest("savings", by_year)


def _highest(what: str, by_year: dict[int, int]) -> str:
    """The year with the most, unless there is one year only or all are alike."""
    if len(by_year) == 1:
        ((year, pence),) = by_year.items()
        return f"{what} are {pounds_short(pence)} in {year_prose(year)}"
    if len(set(by_year.values())) == 1:
        return f"{what} are {pounds_short(max(by_year.values()))} in every year"
    most = max(by_year.values())
    if most < 0:
        return f"{what} are below £0 in every year"
    return f"{what} are highest in {year_prose(min(y for y in by_year if by_year[y] == most))}"


def _grows(group: Group) -> bool:
    found = totals_of(group.rows, 1)
    return len(found) > 1 and all(before < after for before, after in pairwise(found))


def _span(years: Sequence[int]) -> str:
    if years[0] == years[-1]:
        return year_label(years[0])
    return f"{year_label(years[0])} to {year_label(years[-1])}"


def _notes(by_force: ByForce, years: Sequence[int]) -> tuple[str, ...]:
    unshared = {
        kind: sum(
            sum(shares.values())
            for (_, version, what), shares in by_force.items()
            if (version, what) == ("FORECAST", f"{kind}_UNSHARED")
        )
        for kind in KINDS
    }
    scales = "Costs and savings each have a scale of their own, the same for every force."
    if not any(unshared.values()):
        return (scales,)
    return (
        scales,
        (
            f"Not yet shared, and not drawn: costs of {pounds_short(unshared['COST'])} and savings of "
            f"{pounds_short(unshared['SAVING'])}."
        ),
    )
