"""Which months are locked, and the refusal of an actual amount that is of one."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from programmes import words
from programmes.models import Alliance
from savings.engine.periods import Period, months_of
from savings.models import Amount, MonthLock


class MonthIsLocked(ValidationError):
    """The actual amounts of a locked month stay as they are."""

    def __init__(self, month: date) -> None:
        super().__init__(
            f"{words.month(month)} is locked, so its actual amounts stay as they are; "
            "unlock the month first, and say why."
        )


def locked_months(alliance_id: int) -> set[date]:
    """The first days of the alliance's locked months. One query."""
    locks = MonthLock.objects.filter(alliance_id=alliance_id, unlocked_at=None)
    return set(locks.order_by().values_list("month", flat=True))


def periods_of_actual(amounts: Iterable[Amount]) -> list[Period]:
    """The periods of those of the amounts that are actual."""
    return [each.period for each in amounts if each.version == Amount.Version.ACTUAL]


def check_unlocked(alliance: Alliance, periods: Iterable[Period]) -> None:
    """Raise MonthIsLocked if an actual amount of one of these periods is of a locked month.

    One query, none without periods.
    """
    months = {
        month
        for period in periods
        for month in (months_of(period.year) if period.whole_year else [period.starts_on])
    }
    if months and (locked := months & locked_months(alliance.pk)):
        raise MonthIsLocked(min(locked))
