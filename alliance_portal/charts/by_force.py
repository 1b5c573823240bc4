"""Costs and savings by force and year: a panel for each force, in the agreed order, all to one scale."""

from collections.abc import Mapping, Sequence
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
    entered = {kind: years_entered(by_force, kind) for kind in KINDS}
    missing = {kind: missing_years(years, entered[kind]) for kind in KINDS}
    groups = [
        Group(
            force.short_name,
            tuple(
                Row(
                    year_label(year),
                    tuple(
                        Figure(
                            parts.get((year, kind), {}).get(force.pk),
                            is_missing=year in missing[kind],
                        )
                        for kind in KINDS
                    ),
                )
                for year in years
            ),
        )
        for force in shown
    ]
    return Chart(
        name=NAME,
        kind="bars",
        title=finding(groups, years, missing),
        subtitle=f"Forecast costs, net of grants, and savings due to each force, {alliance.name}, "
        f"{_span(years)}",
        row_head="Financial year",
        group_head="Force",
        series=(Series("Costs", TWO[0]), Series("Savings", TWO[1])),
        groups=tuple(groups),
        notes=_notes(by_force, missing),
    )


def years_entered(by_force: ByForce, kind: str) -> set[int]:
    """The years with any forecast of the kind, shared or not."""
    return {
        year
        for year, version, what in by_force
        if version == "FORECAST" and what in (kind, f"{kind}_UNSHARED")
    }


def missing_years(years: Sequence[int], entered: set[int]) -> tuple[int, ...]:
    """Years of the chart after the first one entered for which nobody has entered anything."""
    if not entered:
        return ()
    return tuple(year for year in years if year > min(entered) and year not in entered)


def finding(
    groups: Sequence[Group],
    years: Sequence[int],
    missing: Mapping[str, Sequence[int]],
) -> str:
    """When costs and savings of all forces together are highest, and whether every force's savings grow.

    Where years are not entered nothing is compared: only for how long there are figures is said.
    """
    costs, savings = (
        {
            year: sum(found)
            for place, year in enumerate(years)
            if (found := totals_of([group.rows[place] for group in groups], column))
        }
        for column in (0, 1)
    )
    said = (
        _until("costs", costs, missing["COST"]) or _costs(costs),
        _until("savings", savings, missing["SAVING"])
        or _savings(savings, all(map(_grows, groups))),
    )
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}"


def _until(what: str, by_year: dict[int, int], missing: Sequence[int]) -> str:
    """For which years there are figures, where some are missing; empty if none is."""
    if not missing or not by_year:
        return ""
    if min(missing) > max(by_year):
        return f"{what} are entered only up to {year_prose(max(by_year))}"
    return f"{what} are entered for only {len(by_year)} of {len(by_year) + len(missing)} years"


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


def _notes(by_force: ByForce, missing: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    unshared = {
        kind: sum(
            sum(shares.values())
            for (_, version, what), shares in by_force.items()
            if (version, what) == ("FORECAST", f"{kind}_UNSHARED")
        )
        for kind in KINDS
    }
    notes = ["Costs and savings each have a scale of their own, the same for every force."]
    for kind, what in (("COST", "costs"), ("SAVING", "savings")):
        if missing[kind]:
            labels = ", ".join(year_label(year) for year in missing[kind])
            notes.append(f"Hatched: no {what} are entered for {labels} yet.")
    if any(unshared.values()):
        notes.append(
            f"Not yet shared, and not drawn: costs of {pounds_short(unshared['COST'])} and savings "
            f"of {pounds_short(unshared['SAVING'])}."
        )
    return tuple(notes)
