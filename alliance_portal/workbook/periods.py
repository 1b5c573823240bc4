"""Cells that hold the period of an amount: a month or a financial year."""

from dataclasses import dataclass
from datetime import date

from alliance_portal.workbook.problems import Unreadable
from alliance_portal.workbook.values import EARLIEST, LATEST, Kind, Raw, as_text, quoted
from savings.engine.periods import NotAPeriod, Period, parse_period


@dataclass(frozen=True)
class MonthOrYear(Kind[Period | None]):
    blank: Period | None = None

    def read(self, raw: Raw) -> Period:
        """A month also where Excel made a date of it: the first day of a month."""
        try:
            period = Period(raw) if isinstance(raw, date) else parse_period(as_text(raw))
        except NotAPeriod:
            mend = "Write a month as in 2016-04 or a financial year as in 2016/17."
            raise Unreadable(f"{quoted(as_text(raw))} is not a period.", mend) from None
        if not EARLIEST <= period.starts_on <= LATEST:
            what = f"{period.label} is outside the years 1900 to 2100."
            raise Unreadable(what, "Check the year.")
        return period

    def write(self, value: Period | None) -> Raw:
        return "" if value is None else value.label
