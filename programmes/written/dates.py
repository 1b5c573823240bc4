"""Days and months as people and spreadsheets write them."""

import re
from datetime import date

from programmes.written.refusal import Unreadable, quoted
from programmes.written.texts import without_invisible

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# Of two digits a spreadsheet makes 2000 to 2029 and 1930 to 1999; only the first are beyond doubt.
LAST_SHORT_YEAR = 29
AS_IN = "Write the year, month and day as in 2016-04-01."

_TIME = r"([ T]00:00(:00(\.0+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_NAMED = re.compile(
    rf"(?:[a-z]+,? )?(\d{{1,2}})[- /]([a-z]+)\.?,?[- /](\d{{4}}|\d\d){_TIME}", re.ASCII | re.I
)
_NAMED_FIRST = re.compile(rf"([a-z]+)\.? (\d{{1,2}}),? (\d{{4}}){_TIME}", re.ASCII | re.I)
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_MONTH = re.compile(r"(?:01[- /])?([a-z]+)\.?[- /](\d{4}|\d\d)", re.ASCII | re.I)


class InDoubt(Unreadable):
    """Numbers that can be one day or another: `day_first` and `month_first` say which."""

    def __init__(self, text: str, day_first: date, month_first: date) -> None:
        what = f"{quoted(text)} can be {_said(day_first)} or {_said(month_first)}."
        super().__init__(what, AS_IN)
        self.text = text
        self.day_first = day_first
        self.month_first = month_first


def month_number(written: str) -> int | None:
    """The month that "3", "03", "Mar" or "march" stands for; None if it is not one."""
    if re.fullmatch(r"[0-9]{1,2}", written):
        number = int(written)
        return number if 1 <= number <= 12 else None
    word = written.lower().rstrip(".")
    if len(word) < 3:
        return None
    return next((n for n, month in enumerate(MONTHS, 1) if month.startswith(word)), None)


def day_in(text: str) -> date:
    """The day that "2016-04-01", "1-Apr-16", "1 April 2016" or "31/03/2016" says.

    Raises InDoubt for "01/04/2016", Unreadable for what is no day.
    """
    plain = without_invisible(text).strip()
    if found := _ISO.fullmatch(plain):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED.fullmatch(plain):
        return _day(text, _year(found[3]), month_number(found[2]), int(found[1]))
    if found := _NAMED_FIRST.fullmatch(plain):
        return _day(text, int(found[3]), month_number(found[1]), int(found[2]))
    if found := _NUMBERS.fullmatch(plain):
        return _by_numbers(text, int(found[1]), int(found[3]), int(found[4]))
    raise Unreadable(f"{quoted(text)} is not a date this portal can read.", AS_IN)


def numbers_order(text: str) -> str:
    """ "day" or "month" if the numbers of such a date can stand in one order only, else ""."""
    found = _NUMBERS.fullmatch(without_invisible(text).strip())
    if found is None or int(found[1]) == int(found[3]):
        return ""
    if int(found[1]) > 12:
        return "day"
    return "month" if int(found[3]) > 12 else ""


def month_in(text: str) -> date | None:
    """The first day of the month that "Apr-16", "April 2016" or "01/04/2016" says, else None.

    Of "01/04/2016" and "04/01/2016" only one reading begins a month.
    """
    plain = without_invisible(text).strip()
    if found := _MONTH.fullmatch(plain):
        month, year = month_number(found[1]), _year(found[2])
        return date(year, month, 1) if month and year else None
    try:
        days = [day_in(plain)]
    except InDoubt as doubt:
        days = [doubt.day_first, doubt.month_first]
    except Unreadable:
        return None
    firsts = [day for day in days if day.day == 1]
    return firsts[0] if len(firsts) == 1 else None


def check_day(day: date) -> None:
    """Raise Unreadable for a day that is not in the years the portal knows."""
    if not EARLIEST <= day <= LATEST:
        what = f"{day.isoformat()} is outside the years 1900 to 2100."
        raise Unreadable(what, "Check the year.")


def _by_numbers(text: str, first: int, second: int, year: int) -> date:
    if first == second or second > 12:
        return _day(text, year, first, second)
    if first > 12:
        return _day(text, year, second, first)
    raise InDoubt(text, _day(text, year, second, first), _day(text, year, first, second))


def _year(written: str) -> int:
    """The year of four digits or two; 0 for two that can be of either century."""
    if len(written) == 4:
        return int(written)
    return 2000 + int(written) if int(written) <= LAST_SHORT_YEAR else 0


def _day(text: str, year: int, month: int | None, day: int) -> date:
    if year == 0:
        raise Unreadable(f"{quoted(text)} does not say in which century.", AS_IN)
    try:
        return date(year, month or 0, day)
    except ValueError:
        raise Unreadable(
            f"{text} is not a day in the calendar.", "Check the month and the day."
        ) from None


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"
