"""A monthly forecast from a start date, a full year's value and the percentage of each year."""

import re
from collections.abc import Sequence
from datetime import date

from savings.engine.apportion import apportion
from savings.engine.periods import add_months

HIGHEST_PERCENT = 999
_WHOLE_NUMBER = re.compile(r"[0-9]+%?")


class NotARamp(ValueError):
    """A text is not a list of percentages such as 50;75;100."""


def parse_ramp(text: str) -> list[int]:
    """The percentages of a ramp written as 50;75;100, first year first.

    Raises NotARamp with one sentence that says what to write.
    """
    steps = [step.strip() for step in text.strip().strip(";").split(";")]
    if steps == [""]:
        raise NotARamp("A ramp needs at least one percentage, for example 50;75;100.")
    for step in steps:
        if not _WHOLE_NUMBER.fullmatch(step):
            raise NotARamp(
                f"“{step[:40]}” is not a percentage: write whole numbers with semicolons, "
                "for example 50;75;100."
            )
    percentages = [int(step.rstrip("%")) for step in steps]
    if max(percentages) > HIGHEST_PERCENT:
        raise NotARamp(f"A ramp goes up to {HIGHEST_PERCENT}%, not {max(percentages)}%.")
    return percentages


def monthly_forecast(
    *,
    full_year_pence: int,
    ramp: Sequence[int],
    starts_on: date,
    until: date,
    one_off: bool = False,
) -> list[tuple[date, int]]:
    """The months from the start to `until` (inclusive), each with its pence, in order.

    The first month is the first whole one on or after `starts_on`. Each twelve months from there
    are one step of the ramp: together worth exactly `year_value(full_year_pence, percent)`, divided
    evenly with the odd pennies in the earlier months. A recurring item stays at the last
    percentage; a one-off ends when the ramp does. A month worth nothing is still listed. Months
    that begin after `until` are left out, never squeezed in.

    Raises NotARamp if `ramp` is empty.
    """
    if not ramp:
        raise NotARamp("A ramp needs at least one percentage, for example 50;75;100.")
    forecast: list[tuple[date, int]] = []
    month = first_whole_month(starts_on)
    step = 0
    while month <= until and not (one_off and step >= len(ramp)):
        value = year_value(full_year_pence, ramp[min(step, len(ramp) - 1)])
        for pence in apportion(value, [1] * 12):
            if month <= until:
                forecast.append((month, pence))
            month = add_months(month, 1)
        step += 1
    return forecast


def year_value(full_year_pence: int, percent: int) -> int:
    """`percent` of a full year in whole pence; half a penny goes away from zero on either side."""
    size = (2 * abs(full_year_pence) * percent + 100) // 200
    return -size if full_year_pence < 0 else size


def first_whole_month(day: date) -> date:
    """The first day of the first month that lies wholly on or after `day`."""
    return day if day.day == 1 else add_months(day.replace(day=1), 1)
