"""A measure's sizes as a sheet to fill: forces by date."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from programmes import words
from programmes.form_fields import SizeField
from programmes.published_forces import force_meant, is_area_code, plain_name
from programmes.written.dates import InDoubt, day_in
from programmes.written.numbers import is_dash
from programmes.written.refusal import Unreadable
from savings.grid.sheet import CODE, NAME, NOT_READ, Number, Sheet
from savings.selectors.size_grid import SizeGrid, SizeRow


class SizeCellField(SizeField):
    """A size typed or pasted; None for a blank cell. A dash by itself is nought."""

    def to_python(self, value: object) -> Decimal | None:
        """The size."""
        if isinstance(value, str) and is_dash(value):
            return Decimal(0)
        found: Decimal | None = super().to_python(value)
        return found


_READER = SizeCellField(called="size", required=False)


def size_in(text: str) -> Decimal | None:
    """The size that a cell says, None for a blank. Raises ValidationError."""
    return _READER.to_python(text)


def text_of(size: Number | None, places: int) -> str:
    """What the cell of a size says, with so many decimals at least: "2,914.20"; a blank for none."""
    return "" if size is None else words.size(Decimal(size), places)


class Sizes(Sheet[SizeRow]):
    """The rows of a grid of sizes; a row is named by its force's area code, code or name."""

    row_word = "force"
    column_word = "date"
    number_words = ("is not a size and is", "are not sizes and are")
    heads: ClassVar = {
        **dict.fromkeys(("code", "area code", "geocode"), CODE),
        **dict.fromkeys(("force", "force name", "police force", "name", "area name"), NAME),
        **dict.fromkeys(("region", "country", "measure"), NOT_READ),
    }
    too_long = "That is more than fits in here: copy only the rows that go in here."
    blank_empties = False

    def __init__(self, grid: SizeGrid) -> None:
        self.rows: Sequence[SizeRow] = grid.rows
        self.columns: Sequence[date] = grid.columns
        self.places = grid.places

    def column_in(self, head: str) -> date | None:
        """The day that "31 March 2018", "31-Mar-18" or "2018-03-31" says.

        Of "01/04/2016" the one that has a column here, else the day first, as it is written here.
        """
        try:
            return day_in(head)
        except InDoubt as doubt:
            is_month_first = doubt.month_first in self.columns
            is_day_first = doubt.day_first in self.columns
            return doubt.month_first if is_month_first and not is_day_first else doubt.day_first
        except Unreadable:
            return None

    def no_column(self, day: date) -> str:
        """It can be added, or adds itself in the box for rows."""
        return (
            f"{words.day(day)} has no column here: add the date first, or paste into the box for "
            "rows below, which adds it."
        )

    def rows_called(self, name: str) -> list[SizeRow]:
        """The force of that area code, code or name."""
        forces = [row.force for row in self.rows]
        meant = force_meant(forces, code=name if is_area_code(name) else "", name=name)
        if meant is None:
            short = plain_name(name)
            known = [force for force in forces if short and plain_name(force.short_name) == short]
            meant = known[0] if len(known) == 1 else None
        return [row for row in self.rows if row.force == meant]

    def read(self, text: str) -> Decimal | None:
        """Up to four decimals."""
        return size_in(text)

    def text_of(self, number: Number | None) -> str:
        """With as many decimals as the others."""
        return text_of(number, self.places)

    def counted(self, numbers: Sequence[Number]) -> str:
        """“2 sizes, 4,180.17 in all”."""
        total = words.size(sum(map(Decimal, numbers), Decimal(0)))
        return f"{words.counted(len(numbers), 'size')}, {total} in all"
