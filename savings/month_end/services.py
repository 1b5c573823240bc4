"""Writes of a month's end: nil returns, the lock, and its undoing. Each holds the alliance."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from programmes import words
from programmes.changes import PriceMoved, hold, recorded
from programmes.models import Alliance, Change, User
from savings.engine.periods import add_months, financial_year_of, year_label
from savings.forecasts import closed_years
from savings.grid.services import Place, set_months
from savings.models import Amount, Item, MonthLock
from savings.month_end.document import MonthTotals, month_totals
from savings.month_end.expected import Counted, Stands, expected_of
from savings.selectors.behind import units_behind
from savings.settling.services import OnRecordAlready


class CannotBeLocked(ValidationError):
    """Something stands in the way; the message is its sentence."""


class NotNil(ValidationError):
    """An item's month is no nil return."""


@dataclass(frozen=True)
class MonthEnd:
    """A month as it stands: what would be locked, and in a sentence what stops it, if anything does."""

    month: date
    totals: MonthTotals
    stopped_by: str

    @property
    def missing(self) -> int:
        """Of how many items the actual is not in."""
        return self.totals.counted.missing


def month_end(alliance: Alliance, month: date, day: date) -> MonthEnd:
    """The month as it stands on `day`. Six queries."""
    year = financial_year_of(month)
    counted = Counted.of(expected_of(alliance, month, day))
    totals = month_totals(alliance, month, year, counted)
    return MonthEnd(month, totals, _stopped_by(alliance, month, year, day, counted))


def _stopped_by(alliance: Alliance, month: date, year: int, day: date, counted: Counted) -> str:
    last = date.fromordinal(add_months(month, 1).toordinal() - 1)
    if last > day:
        return f"{words.month(month)} ends on {words.day(last)}, which has not come."
    if year in closed_years(alliance.pk):
        return f"{year_label(year)} is closed, so its months stay as they are without a lock."
    if any(unit.year == year for unit in units_behind(alliance)):
        return f"Shares of {year_label(year)} are being worked out again: wait until they are."
    if counted.missing == counted.expected:
        return f"No actual amount of {words.month(month)} is in."
    return ""


@recorded(Change.Kind.MONTH, of="alliance")
@transaction.atomic
def lock(
    *, alliance: Alliance, month: date, note: str, by: User, day: date, seen: str
) -> MonthLock:
    """Lock the month with the figures that the person was shown (`seen` is their digest).

    Raises OnRecordAlready, CannotBeLocked, PriceMoved if figures moved.
    """
    hold(alliance)
    if found := open_lock(alliance, month):
        raise OnRecordAlready(
            f"{words.month(month)} is locked already: {found.locked_by} locked it at "
            f"{words.moment(found.locked_at)}."
        )
    found_end = month_end(alliance, month, day)
    if found_end.stopped_by:
        raise CannotBeLocked(f"{words.month(month)} cannot be locked: {found_end.stopped_by}")
    if found_end.missing and not note.strip():
        raise CannotBeLocked(
            {"note": "Say why the month is locked while some actual amounts are not in"}
        )
    if seen != found_end.totals.digest:
        raise PriceMoved(None)
    made = MonthLock(
        alliance=alliance,
        month=month,
        note=note.strip(),
        snapshot=found_end.totals.kept(),
        locked_by=by,
    )
    made.full_clean()
    made.save()
    return made


@recorded(Change.Kind.MONTH, of="alliance")
@transaction.atomic
def unlock(*, alliance: Alliance, month: date, reason: str, by: User) -> MonthLock:
    """Let the month's actual amounts be changed again.

    Raises OnRecordAlready if it is not locked, ValidationError without a reason.
    """
    hold(alliance)
    found = open_lock(alliance, month)
    if found is None:
        raise OnRecordAlready(f"{words.month(month)} is not locked.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the month is unlocked"})
    found.unlocked_by, found.unlocked_at, found.reason = by, Now(), reason.strip()
    found.clean_fields(exclude=["unlocked_at"])
    found.save()
    return found


def open_lock(alliance: Alliance, month: date) -> MonthLock | None:
    """The lock that holds the month; None if none does. One query."""
    locks = MonthLock.objects.filter(alliance=alliance, month=month, unlocked_at=None)
    return locks.select_related("locked_by").first()


@recorded(Change.Kind.AMOUNT, of="alliance")
@transaction.atomic
def say_nil(
    *,
    alliance: Alliance,
    month: date,
    item_ids: Collection[int],
    by: User,
    day: date,
    reason: str,
    details: str = "",
) -> int:
    """Record that the items had no cost or saving in the month: an actual amount of nought of each.

    How many. Raises NotNil for an item of which one is in, or none is expected; MonthIsLocked,
    YearIsClosed. `reason` and `details` go on record with the change.
    """
    hold(alliance)
    rows = {row.item.pk: row for row in expected_of(alliance, month, day)}
    if not item_ids or not rows.keys() >= set(item_ids):
        raise NotNil(f"Choose items of which an actual of {words.month(month)} is expected.")
    chosen = [rows[pk] for pk in item_ids]
    for row in chosen:
        if row.stands is not Stands.MISSING:
            raise NotNil(f"{row.item.name} has an actual amount of {words.month(month)} already.")
    bearers = _bearers([row.item for row in chosen], financial_year_of(month))
    by_area: dict[int, list[Item]] = defaultdict(list)
    for row in chosen:
        by_area[row.item.area_id].append(row.item)
    for items in by_area.values():
        area = items[0].area
        area.alliance = alliance
        places = {Place(item.pk, month, bearers.get(item.pk)): 0 for item in items}
        set_months(area=area, version=Amount.Version.ACTUAL, amounts=places, by=by)
    return len(chosen)


def _bearers(items: Collection[Item], year: int) -> dict[int, int]:
    """Who bears each item, where its actual amounts of the year, or else its forecasts, name one force."""
    amounts = Amount.objects.filter(item__in=items, year=year).exclude(version="APPROVED")
    named: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    for pk, version, force in amounts.values_list("item_id", "version", "borne_by_id"):
        named[pk, version].add(force)
    found: dict[int, int] = {}
    for item in items:
        who = named.get((item.pk, "ACTUAL")) or named.get((item.pk, "FORECAST")) or set()
        if len(who) == 1 and (only := next(iter(who))) is not None:
            found[item.pk] = only
    return found
