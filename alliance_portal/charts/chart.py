"""A chart as the table that it is drawn from, with its title, its key and what to know of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from programmes.csv_lines import Cell
from programmes.models import Alliance
from programmes.words import day as in_words

# The Government Analysis Function's palette: in this order for three series or more, and for two.
IN_ORDER = ("#12436d", "#28a197", "#801650", "#f46a25")
TWO = ("#12436d", "#f46a25")

PENCE, AREAS = "pence", "areas"


@dataclass(frozen=True)
class Figure:
    """One cell: a number of pence or areas, None if there is none; not every number is drawn.

    `is_missing` is for a number that there will be once somebody enters it, not one that is nought.
    """

    value: int | None
    is_drawn: bool = True
    is_missing: bool = False


@dataclass(frozen=True)
class Series:
    """A column of the table, and how it is drawn: dashed for what is not yet.

    A line has a marker ("circle", "triangle" or "rect") too, so that no colour has to be told apart.
    """

    name: str
    colour: str
    marker: str = ""
    is_dashed: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the table; `is_main` rows are printed, `is_total` bars begin at nought."""

    label: str
    figures: tuple[Figure, ...]
    on: date | None = None
    is_main: bool = True
    is_total: bool = False


@dataclass(frozen=True)
class Group:
    """Rows that are drawn in a panel of their own; a chart of one panel has one without a name."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """What a chart says and what it is drawn from; `empty` says why there is nothing to draw.

    `is_tall` is for more rows than a usual one of its kind; `file_of` is the id of its table where
    the page itself answers with the file of it.
    """

    name: str
    kind: str
    title: str
    subtitle: str = ""
    unit: str = PENCE
    row_head: str = ""
    group_head: str = ""
    series: tuple[Series, ...] = ()
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    day: date | None = None
    empty: str = ""
    is_tall: bool = False
    file_of: str = ""

    @property
    def is_wide(self) -> bool:
        """True if its panels need the width of the page."""
        return len(self.groups) > 3

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of every group, in the table's order."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the file's columns."""
        heads = (self.group_head, self.row_head) if self.group_head else (self.row_head,)
        unit = " (£)" if self.unit == PENCE else ""
        return (*heads, *(f"{each.name}{unit}" for each in self.series))

    def lines(self) -> Iterator[tuple[Cell, ...]]:
        """A line of `columns` for each row of the table: dates as dates, money in pounds."""
        for group in self.groups:
            for row in group.rows:
                first = (group.name,) if self.group_head else ()
                yield (*first, row.on or row.label, *map(self._cell, row.figures))

    def _cell(self, figure: Figure) -> Cell:
        if figure.value is None or self.unit != PENCE:
            return figure.value
        return Decimal(figure.value).scaleb(-2)


def known_only(
    series: Sequence[Series], rows: Sequence[Row]
) -> tuple[tuple[Series, ...], tuple[Row, ...]]:
    """The series that have any number at all, and the rows with the figures of those."""
    kept = [
        column
        for column in range(len(series))
        if any(row.figures[column].value is not None for row in rows)
    ]
    return tuple(series[column] for column in kept), tuple(
        replace(row, figures=tuple(row.figures[column] for column in kept)) for row in rows
    )


def totals_of(rows: Sequence[Row], column: int) -> list[int]:
    """The numbers of a column, without those that are not known."""
    found = (row.figures[column].value for row in rows)
    return [value for value in found if value is not None]


def source(alliance: Alliance, day: date) -> str:
    """What a chart that leaves the page must take with it: whose it is, as at when, and what to know."""
    held = " (held at this date)" if alliance.held_on else ""
    note = f" {alliance.data_note}" if alliance.data_note else ""
    return f"{alliance.name}, as at {in_words(day)}{held}.{note}"
