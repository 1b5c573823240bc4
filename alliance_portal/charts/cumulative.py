"""Cumulative savings: what was planned, what was made and what is forecast, added up over time."""

from datetime import date

from alliance_portal.charts.chart import TWO, Chart, Figure, Group, Row, Series, known_only
from alliance_portal.charts.timeline import is_year_end, month_end, reading_dates
from programmes.models import Alliance
from programmes.words import month, pounds_beside, pounds_short
from savings.selectors.outturn import OUTTURN, Months
from savings.selectors.totals import Totals

NAME = "cumulative-savings"
_SERIES = (
    Series("Planned", TWO[0], "circle"),
    Series("Actual", TWO[1], "rect"),
    Series("Outturn", TWO[1], "rect", is_dashed=True),
)


def is_comparable(totals: Totals, version: str) -> bool:
    """False if over a tenth of a version's savings have no plan for their area and year."""
    found = {
        (area, year): pence
        for (area, year, kind, of_version), pence in totals.items()
        if (kind, of_version) == ("SAVING", version)
    }
    without = sum(
        pence
        for (area, year), pence in found.items()
        if (area, year, "SAVING", "APPROVED") not in totals
    )
    return without * 10 <= abs(sum(found.values()))


def cumulative_savings(*, alliance: Alliance, day: date, months: Months, totals: Totals) -> Chart:
    """The chart, from the savings of every month. No query."""
    known = [month for version in months.values() for month in version]
    if not known:
        return Chart(
            name=NAME,
            kind="lines",
            title="Cumulative savings",
            empty="No savings are recorded yet. Once amounts are loaded, what was planned, made and "
            "is forecast is added up here over time.",
        )
    actual = months.get("ACTUAL")
    made_until = month_end(max(actual)) if actual else None
    now = made_until or month_end(day)
    dates = reading_dates(
        [month_end(each) for each in known] + known,
        also=[now, *(month_end(max(each)) for each in months.values())],
    )
    rows = tuple(_row(months, on, made_until, now, dates[-1]) for on in dates)
    series, drawn = known_only(_SERIES, rows)
    return Chart(
        name=NAME,
        kind="lines",
        title=finding(
            rows,
            made_until=made_until,
            forecast_compares=is_comparable(totals, "FORECAST"),
            actual_compares=is_comparable(totals, "ACTUAL"),
        ),
        subtitle=f"Cumulative savings, {alliance.name}, {rows[0].label} to {rows[-1].label}",
        row_head="By the end of",
        series=series,
        groups=(Group("", drawn),),
        notes=_notes(made_until, months),
        day=day,
    )


def _row(months: Months, on: date, made_until: date | None, now: date, last: date) -> Row:
    """Everything up to the end of a month: each version only as far as its amounts go."""

    def added(version: str) -> int | None:
        known = months.get(version)
        if not known or on > month_end(max(known)):
            return None
        return sum(pence for month, pence in known.items() if month <= on)

    actual = added("ACTUAL") if made_until is not None and on <= made_until else None
    return Row(
        label=month(on),
        on=on,
        figures=(
            Figure(added("APPROVED")),
            Figure(actual),
            Figure(added(OUTTURN), is_drawn=on >= now),
        ),
        is_main=is_year_end(on) or on in (now, last),
    )


def _notes(made_until: date | None, months: Months) -> tuple[str, ...]:
    spread = "Amounts for a whole year are spread evenly over its months."
    ends = {each: max(months[each]) for each in ("APPROVED", "FORECAST") if each in months}
    if len(set(ends.values())) > 1:
        spread += (
            f" Savings are planned up to {month(ends['APPROVED'])} and forecast up to "
            f"{month(ends['FORECAST'])}; beyond that none are entered."
        )
    if made_until is None:
        return (spread,)
    return (
        (
            "Outturn is what is made where that is known, and what is forecast where not. It is drawn "
            f"from {month(made_until)}, the last month with actual savings; the table has it from the "
            "beginning."
        ),
        spread,
    )


def finding(
    rows: tuple[Row, ...],
    *,
    made_until: date | None,
    forecast_compares: bool,
    actual_compares: bool,
) -> str:
    """What the chart says: how savings stand against plan where they can be compared, else what they are."""
    rows = _as_far_as_known(rows, both=forecast_compares)
    planned, _, forecast = (_last(rows, column) for column in range(3))
    end = rows[-1].label
    then = next((row for row in rows if row.on == made_until), None)
    if then is None:
        return _coming(planned, forecast, end, forecast_compares)
    due, made, _ = (each.value for each in then.figures)
    assert made is not None
    if not due or not actual_compares:
        first = f"Savings by {then.label} are {pounds_short(made)}"
        if forecast is None:
            return first
        return f"{first}, and are forecast to reach {pounds_short(forecast)} by {end}"
    first = f"Savings by {then.label} are {_against(made - due, due)}"
    if planned is None or forecast is None or not forecast_compares or then is rows[-1]:
        return first
    return f"{first}, and are forecast to {_later(made - due, forecast - planned, rows[rows.index(then) :])}"


def _as_far_as_known(rows: tuple[Row, ...], *, both: bool) -> tuple[Row, ...]:
    """The rows up to the last with a forecast, and with a plan too if the two are compared.

    All rows, if there is no such row.
    """
    columns = (0, 2) if both else (2,)
    known = [
        place
        for place, row in enumerate(rows)
        if all(row.figures[column].value is not None for column in columns)
    ]
    return rows[: known[-1] + 1] if known else rows


def _last(rows: tuple[Row, ...], column: int) -> int | None:
    """The last figure of a column."""
    found = (row.figures[column].value for row in reversed(rows))
    return next((pence for pence in found if pence is not None), None)


def _against(gap: int, plan: int) -> str:
    if gap == 0:
        return "as planned"
    return f"{pounds_beside(abs(gap), plan)} {'below' if gap < 0 else 'above'} plan"


def _later(gap: int, last: int, rows: tuple[Row, ...]) -> str:
    """How it goes on from the first of these rows: it catches up and stays there, or how it ends."""
    end = rows[-1].label
    if gap < 0 <= last:
        late = [row for row in rows if _is_late(row)]
        return f"catch up by {rows[rows.index(late[-1]) + 1].label if late else end}"
    plan = rows[-1].figures[0].value or 0
    if last == 0:
        return f"be as planned by {end}"
    return f"be {pounds_beside(abs(last), plan)} {'below' if last < 0 else 'above'} it by {end}"


def _is_late(row: Row) -> bool:
    planned, _, forecast = (each.value for each in row.figures)
    return planned is not None and forecast is not None and forecast < planned


def _coming(planned: int | None, forecast: int | None, end: str, compares: bool) -> str:
    """Where nothing is saved yet."""
    if forecast is None:
        return f"Savings of {pounds_short(planned or 0)} are planned by {end}; none is forecast yet"
    first = f"Savings are forecast to reach {pounds_short(forecast)} by {end}"
    if planned is None:
        return f"{first}; none is approved yet"
    if not compares:
        return f"{first}; {pounds_beside(planned, forecast)} is approved so far"
    gap = forecast - planned
    if gap == 0:
        return f"{first}, as planned"
    return f"{first}, {_against(gap, planned)}"
