"""What items and amounts may be, a sentence each; plain Python, asked by service and workbook."""

from collections.abc import Iterable, Sequence

from programmes.written.limits import MOST_OFFSET, MOST_RAMP
from savings.engine.periods import Period, year_label


def cashable_refusal(kind: str, cashable: str) -> str:
    """Why an item of this kind is not cashable or otherwise; empty if that may be said of it."""
    return "Only savings are cashable or not." if kind == "COST" and cashable else ""


def ramp_refusal(ramp: Sequence[int]) -> str:
    """Why these percentages are no ramp; empty if they are."""
    if any(not 0 <= step <= MOST_RAMP for step in ramp):
        return f"A ramp has percentages from 0 to {MOST_RAMP:,}."
    return ""


def offset_refusal(months: int) -> str:
    """Why an item does not start so many months after its milestone; empty if it can."""
    if abs(months) > MOST_OFFSET:
        return f"An item starts at most {MOST_OFFSET} months before or after its milestone."
    return ""


def beside_refusal(
    period: Period, bearer: str, others: Iterable[tuple[Period, str]], version: str
) -> str:
    """Why an amount does not stand beside `others` of its item and version; empty if it can.

    `bearer` names who bore it, and is blank for nobody. Forces that each bore a part stand side by
    side; the same money in two ways would count twice.
    """
    for other, theirs in others:
        if other.year == period.year and other.whole_year != period.whole_year:
            return (
                f"The {version.lower()} amounts of {year_label(period.year)} are there for the whole "
                "year and for months, so the same money would count twice."
            )
        if other == period and bool(theirs) != bool(bearer):
            return (
                f"The {version.lower()} amount of {period.label} is there with the force that bore it "
                "and without, so the same money would count twice."
            )
    return ""
