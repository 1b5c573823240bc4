"""Savings month by month: planned, forecast, made, and the outturn.

The outturn of an item's month is its actual amount where that is in, and else its forecast; a
year's is the sum of its months. A whole year's amount is spread evenly over its months.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from programmes import words
from savings.engine.apportion import apportion
from savings.engine.periods import financial_year_of, months_of

OUTTURN = "OUTTURN"
Months = Mapping[str, Mapping[date, int]]  # version or OUTTURN: first day of the month: pence


@dataclass(frozen=True)
class Saved:
    """An amount of an item's savings of one version, in pence: of a month, or a whole financial year."""

    version: str
    starts_on: date
    is_whole_year: bool
    pence: int
    item: int = 0
    recurrence: str = "RECURRING"
    cashable: str = "CASHABLE"


@dataclass(frozen=True)
class Started:
    """An item of savings whose forecast follows a milestone, as `savings.forecasts` takes it."""

    milestone_id: int
    full_year_pence: int
    offset_months: int
    ramp: Sequence[int]
    recurrence: str
    derives_forecast: bool = True


@dataclass(frozen=True)
class Savings:
    """An alliance's savings: what is planned, forecast and made, and the items that dates move."""

    amounts: tuple[Saved, ...]
    started: tuple[Started, ...]


@dataclass(frozen=True)
class MonthsIn:
    """How many months of a year an outturn has actual amounts of, in how many of these it has forecasts
    too (of items that have not reported), and how many are forecast alone."""

    actual: int = 0
    in_part: int = 0
    forecast: int = 0

    @property
    def said(self) -> str:
        """“9 months actual (1 of them in part), 3 forecast”; blank where there is neither."""
        if not self.actual:
            return f"{words.counted(self.forecast, 'month')} forecast" if self.forecast else ""
        in_part = f" ({self.in_part} of them in part)" if self.in_part else ""
        to_come = f", {self.forecast} forecast" if self.forecast else ""
        return f"{words.counted(self.actual, 'month')} actual{in_part}{to_come}"


def months_in(months: Iterable[tuple[Saved, date, int]]) -> MonthsIn:
    """The months that some of an outturn's months come to; a forecast of nought is none."""
    found: dict[str, set[date]] = defaultdict(set)
    for each, month, pence in months:
        if pence or each.version == "ACTUAL":
            found[each.version].add(month)
    actual, forecast = found["ACTUAL"], found["FORECAST"]
    return MonthsIn(len(actual), len(actual & forecast), len(forecast - actual))


@dataclass(frozen=True)
class Outturn:
    """A year's savings in pence, None where there are none of the kind.

    `made` is what is in, up to the end of `made_until`; `parts` are the outturn's by recurrence
    and by whether it can be cashed.
    """

    year: int
    approved: int | None
    forecast: int | None
    made: int | None
    made_until: date | None
    outturn: int | None
    parts: Mapping[tuple[str, str], int]
    months: MonthsIn = MonthsIn()

    @property
    def to_come(self) -> int:
        """What the outturn still takes from the forecast."""
        return (self.outturn or 0) - (self.made or 0)

    @property
    def rows(self) -> tuple["PartsRow", ...]:
        """The outturn's parts as a table."""
        kinds = (("Recurring", "RECURRING"), ("One-off", "ONE_OFF"), ("All", ""))
        cashable = ("CASHABLE", "NON_CASHABLE", "")
        return tuple(
            PartsRow(
                name,
                (
                    self.part(recurrence=kind, cashable=cashable[0]),
                    self.part(recurrence=kind, cashable=cashable[1]),
                    self.part(recurrence=kind, cashable=cashable[2]),
                ),
            )
            for name, kind in kinds
        )

    def part(self, *, recurrence: str = "", cashable: str = "") -> int:
        """The outturn's part that is recurring or one-off, cashable or not; all of it for neither."""
        return sum(
            pence
            for (of_recurrence, of_cashable), pence in self.parts.items()
            if recurrence in ("", of_recurrence) and cashable in ("", of_cashable)
        )


@dataclass(frozen=True)
class PartsRow:
    """Recurring or one-off savings, or all: cashable, not cashable and together, in pence."""

    name: str
    pence: tuple[int, int, int]


# A row without a version is an item whose forecast follows a milestone, whether or not it has
# amounts. The alliance is named on both sides of each join: on one alone, all items are read.
_SAVED = """
    SELECT a.version, a.starts_on, a.whole_year, a.pence, i.id, i.recurrence, i.cashable,
           NULL::bigint, NULL::smallint, NULL::smallint[]
      FROM (SELECT item_id, version, starts_on, whole_year, sum(pence)::bigint AS pence
              FROM savings_amount WHERE alliance_id = %(alliance)s
             GROUP BY 1, 2, 3, 4, borne_by_id) AS a
      JOIN savings_item i ON i.id = a.item_id
     WHERE i.alliance_id = %(alliance)s AND i.kind = 'SAVING'
    UNION ALL
    SELECT NULL, NULL, NULL, i.full_year_pence, i.id, i.recurrence, i.cashable,
           i.milestone_id, i.offset_months, i.ramp
      FROM savings_item i
     WHERE i.alliance_id = %(alliance)s AND i.kind = 'SAVING' AND i.ramp <> '{}'
"""


def read_saved(alliance_id: int) -> Savings:
    """The alliance's savings by item, version and period, and what starts from dates. One query."""
    amounts, started = [], []
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, {"alliance": alliance_id})
        for version, starts_on, is_whole_year, pence, item, recurrence, cashable, *start in cursor:
            if version is None:
                milestone, offset, ramp = start
                started.append(Started(milestone, pence, offset, ramp, recurrence))
            else:
                of = (item, recurrence, cashable)
                amounts.append(Saved(version, starts_on, is_whole_year, pence, *of))
    return Savings(tuple(amounts), tuple(started))


def spread(saved: Saved, day: date) -> Iterable[tuple[date, int]]:
    """Its pence month by month, to the penny. An actual year that `day` is in has its months so far."""
    if not saved.is_whole_year:
        return ((saved.starts_on, saved.pence),)
    year = financial_year_of(saved.starts_on)
    now = saved.version == "ACTUAL" and year == financial_year_of(day)
    months = [each for each in months_of(year) if not now or each <= day]
    return zip(months, apportion(saved.pence, [1] * len(months)), strict=True)


def months_made(periods: Iterable[tuple[date, bool]], day: date) -> set[date]:
    """The months that actual amounts stand for; of each its first day, and whether it is of a year."""
    return {
        month
        for starts_on, is_whole_year in periods
        for month, _ in spread(Saved("ACTUAL", starts_on, is_whole_year, 0), day)
    }


def still_counts(pence: int, starts_on: date, is_whole_year: bool, made: Collection[date]) -> int:
    """What a forecast amount still adds to the outturn where actual amounts stand for these months."""
    if not is_whole_year:
        return 0 if starts_on in made else pence
    parts = spread(Saved("FORECAST", starts_on, is_whole_year, pence), starts_on)
    return sum(part for month, part in parts if month not in made)


def outturn_months(amounts: Iterable[Saved], day: date) -> Iterable[tuple[Saved, date, int]]:
    """The outturn's months: each with the amount that it is of."""
    amounts = [each for each in amounts if each.version in ("ACTUAL", "FORECAST")]
    periods: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for each in amounts:
        if each.version == "ACTUAL":
            periods[each.item].append((each.starts_on, each.is_whole_year))
    made = {item: months_made(of_item, day) for item, of_item in periods.items()}
    for each in amounts:
        known = made.get(each.item, ()) if each.version == "FORECAST" else ()
        for month, pence in spread(each, day):
            if month not in known:
                yield each, month, pence


def by_month(amounts: Iterable[Saved], day: date) -> Months:
    """Pence by month of each version, and of the outturn if anything is forecast."""
    amounts = list(amounts)
    found: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for each in amounts:
        for month, pence in spread(each, day):
            found[each.version][month] += pence
    if "FORECAST" in found:
        for _, month, pence in outturn_months(amounts, day):
            found[OUTTURN][month] += pence
    return found


def outturn_of(amounts: Iterable[Saved], year: int, day: date) -> Outturn:
    """The year's savings of each version, and its outturn with its parts."""
    amounts = [each for each in amounts if financial_year_of(each.starts_on) == year]
    parts: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for each in amounts:
        totals[each.version] += each.pence
    counted = list(outturn_months(amounts, day))
    for each, _, pence in counted:
        parts[each.recurrence, each.cashable] += pence
    made = (month for each, month, _ in counted if each.version == "ACTUAL")
    return Outturn(
        year=year,
        approved=totals.get("APPROVED"),
        forecast=totals.get("FORECAST"),
        made=totals.get("ACTUAL"),
        made_until=max(made, default=None),
        outturn=sum(parts.values()) if parts else None,
        parts=dict(parts),
        months=months_in(counted),
    )
