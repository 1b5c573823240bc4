"""Numbers as people and spreadsheets write them. Nothing here meets a float."""

import re
from decimal import Context, Decimal

from programmes.written.texts import without_invisible

LONGEST = 40
# What a spreadsheet keeps of a number; the digits after these are noise of its arithmetic.
_SURE = Context(prec=15)

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t"), " ")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+"
# A pound sign, or what is left of one that was saved as UTF-8 and read as Windows text.
_POUND = "(?:\u00c2?\u00a3)?"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<before>{_POUND})\s*(?P<sign>[-+])?\s*(?P<after>{_POUND})\s*"
    rf"(?P<digits>(?:{_GROUPED})(?:\.\d*)?|\.\d+)\s*(?P<behind>-)?\s*(?P<close>\))?",
    re.ASCII,
)


def number_in(text: str) -> Decimal | None:
    """The number that "1,234.50", "£5", "-5", "5-", "(500)" or "1 234" stands for, or None.

    Thousands may stand apart by commas or by any space; a minus may be any dash, before or behind.
    """
    plain = without_invisible(text).translate(_SPACES).translate(_DASHES).strip()
    found = _NUMBER.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None or (found["before"] and found["after"]):
        return None
    minuses = [bool(found["open"]), found["sign"] == "-", bool(found["behind"])]
    if bool(found["open"]) != bool(found["close"]) or sum(minuses) > 1:
        return None
    if found["sign"] == "+" and any(minuses):
        return None
    number = Decimal(found["digits"].replace(",", "").replace(" ", ""))
    return -number if number and any(minuses) else number


def is_dash(text: str) -> bool:
    """Whether "-", "–" or "£ -" is all there is: a spreadsheet's accounting formats so write nought."""
    plain = without_invisible(text).translate(_SPACES).translate(_DASHES)
    return plain.strip().removeprefix("£").strip() == "-"


def without_noise(number: Decimal, places: int) -> Decimal:
    """1859.1799999999998 is 1859.18: a number that fits `places` decimals but for its 16th digit."""
    if fits(number, places):
        return number
    digits = len(number.as_tuple().digits)
    sure = _SURE.plus(number)
    if digits > _SURE.prec and fits(sure, places):
        return Decimal(f"{sure.normalize():f}")
    return number


def fits(number: Decimal, places: int) -> bool:
    """Whether the number has at most so many decimals."""
    exponent = number.normalize(Context(prec=60)).as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places
