"""How money, days, counts and percentages are written, on pages, in sentences and in files."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils import timezone

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
NOT_SHARED = "not yet shared"

_MILLION, _LEAST = 10**8, 5 * 10**6  # pence


def decimal_places(value: Decimal) -> int:
    """How many decimals a figure needs: 2912.7000 needs one."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def pounds(pence: int | None, missing: str = NOT_SHARED) -> str:
    """Whole pence as a ledger writes them: 123456789 is "£1,234,567.89", -1200 is "−£12.00".

    None is the words in `missing`, as in {{ share_pence|pounds:"no cost yet" }}.
    """
    if pence is None:
        return missing
    whole_part, rest = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{whole_part:,}.{rest:02}"


def signed_pounds(pence: int | None, missing: str = NOT_SHARED) -> str:
    """A change in pence with its sign: 1200 is "+£12.00", 0 is "£0.00"."""
    written = pounds(pence, missing)
    return f"+{written}" if pence and pence > 0 else written


def whole_pounds(pence: int | None, missing: str = NOT_SHARED) -> str:
    """Pence to the nearest pound, halves away from zero: 14500050 is "£145,001".

    Less than half a pound keeps its pence ("£0.30"), so that it never reads as nothing.
    """
    if pence is None:
        return missing
    rounded = int(_rounded(Decimal(abs(pence)) / 100, 0))
    if rounded == 0 and pence:
        return pounds(pence)
    return f"{MINUS if pence < 0 else ''}£{rounded:,}"


def pounds_short(pence: int | None, missing: str = NOT_SHARED) -> str:
    """Pence as prose writes them: "£6.1 million", "£145 million", "£52,286", "−£1.2 billion"."""
    if pence is None:
        return missing
    sign = MINUS if pence < 0 else ""
    millions = _rounded(Decimal(abs(pence)) / _MILLION, 1)
    if millions >= 1000:
        billions = _rounded(Decimal(abs(pence)) / (_MILLION * 1000), 1)
        return f"{sign}£{billions:,} billion".replace(".0 ", " ")
    if abs(pence) >= _MILLION:
        return f"{sign}£{millions} million".replace(".0 ", " ")
    return whole_pounds(pence)


def pounds_beside(pence: int, other: int | None) -> str:
    """Pence in the unit of the figure they stand beside: 37461600 beside £6.1 million is "£0.4 million".

    An amount too small to show in that unit keeps its own.
    """
    if other is None or abs(other) < _MILLION or not _LEAST <= abs(pence) < _MILLION:
        return pounds_short(pence)
    millions = _rounded(Decimal(abs(pence)) / _MILLION, 1)
    return f"{MINUS if pence < 0 else ''}£{millions} million"


def pounds_compact(pence: int | None, missing: str = "none") -> str:
    """A headline figure: 612856825 pence is "£6.1m"."""
    return _compact(pounds_short(pence, missing))


def compact_beside(pence: int, other: int | None) -> str:
    """The same in the unit of the figure beside it: 62020132 beside £6.6m is "£0.6m"."""
    return _compact(pounds_beside(pence, other))


def _compact(written: str) -> str:
    return written.replace(" million", "m").replace(" billion", "bn")


def pence_plain(pence: int | None) -> str:
    """Pence as a machine reads pounds: "-1234.50"; None is empty."""
    if pence is None:
        return ""
    whole_part, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole_part}.{rest:02}"


def day(value: date | datetime | Literal[""] | None, missing: str = "not known") -> str:
    """A date as "1 April 2016"; a moment is taken in London first; None is `missing`.

    So is "", which is what a template has of a date that could not be read.
    """
    if not value:
        return missing
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {month(value)}"


def month(value: date) -> str:
    """The month that a day lies in, as "April 2016"."""
    return f"{value:%B} {value.year}"


def moment(value: datetime | None, missing: str = "not known") -> str:
    """A moment in London as "14:02 on 31 December 2017"."""
    if value is None:
        return missing
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M} on {day(local)}"


def year_prose(starts_in: int | None) -> str:
    """A financial year as prose writes it: 2016 is "2016 to 2017"."""
    return "" if starts_in is None else f"{starts_in} to {starts_in + 1}"


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A percentage with its decimals fixed: 30.2849 at 4 is "30.2849%"; None is "not known"."""
    if value is None:
        return "not known"
    written = f"{_rounded(Decimal(str(abs(value))), places):,}%"
    return f"{MINUS}{written}" if value < 0 else written


def size(value: Decimal | None, places: int = 0) -> str:
    """A force's size without trailing noughts: Decimal("2914.2100") is "2,914.21".

    `places` are shown at least, so that the figures of a column align: 2912.7 at 2 is "2,912.70".
    """
    if value is None:
        return "not known"
    return f"{value:,.{max(places, decimal_places(value))}f}"


def whole(value: int) -> str:
    """A count: 18240 is "18,240"."""
    return f"{value:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 day", "2,400 days"; `many` where an s will not do ("2 boxes")."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def later(days: int) -> str:
    """Days apart in words: 91 is "91 days later", -1 is "1 day earlier"."""
    return f"{counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def days_apart(before: date, after: date) -> str:
    """“91 days later”, “1 day earlier”."""
    return later((after - before).days)


def signed(number: int) -> str:
    """A number with its sign: "+91", "−30", "0"."""
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{abs(number):,}"


def listed(names: Sequence[str]) -> str:
    """“Dogs”, “Dogs and Fleet”, “Dogs, Fleet and Finance”; empty for none."""
    first, last = ", ".join(names[:-1]), names[-1] if names else ""
    return f"{first} and {last}" if first else last


def possessive(name: str) -> str:
    """“Dorset’s”, but “Fleet services’”."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"
