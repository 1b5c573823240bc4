"""Slippage priced: from the year's planned savings, by what the dates moved and the rest, to the outturn."""

from collections.abc import Iterator

from alliance_portal.as_at.sentence import Sentence
from alliance_portal.charts.chart import TWO, Chart, Figure, Group, Row, Series
from programmes.models import Alliance
from programmes.words import pounds_beside, pounds_short, year_prose
from savings.engine.periods import year_label

NAME = "slippage-priced"


def slippage_priced(*, alliance: Alliance, said: Sentence) -> Chart:
    """The chart of the year that the dashboard's sentence speaks of."""
    if said.gap is None or said.outturn is None or said.approved is None:
        return Chart(
            name=NAME,
            kind="waterfall",
            title=f"From plan to forecast, {year_prose(said.year)}",
            empty=_why_not(said),
        )
    moved = said.slipped
    other = said.gap - moved.since_original
    end = "Forecast" if said.savings.made is None else "Outturn"
    rows = (
        Row("Planned", (Figure(said.approved),), is_total=True),
        Row("Slipped since approved", (Figure(moved.since_approved),)),
        Row("Re-baselined since the original", (Figure(moved.rebaselined),)),
        *([Row("Never approved", (Figure(moved.unapproved),))] if moved.unapproved else []),
        Row("Everything else", (Figure(other),)),
        Row(end, (Figure(said.outturn),), is_total=True),
    )
    return Chart(
        name=NAME,
        kind="waterfall",
        title=finding(
            year=said.year, planned=said.approved, slippage=moved.since_original, other=other
        ),
        subtitle=f"Savings from plan to {end.lower()}, {alliance.name}, {year_label(said.year)}",
        row_head=f"From plan to {end.lower()}",
        series=(Series("Savings", TWO[0]),),
        groups=(Group("", rows),),
        notes=tuple(_notes(said)),
    )


def finding(*, year: int, planned: int, slippage: int, other: int) -> str:
    """How the forecast stands against plan, and how much of that is go-live dates."""
    gap, of = slippage + other, f"savings for {year_prose(year)}"
    dates = pounds_beside(abs(slippage), planned)
    late = f"go-live dates {'later' if slippage < 0 else 'earlier'} than first promised"
    if gap == 0 and slippage == 0:
        return f"{of[0].upper()}{of[1:]} are forecast as planned"
    moved = f"{late[0].upper()}{late[1:]} {'take' if slippage < 0 else 'add'} {dates} "
    moved += f"{'off' if slippage < 0 else 'to'} {of}"
    if gap == 0:
        return f"{moved}, and everything else makes up for it"
    whole = f"{of[0].upper()}{of[1:]} are forecast {pounds_beside(abs(gap), planned)} "
    whole += f"{'below' if gap < 0 else 'above'} plan"
    if slippage == 0:
        return f"{whole}; go-live dates have no part in it"
    if other == 0:
        return f"{whole}, all of it from {late}"
    if (slippage < 0) == (gap < 0) and abs(slippage) < abs(gap):
        return f"{whole}, {dates} of it from {late}"
    rest = pounds_beside(abs(other), planned)
    return f"{moved}; everything else {'takes' if other < 0 else 'adds'} {rest}"


def _notes(said: Sentence) -> Iterator[str]:
    yield "Slipped: what go-live dates that differ from their approved dates add or take off."
    yield "Re-baselined: what approved dates that differ from the original baselines add or take off."
    if said.slipped.unapproved:
        yield "Never approved: go-lives without an approved date, against the date first promised."
    if said.savings.made is not None:
        yield "Outturn: what is made, and the forecast of the rest of the year."


def _why_not(said: Sentence) -> str:
    year = year_prose(said.year)
    if said.forecast is None and said.approved is None:
        return f"No savings are recorded for {year} yet."
    if said.forecast is None:
        return f"No savings are forecast for {year} yet, so there is nothing to compare with plan."
    if said.approved is None:
        return (
            f"No savings are approved for {year} yet, so the forecast has no plan to compare with."
        )
    approved = pounds_beside(said.approved, said.forecast)
    return (
        f"{approved} of savings is approved and {pounds_short(said.forecast)} forecast for {year}: "
        "too little is approved for the two to be compared. Once more of it is, this shows how much "
        "of the difference comes from go-live dates that moved."
    )
