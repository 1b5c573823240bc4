"""What an item may be, a sentence each; plain Python, asked by service and workbook."""

from collections.abc import Sequence

from programmes.written.limits import MOST_OFFSET, MOST_RAMP


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
