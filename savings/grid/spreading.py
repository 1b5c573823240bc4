"""A total spread over the months of a row: evenly, or as something else lies; held months stay."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import Sum, TextChoices

from programmes import words
from savings.engine.apportion import NegativeWeight, NothingToShareBy, apportion
from savings.engine.periods import add_months, months_of
from savings.grid.amounts import text_of
from savings.models import Amount
from savings.selectors.grid import Grid, Row

_WORKING_DAYS = 5  # of a week, Monday first


class Way(TextChoices):
    """What a total is spread by."""

    EVEN = "EVEN", "Evenly, a part each month"
    LAST_YEAR = "LAST_YEAR", "As last year’s months lie"
    PLAN = "PLAN", "As the plan’s months lie"
    WORKING_DAYS = "WORKING_DAYS", "By working days, Monday to Friday"


class CannotSpread(Exception):
    """Nothing is filled in; the sentence says why and what to do."""


def spread_over(
    grid: Grid,
    row: Row,
    *,
    pence: int,
    way: str,
    held: Collection[date],
    now: Mapping[str, int | None],
) -> dict[str, str]:
    """The texts of the row's cells, by name, so that the whole row comes to `pence`.

    `now` is what its cells say, by name; those of the months `held`, and those that cannot change,
    stay. Raises CannotSpread. One query where it goes by last year or the plan.
    """
    free = [cell for cell in row.cells if not cell.stays and cell.month not in held]
    if not free:
        raise CannotSpread("Every month is held or cannot change: hold fewer.")
    kept = sum(now.get(cell.name, cell.pence) or 0 for cell in row.cells if cell not in free)
    weights = _weights(grid, row, way)
    try:
        parts = apportion(pence - kept, [weights[cell.month] for cell in free])
    except NothingToShareBy:
        raise CannotSpread(f"{_of(row, way)} has nothing in these months to go by.") from None
    except NegativeWeight:
        raise CannotSpread(
            f"{_of(row, way)} has a month below nought, and nothing can go by that: spread it evenly."
        ) from None
    return {cell.name: text_of(part) for cell, part in zip(free, parts, strict=True)}


def said(row: Row, pence: int, texts: Collection[str]) -> str:
    """“£12,000.00 is spread over 9 months of Vans.”"""
    months = words.counted(len(texts), "month")
    return f"{row.item.name} comes to {words.pounds(pence)}: {months} filled in."


def _weights(grid: Grid, row: Row, way: str) -> dict[date, int]:
    if way == Way.WORKING_DAYS:
        return {month: _working_days(month) for month in grid.months}
    if way == Way.EVEN:
        return dict.fromkeys(grid.months, 1)
    version, year = grid.version, grid.year - 1
    if way == Way.PLAN:
        version, year = Amount.Version.APPROVED, grid.year
    months = Amount.objects.filter(item=row.item, version=version, year=year, whole_year=False)
    found = dict(months.values_list("starts_on").annotate(Sum("pence")).order_by())
    return {
        month: found.get(then, 0) for month, then in zip(grid.months, months_of(year), strict=True)
    }


def _of(row: Row, way: str) -> str:
    return f"{row.item.name}’s {'plan' if way == Way.PLAN else 'last year'}"


def _working_days(month: date) -> int:
    """Days of the month from Monday to Friday; holidays count."""
    days = (add_months(month, 1) - month).days
    return sum((month + timedelta(day)).weekday() < _WORKING_DAYS for day in range(days))
