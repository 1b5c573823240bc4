"""Plan against actual, and outturn against plan and the last forecast, by area, kind and recurrence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance
from savings.book import Book, read
from savings.engine.periods import financial_year_of
from savings.inputs import EPOCH
from savings.models import Item, Narrative, Pool
from savings.selectors.outturn import Saved, outturn_months, spread

# A variance is explained if it is above both: so many hundredths of what it is measured against, and
# so many pence.
PER_CENT, FLOOR_PENCE = 5, 1_000_00


class Measure(Enum):
    """What is set against what: the heads of the two columns, and a link's words."""

    MONTH = "Plan", "Actual", "In the month"
    TO_DATE = "Plan", "Actual", "To date"
    YEAR = "Plan", "Outturn", "Whole year"
    FORECAST = "Last month’s forecast", "Outturn", "Since last month"

    @property
    def against(self) -> str:
        """What is measured against."""
        return self.value[0]

    @property
    def measured(self) -> str:
        """What is measured."""
        return self.value[1]

    @property
    def words(self) -> str:
        """What it is called."""
        return self.value[2]

    @property
    def slug(self) -> str:
        """As an address has it."""
        return self.name.lower().replace("_", "-")


class Line(NamedTuple):
    """What a variance is of."""

    area_id: int
    kind: str
    recurrence: str


class Counts(NamedTuple):
    """Where an item's amounts count, and with which sign: a grant is taken off costs."""

    line: Line
    sign: int


@dataclass(frozen=True)
class Variance:
    """A line's figures in pence, and what is said of it if anything is."""

    line: Line
    area: BusinessArea
    against: int
    measured: int
    narrative: Narrative | None = None

    @property
    def pence(self) -> int:
        """What is measured less what it is measured against."""
        return self.measured - self.against

    @property
    def percent(self) -> str:
        """The same in hundredths of what it is measured against: “−1.5%”; blank where that is nothing."""
        if not self.against:
            return ""
        hundredths = Fraction(100 * self.pence, abs(self.against))
        return f"{float(hundredths):.1f}%".replace("-", "−")

    @property
    def kind_label(self) -> str:
        """What its kind is called; costs are net of grants."""
        return "Savings" if self.line.kind == Pool.Kind.SAVING else "Costs"

    @property
    def recurrence_label(self) -> str:
        """What its recurrence is called."""
        return str(Item.Recurrence(self.line.recurrence).label)

    @property
    def is_worse(self) -> bool:
        """Whether it costs more, or saves less."""
        return self.pence > 0 if self.line.kind == Pool.Kind.COST else self.pence < 0

    @property
    def is_large(self) -> bool:
        """Whether it has to be explained."""
        pence = abs(self.pence)
        return pence > FLOOR_PENCE and 100 * pence > PER_CENT * abs(self.against)

    @property
    def is_unexplained(self) -> bool:
        """Whether it has to be and is not."""
        return self.is_large and self.narrative is None


@dataclass(frozen=True)
class Amounts:
    """A year's amounts, and where each item's count."""

    saved: tuple[Saved, ...]
    counts: Mapping[int, Counts]


_AMOUNTS = """
    SELECT i.id, i.area_id, i.kind, i.recurrence, a.version, a.starts_on, a.whole_year,
           sum(a.pence)::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %(alliance)s AND a.year = %(year)s
     GROUP BY 1, 2, 3, 4, 5, 6, 7, a.borne_by_id
"""


def read_amounts(alliance_id: int, year: int) -> Amounts:
    """The year's amounts as they are now. One query."""
    saved, counts = [], {}
    with connection.cursor() as cursor:
        cursor.execute(_AMOUNTS, {"alliance": alliance_id, "year": year})
        for item, area, kind, recurrence, version, on, whole, pence in cursor:
            saved.append(Saved(version, on, whole, pence, item))
            counts[item] = _counts(area, kind, recurrence)
    return Amounts(tuple(saved), counts)


def amounts_then(alliance: Alliance, year: int, at: datetime) -> Amounts:
    """The year's amounts as they stood at a moment. Two queries."""
    book = read(alliance.pk, as_at=at)
    counts = {
        pk: _counts(item.area_id, item.kind, item.recurrence) for pk, item in book.items.items()
    }
    return Amounts(tuple(_of_book(book, year)), counts)


def _of_book(book: Book, year: int) -> Iterator[Saved]:
    for pool in book.worked.pools:
        if pool.key.year == year:
            for line in book.worked.lines[pool.first : pool.last]:
                on = EPOCH + timedelta(days=int(line["day"]))
                pence = -int(line["pence"]) if line["grant"] else int(line["pence"])
                version = pool.key.version
                yield Saved(version, on, bool(line["whole_year"]), pence, int(line["item"]))


def _counts(area_id: int, kind: str, recurrence: str) -> Counts:
    of_pool = Pool.Kind.SAVING if kind == Item.Kind.SAVING else Pool.Kind.COST
    return Counts(Line(area_id, of_pool, recurrence), Item.Kind(kind).sign)


def planned(amounts: Amounts, months: Iterable[date], version: str, day: date) -> dict[Line, int]:
    """What a version's amounts come to in these months, line by line."""
    wanted, found = set(months), defaultdict[Line, int](int)
    for each in amounts.saved:
        if each.version == version:
            line, sign = amounts.counts[each.item]
            for month, pence in spread(each, day):
                if month in wanted:
                    found[line] += sign * pence
    return found


def outturn(amounts: Amounts, day: date) -> dict[Line, int]:
    """What the year is set to come to, line by line."""
    found = defaultdict[Line, int](int)
    for each, _, pence in outturn_months(amounts.saved, day):
        line, sign = amounts.counts[each.item]
        found[line] += sign * pence
    return found


def variances(
    alliance: Alliance, month: date, measure: Measure, day: date, then: Amounts | None
) -> list[Variance]:
    """Every line's variance, area by area, costs first, recurring first. Three queries.

    `then` are the amounts as they stood at the end of the month before, for that measure alone.
    """
    now = read_amounts(alliance.pk, financial_year_of(month))
    pairs = _pairs(now, month, measure, day, then)
    narratives = {
        Line(each.area_id, each.kind, each.recurrence): each
        for each in Narrative.objects.filter(alliance=alliance, month=month).select_related(
            "written_by"
        )
    }
    areas = {area.pk: area for area in BusinessArea.objects.filter(alliance=alliance)}
    found = [
        Variance(line, areas[line.area_id], against, measured, narratives.get(line))
        for line, (against, measured) in pairs.items()
        if (against or measured) and line.area_id in areas
    ]
    order = {"RECURRING": 0, "ONE_OFF": 1}
    return sorted(
        found,
        key=lambda each: (each.area.name, each.line.kind, order[each.line.recurrence]),
    )


def _pairs(
    now: Amounts, month: date, measure: Measure, day: date, then: Amounts | None
) -> dict[Line, tuple[int, int]]:
    if measure is Measure.FORECAST:
        against = outturn(then, day) if then else {}
        measured = outturn(now, day)
    elif measure is Measure.YEAR:
        year = {on for each in now.saved for on, _ in spread(each, day)}
        against, measured = planned(now, year, "APPROVED", day), outturn(now, day)
    else:
        known = {on for each in now.saved for on, _ in spread(each, day)}
        months = [month] if measure is Measure.MONTH else [on for on in known if on <= month]
        against = planned(now, months, "APPROVED", day)
        measured = planned(now, months, "ACTUAL", day)
    lines = against.keys() | measured.keys()
    return {line: (against.get(line, 0), measured.get(line, 0)) for line in lines}


@dataclass(frozen=True)
class Total:
    """What some lines come to together."""

    name: str
    against: int
    measured: int

    @property
    def pence(self) -> int:
        """What is measured less what it is measured against."""
        return self.measured - self.against


def totals(rows: Iterable[Variance]) -> list[Total]:
    """Costs and savings, recurring and one-off, each where there is any of it."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        name = f"{row.kind_label}, {row.recurrence_label.lower()}"
        both = sums.setdefault(name, [0, 0])
        both[0] += row.against
        both[1] += row.measured
    return [Total(name, *both) for name, both in sorted(sums.items())]
