"""An area's year as a sheet to fill: items by month, in pounds."""

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from programmes import words
from programmes.written.dates import month_in, month_number
from programmes.written.texts import tidy_line
from savings.grid.amounts import pence_in, text_of
from savings.grid.sheet import BEARER, CODE, NAME, NOT_READ, Number, Sheet
from savings.selectors.grid import Grid, Row


class Months(Sheet[Row]):
    """The rows of a grid; a row is named by its item's code or name, and told apart by its bearer."""

    row_word = "item"
    column_word = "month"
    number_words = ("is not an amount and is", "are not amounts and are")
    heads: ClassVar = {
        **dict.fromkeys(("code", "item code"), CODE),
        **dict.fromkeys(("item", "name", "item name"), NAME),
        **dict.fromkeys(("borne by", "bearer", "force"), BEARER),
        **dict.fromkeys(("kind", "area", "business area", "owner"), NOT_READ),
        **dict.fromkeys(("total", "totals", "year", "together", "full year"), NOT_READ),
    }
    too_long = "That is more than a year of months: copy only the rows that go in here."
    blank_empties = True

    def __init__(self, grid: Grid) -> None:
        self.rows: Sequence[Row] = grid.rows
        self.columns: Sequence[date] = grid.months

    def column_in(self, head: str) -> date | None:
        """The month that "April", "Apr-16", "April 2016" or "2016-04" says; without a year the grid's."""
        if number := month_number(head.rstrip(".")) if head[:1].isalpha() else None:
            return next(month for month in self.columns if month.month == number)
        if found := re.fullmatch(r"((?:19|20)\d\d)-(\d\d)", head):
            return date(int(found[1]), int(found[2]), 1) if 1 <= int(found[2]) <= 12 else None
        return month_in(head)

    def no_column(self, day: date) -> str:
        """It is another year's."""
        return f"{words.month(day)} is not in this year: choose its year first."

    def rows_called(self, name: str) -> list[Row]:
        """Those of the item with that code; of those with that name if there is none."""
        plain = name.casefold()
        by_code = [row for row in self.rows if row.item.code == plain]
        return by_code or [row for row in self.rows if tidy_line(row.item.name).casefold() == plain]

    def bearer_names(self, row: Row) -> set[str]:
        """The force's code and names."""
        force = row.borne_by
        called = (force.code, force.name, force.short_name) if force else ()
        return {each.casefold() for each in called}

    def read(self, text: str) -> int | None:
        """Whole pence."""
        return pence_in(text)

    def text_of(self, number: Number | None) -> str:
        """In pounds."""
        return text_of(None if number is None else int(number))

    def counted(self, numbers: Sequence[Number]) -> str:
        """“12 amounts, £48,210.00”."""
        pence = int(sum(numbers))
        return f"{words.counted(len(numbers), 'amount')}, {words.pounds(pence)}"
