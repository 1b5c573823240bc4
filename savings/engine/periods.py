"""Months and financial years.

A financial year runs from 1 April to 31 March and is known by the calendar year it begins in.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"([0-9]{4})[/-]([0-9]{2})")
_EARLIEST, _LATEST = 1900, 2999


class NotAPeriod(ValueError):
    """A text is neither a month such as 2016-04 nor a financial year such as 2016/17."""


def financial_year_of(day: date) -> int:
    """The financial year that `day` falls in: 2016 for 1 April 2016 to 31 March 2017."""
    return day.year if day.month >= 4 else day.year - 1


def first_day(year: int) -> date:
    """1 April, on which the financial year begins."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """31 March of the next calendar year, the last day inside the financial year."""
    return date(year + 1, 3, 31)


def months_of(year: int) -> list[date]:
    """The first days of the financial year's twelve months, April first."""
    return [add_months(first_day(year), month) for month in range(12)]


def year_label(year: int) -> str:
    """The year as tables write it: 2016/17."""
    return f"{year:04d}/{(year + 1) % 100:02d}"


def year_slug(year: int) -> str:
    """The year as addresses write it: 2016-17."""
    return f"{year:04d}-{(year + 1) % 100:02d}"


def parse_year(text: str) -> int:
    """The financial year written as 2016/17 or 2016-17.

    Raises NotAPeriod for anything else, 2016/18 included.
    """
    found = _YEAR.fullmatch(text.strip())
    if found:
        year = int(found[1])
        if _EARLIEST <= year <= _LATEST and int(found[2]) == (year + 1) % 100:
            return year
    raise NotAPeriod(f"“{_shown(text)}” is not a financial year: write it as 2016/17.")


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, to the last day of the month if that is too short.

    Negative months go backwards.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month or a whole financial year, known by its first day."""

    starts_on: date
    whole_year: bool = False

    def __post_init__(self) -> None:
        if self.starts_on.day != 1 or (self.whole_year and self.starts_on.month != 4):
            raise NotAPeriod(
                "A period starts on the first day of a month, and a financial year on 1 April."
            )

    @classmethod
    def of_year(cls, year: int) -> Self:
        """The whole financial year."""
        return cls(first_day(year), whole_year=True)

    @property
    def year(self) -> int:
        """The financial year that the period is, or lies in."""
        return financial_year_of(self.starts_on)

    @property
    def label(self) -> str:
        """The period as the workbook writes it: 2016-04 for a month, 2016/17 for a year."""
        if self.whole_year:
            return year_label(self.year)
        return f"{self.starts_on.year:04d}-{self.starts_on.month:02d}"


def parse_period(text: str) -> Period:
    """The period written as 2016-04 (a month) or 2016/17 (a financial year).

    A hyphen always means a month here, so 2009-10 is October 2009. Raises NotAPeriod, whose
    message is one sentence that says what to write.
    """
    text = text.strip()
    month = _MONTH.fullmatch(text)
    if month and _EARLIEST <= int(month[1]) <= _LATEST and 1 <= int(month[2]) <= 12:
        return Period(date(int(month[1]), int(month[2]), 1))
    if "/" in text:
        try:
            return Period.of_year(parse_year(text))
        except NotAPeriod:
            pass
    raise NotAPeriod(
        f"“{_shown(text)}” is not a period: "
        "write a month as 2016-04 or a financial year as 2016/17."
    )


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
