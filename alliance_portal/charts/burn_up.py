"""Go-live burn-up: how many areas are live over time, against the original and approved dates."""

from collections.abc import Sequence
from datetime import date

from alliance_portal.as_at.facts import AreaFacts, Facts
from alliance_portal.charts.chart import (
    AREAS,
    IN_ORDER,
    Chart,
    Figure,
    Group,
    Row,
    Series,
    known_only,
)
from alliance_portal.charts.timeline import is_year_end, reading_dates
from programmes.words import day as in_words
from programmes.words import month

NAME = "go-live-burn-up"
_SERIES = (
    Series("Original baseline", IN_ORDER[0], "circle"),
    Series("Approved", IN_ORDER[1], "triangle"),
    Series("Actual", IN_ORDER[2], "rect"),
    Series("Forecast", IN_ORDER[2], "rect", is_dashed=True),
)


def burn_up(facts: Facts) -> Chart:
    """The chart of areas that are live or still to go live; withdrawn and closed ones are left out."""
    areas = (*facts.live, *facts.to_come)
    first, second = _dates(areas, "baseline_on"), _dates(areas, "approved_on")
    began = [min(each.live_on or facts.day, facts.day) for each in facts.live]
    coming = [on for on in _expected(facts.to_come) if on > facts.day]
    if not (first or second or began or coming):
        return Chart(
            name=NAME,
            kind="lines",
            title="Business areas live over time",
            empty="No go-live has a date yet. Once areas have go-live dates, how many were to be "
            "live by when, and how many are, is drawn here.",
        )
    dates = reading_dates([*first, *second, *began, *coming], also=[facts.day])
    undated = sum(each.live_on is None for each in facts.live)
    rows = tuple(
        Row(
            label=in_words(on),
            on=on,
            figures=(
                Figure(_by(first, on) if first else None),
                Figure(_by(second, on) if second else None),
                Figure(_live(facts, on) if on <= facts.day else None),
                Figure(len(facts.live) + _by(coming, on) if on >= facts.day else None),
            ),
            is_main=is_year_end(on) or on in (facts.day, dates[-1]),
        )
        for on in dates
    )
    series, drawn = known_only(_SERIES, rows)
    return Chart(
        name=NAME,
        kind="lines",
        title=finding(facts),
        subtitle=f"Number of business areas live, {facts.alliance.name}, "
        f"{rows[0].label} to {rows[-1].label}",
        unit=AREAS,
        row_head="On",
        series=series,
        groups=(Group("", drawn),),
        notes=_notes(facts, len(areas), len(first), len(second), undated),
        day=facts.day,
    )


def finding(facts: Facts) -> str:
    """How many are live against how many were due, and when the others are forecast."""
    live, all_areas = len(facts.live), len(facts.live) + len(facts.to_come)
    said = f"{live or 'None'} of {all_areas} area{'' if all_areas == 1 else 's'} "
    said += "is live" if live <= 1 else "are live"
    approved = [_approved(each) for each in (*facts.live, *facts.to_come)]
    due = sum(on is not None and on <= facts.day for on in approved)
    if any(approved) and all(map(_approved, facts.live)):
        said += _against(live, due)
    if not facts.to_come:
        return said
    coming = [on for on in _expected(facts.to_come) if on > facts.day]
    if not coming:
        return f"{said}; no date to come is on record for the rest"
    last = month(max(coming))
    if len(coming) < len(facts.to_come):
        return f"{said}; {len(coming)} more {_is(len(coming))} forecast by {last}"
    if live == 0:
        return (
            f"{said}; all are forecast by {last}" if all_areas > 1 else f"{said}; it is by {last}"
        )
    return f"{said}; the {_rest(len(coming))} forecast by {last}"


def _against(live: int, due: int) -> str:
    if live == due:
        return ", as many as were due" if live else ", and none was due yet"
    if live < due:
        return f", {due - live} fewer than {_was(due - live)} due"
    return f", {live - due} more than {_was(live - due)} due"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _rest(count: int) -> str:
    return "last one is" if count == 1 else f"other {count} are"


def _approved(each: AreaFacts) -> date | None:
    return each.go_live.approved_on if each.go_live else None


def _dates(areas: Sequence[AreaFacts], which: str) -> list[date]:
    found = (getattr(each.go_live, which, None) for each in areas)
    return [on for on in found if on is not None]


def _expected(areas: Sequence[AreaFacts]) -> list[date]:
    found = (each.go_live.expected_on if each.go_live else None for each in areas)
    return [on for on in found if on is not None]


def _by(dates: Sequence[date], on: date) -> int:
    return sum(each <= on for each in dates)


def _live(facts: Facts, on: date) -> int:
    """Areas live on a day; one without a date always was, one dated later is on the alliance's day."""
    return sum(on >= facts.day or each.was_live(on) for each in facts.live)


def _notes(facts: Facts, areas: int, first: int, second: int, undated: int) -> tuple[str, ...]:
    expected = _expected(facts.to_come)
    overdue, none = sum(on <= facts.day for on in expected), len(facts.to_come) - len(expected)
    closed = len(facts.counted) - areas
    said = (
        (0 < first < areas, f"{first} of {areas} areas {_has(first)} an original date."),
        (0 < second < areas, f"{second} of {areas} areas {_has(second)} an approved date."),
        (overdue, f"{_areas(overdue)} overdue and not in the forecast."),
        (none, f"{_areas(none, 'without')} a date and not in the forecast."),
        (undated, f"{_areas(undated)} live without a date on record, and counted from the start."),
        (closed, f"{_areas(closed)} closed and left out."),
    )
    return tuple(words for is_so, words in said if is_so)


def _areas(count: int, more: str = "") -> str:
    return f"{count} {'area is' if count == 1 else 'areas are'}{f' {more}' if more else ''}"
