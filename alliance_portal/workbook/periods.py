"""Cells that hold the period of an amount: a month or a financial year."""

from dataclasses import dataclass
from datetime import date

from alliance_portal.workbook.values import Kind, Raw, as_text
from programmes.written.dates import EARLIEST, LATEST, month_in
from programmes.written.refusal import Unreadable, quoted
from programmes.written.texts import without_invisible
from savings.engine.periods import NotAPeriod, Period, parse_period


@dataclass(frozen=True)
class MonthOrYear(Kind[Period | None]):
    blank: Period | None = None

    def read(self, raw: Raw) -> Period:
        """A month also where Excel made a date of it: the first day of a month."""
        try:
            period = Period(raw) if isinstance(raw, date) else _period_in(as_text(raw))
        except NotAPeriod:
            mend = "Write a month as in 2016-04 or a financial year as in 2016/17."
            raise Unreadable(f"{quoted(as_text(raw))} is not a period.", mend) from None
        if not EARLIEST <= period.starts_on <= LATEST:
            what = f"{period.label} is outside the years 1900 to 2100."
            raise Unreadable(what, "Check the year.")
        return period

    def write(self, value: Period | None) -> Raw:
        return "" if value is None else value.label


def _period_in(text: str) -> Period:
    """The period as the portal writes it, or a month as a spreadsheet makes of that: Apr-16."""
    try:
        return parse_period(without_invisible(text))
    except NotAPeriod:
        month = month_in(text)
        if month is None:
            raise
        return Period(month)
