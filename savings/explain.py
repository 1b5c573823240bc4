"""Why the figures of two moments differ: the changes in between, each with its effect.

What each change on record did was worked out as it was made, one book after another, so the causes
add up to the difference (law 11). What they leave is what changed without a change on record, such
as by SQL: it is one cause of its own, never silence.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from programmes.changes.record import in_short, told_pounds
from programmes.models import Alliance, Change, Force
from savings.book import Book, BookArea, Cell, Place, compare, read
from savings.models import Amount, FinancialYear

NOT_ON_RECORD = "NOT_ON_RECORD"
# Amounts times forces that a page works through within a few seconds: 129,000 take one.
MOST_SHARES = 500_000
Key = TypeVar("Key")


class TooLarge(Exception):
    """The alliance has more amounts than a page can work through; the command can."""

    def __init__(self, amounts: int) -> None:
        super().__init__(f"{amounts} amounts")
        self.amounts = amounts


@dataclass(frozen=True)
class Cause:
    """One change and what it did, in pence; `change` is None for what is not on record.

    `waiting` is money that began (above zero) or stopped to wait for a rule or a size.
    """

    kind: str
    what: str
    effect: Mapping[Cell, int]
    waiting: Mapping[Place, int]
    change: Change | None = None


@dataclass(frozen=True)
class Explained:
    """What lies between two moments, and its causes in the order in which they were made.

    `book` is the alliance's book as at the second of them.
    """

    since: datetime
    until: datetime
    causes: tuple[Cause, ...]
    difference: Mapping[Cell, int]
    waiting: Mapping[Place, int]
    book: Book

    @property
    def not_on_record(self) -> Cause | None:
        """What nobody put on record; None if there is no such thing."""
        return next((cause for cause in self.causes if cause.kind == NOT_ON_RECORD), None)


def explain(alliance: Alliance, since: datetime, until: datetime | None = None) -> Explained:
    """The causes of what moved after `since` up to `until` (None: now); years closed by then stay.

    Reads the book as at each moment, and once more for each closing of a year in between: three
    queries and two for each book.
    """
    now = timezone.now()
    difference: Counter[Cell] = Counter()
    waiting: Counter[Place] = Counter()
    stretches = list(_stretches(alliance, since, until, now))
    for cells, places, _ in stretches:
        difference.update(cells)
        waiting.update(places)
    until = until or now
    made = Change.objects.filter(alliance=alliance, made_at__gt=since, made_at__lte=until)
    areas = stretches[-1][-1].areas
    causes = [_of(change, areas) for change in made.select_related("made_by").order_by("pk")]
    rest = difference.copy()
    rest_waiting = waiting.copy()
    for cause in causes:
        rest.subtract(cause.effect)
        rest_waiting.subtract(cause.waiting)
    left, left_waiting = _moving(rest), _moving(rest_waiting)
    if left or left_waiting:
        causes.append(Cause(NOT_ON_RECORD, "Not on record", left, left_waiting))
    return Explained(
        since, until, tuple(causes), _moving(difference), _moving(waiting), stretches[-1][-1]
    )


def _stretches(
    alliance: Alliance, since: datetime, until: datetime | None, now: datetime
) -> Iterator[tuple[Mapping[Cell, int], Mapping[Place, int], Book]]:
    """What moved from one closing of a year to the next: a year that is closed moves no more.

    With each stretch the book as at its end.
    """
    years: Any = FinancialYear.pgh_event_model  # type: ignore[attr-defined]
    closings = years.objects.filter(
        alliance_id=alliance.pk, pgh_created_at__gt=since, pgh_created_at__lte=until or now
    )
    moments = [*sorted({*closings.values_list("pgh_created_at", flat=True)} - {until}), until]
    before = read(alliance.pk, as_at=since)
    for moment in moments:
        after = read(alliance.pk, as_at=moment)
        effect = compare(before, after)
        cells = Counter(effect.cells)
        cells.update(effect.closed)
        yield (
            {cell: pence for cell, pence in cells.items() if cell.year not in before.closed},
            effect.unshared,
            after,
        )
        before = after


def _of(change: Change, areas: Mapping[int, BookArea]) -> Cause:
    area = areas.get(change.area_id or 0)
    return Cause(
        kind=change.kind,
        what=in_short(change, area.name if area else ""),
        effect={Cell(*row[:-1]): row[-1] for row in change.effect},
        waiting={(row[0], row[1], row[2], row[3]): row[4] for row in change.waiting},
        change=change,
    )


def _moving(found: Mapping[Key, int]) -> Mapping[Key, int]:
    return {key: pence for key, pence in found.items() if pence}


def check_size(alliance: Alliance) -> None:
    """Raise TooLarge for an alliance of more shares than a page can work through. Two queries."""
    amounts = Amount.objects.filter(alliance=alliance).count()
    if amounts * Force.objects.filter(alliance=alliance).count() > MOST_SHARES:
        raise TooLarge(amounts)


def begins(alliance: Alliance, since: date, now: datetime) -> datetime | None:
    """The moment after which an alliance changed after the day `since` of its own.

    A held alliance stays on one day: whatever came after it was first put in was done on that. None
    is the moment at which it was.
    """
    if alliance.held_on is None:
        next_day = since + timedelta(days=1)
        return datetime.combine(next_day, time(), timezone.get_current_timezone())
    return None if since < alliance.held_on else now


def put_in_at(alliance: Alliance) -> datetime:
    """The moment at which the alliance was first put in. One query."""
    events: Any = Alliance.pgh_event_model  # type: ignore[attr-defined]
    of_alliance = events.objects.filter(pgh_obj=alliance.pk).order_by("pgh_id")
    found: datetime = of_alliance.values_list("pgh_created_at", flat=True)[0]
    return found


def left_out(alliance: Alliance, since: datetime, until: datetime) -> Cause:
    """What changed between two moments without a change on record, and what it did to shares."""
    found = explain(alliance, since, until).not_on_record
    return found or Cause(NOT_ON_RECORD, "Not on record", {}, {})


def told_cause(alliance: Alliance, cause: Cause) -> tuple[str, ...]:
    """What a cause did to each force over all years, version by version. One query."""
    forces = Force.objects.filter(alliance=alliance).order_by("position")
    names = dict(forces.values_list("code", "name"))
    return told_pounds([[*cell, pence] for cell, pence in cause.effect.items()], names)
