"""A time axis: where a day lies on it, and where its months, quarters and years begin.

Plain Python. Places are percentages of the width, so that a drawing fits whatever holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from savings.engine.periods import add_months, financial_year_of, first_day, year_label

# Pixels of the narrowest drawing: what has room in it has room in every other.
WIDTH = 660
# Per cent left free at either end, for a mark on the first or the last day.
GUTTER = 3.0

_EARLIEST, _LATEST = date(1800, 1, 1), date(2998, 12, 31)
_MONTH, _QUARTER, _YEAR = 1, 3, 12
# Months of each step, and the pixels that its name takes.
_STEPS = ((_MONTH, 30), (_QUARTER, 28))
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_YEAR_PIXELS = 54
_FEWEST_MONTHS = 12


@dataclass(frozen=True)
class Tick:
    """Where a month, a quarter or a financial year begins; `label` is empty where it has no room."""

    x: float
    label: str
    is_year: bool


@dataclass(frozen=True)
class Axis:
    """The days from `first` up to, and without, `end`."""

    first: date
    end: date

    def at(self, on: date) -> float:
        """The place of the beginning of a day, in per cent of the width."""
        share = (on - self.first).days / (self.end - self.first).days
        return round(GUTTER + share * (100 - 2 * GUTTER), 3)

    def holds(self, on: date | None) -> bool:
        """Whether the day lies on the axis."""
        return on is not None and self.first <= on < self.end

    @property
    def months(self) -> int:
        """How many months it spans."""
        return _count(self.end) - _count(self.first)

    @property
    def step(self) -> int:
        """The months between two ticks: the shortest step whose names have room."""
        month = WIDTH * (100 - 2 * GUTTER) / 100 / max(self.months, 1)
        for months, pixels in _STEPS:
            if months * month >= pixels:
                return months
        years = (each for each in _YEARS if each * _YEAR * month >= _YEAR_PIXELS)
        return next(years, _YEARS[-1]) * _YEAR

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Every month, quarter or financial year that begins on it, each with its name."""
        step = self.step
        starts = list(self._starts(step))
        names = [f"{each:%b}" if step < _YEAR else _year_name(each) for each in starts]
        room = 24 if step < _YEAR else _YEAR_PIXELS
        return self._ticks(starts, names, room)

    @property
    def years(self) -> tuple[Tick, ...]:
        """The financial years above months and quarters; none where the ticks are years."""
        if self.step >= _YEAR:
            return ()
        starts = list(self._starts(_YEAR))
        if not starts or starts[0] > self.first:
            starts.insert(0, self.first)
        return self._ticks(starts, [_year_name(each) for each in starts], _YEAR_PIXELS)

    def _starts(self, step: int) -> Iterator[date]:
        """The days on the axis on which a step begins; years begin on 1 April."""
        if step < _YEAR:
            day = self.first.replace(day=1)
            while (day.month - 1) % step:
                day = add_months(day, -1)
        else:
            every = step // _YEAR
            day = first_day(financial_year_of(self.first) // every * every)
        while day < self.end:
            if day >= self.first:
                yield day
            day = add_months(day, step)

    def _ticks(self, starts: list[date], names: list[str], room: int) -> tuple[Tick, ...]:
        places = [self.at(each) for each in starts]
        ends = [*places[1:], 100.0]
        return tuple(
            Tick(
                x=x,
                label=name if (end - x) * WIDTH / 100 >= room else "",
                is_year=start.month == 4 and start.day == 1,
            )
            for start, name, x, end in zip(starts, names, places, ends, strict=True)
        )


def axis_round(days: list[date], *, first: date | None = None, end: date | None = None) -> Axis:
    """The axis that holds `days` (at least one), in whole quarters and for a year at least.

    `first` and `end`, where given, are its own ends instead.
    """
    known = [min(max(each, _EARLIEST), _LATEST) for each in days]
    start = first or _quarter(min(known))
    stop = end or add_months(_quarter(max(known)), _QUARTER)
    if first is None and end is None:
        stop = max(stop, add_months(start, _FEWEST_MONTHS))
    elif start >= stop:
        if first is None:
            start = add_months(stop, -_FEWEST_MONTHS)
        else:
            stop = add_months(start, _FEWEST_MONTHS)
    return Axis(start, stop)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1)


def _count(day: date) -> int:
    return day.year * 12 + day.month


def _year_name(start: date) -> str:
    return year_label(financial_year_of(start))
