"""How money, days, years and percentages are written on a page."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django import template
from django.core.paginator import Page
from django.utils import timezone

from savings.engine.periods import financial_year_of

register = template.Library()

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
NOT_SHARED = "not yet shared"


def decimal_places(value: Decimal) -> int:
    """How many decimals a figure needs: 2912.7000 needs one."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@register.filter
def pounds(pence: int | None, missing: str = NOT_SHARED) -> str:
    """Whole pence as a ledger writes them: 123456789 is "£1,234,567.89", -1200 is "−£12.00".

    None is the words in `missing`, as in {{ share_pence|pounds:"no cost yet" }}.
    """
    if pence is None:
        return missing
    whole, rest = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{whole:,}.{rest:02}"


@register.filter
def signed_pounds(pence: int | None, missing: str = NOT_SHARED) -> str:
    """A change in pence with its sign: 1200 is "+£12.00", 0 is "£0.00"."""
    written = pounds(pence, missing)
    return f"+{written}" if pence and pence > 0 else written


@register.filter
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


@register.filter
def pounds_short(pence: int | None, missing: str = NOT_SHARED) -> str:
    """Pence as prose writes them: "£6.1 million", "£145 million", "£52,286", "−£1.2 billion"."""
    if pence is None:
        return missing
    sign = MINUS if pence < 0 else ""
    millions = _rounded(Decimal(abs(pence)) / 10**8, 1)
    if millions >= 1000:
        billions = _rounded(Decimal(abs(pence)) / 10**11, 1)
        return f"{sign}£{billions:,} billion".replace(".0 ", " ")
    if abs(pence) >= 10**8:
        return f"{sign}£{millions} million".replace(".0 ", " ")
    return whole_pounds(pence)


@register.filter
def pence_plain(pence: int | None) -> str:
    """Pence as a machine reads pounds: "-1234.50"; None is empty."""
    if pence is None:
        return ""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02}"


@register.filter
def day(value: date | datetime | Literal[""] | None, missing: str = "not known") -> str:
    """A date as "1 April 2016"; a moment is taken in London first; None is `missing`.

    So is "", which is what a template has of a date that could not be read.
    """
    if not value:
        return missing
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B} {value.year}"


@register.filter
def moment(value: datetime | None, missing: str = "not known") -> str:
    """A moment in London as "14:02 on 31 December 2017"."""
    if value is None:
        return missing
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M} on {day(local)}"


@register.filter
def year(starts_in: int | None) -> str:
    """A financial year as tables write it: 2016 (1 April 2016 to 31 March 2017) is "2016/17"."""
    return "" if starts_in is None else f"{starts_in}/{(starts_in + 1) % 100:02}"


@register.filter
def year_prose(starts_in: int | None) -> str:
    """A financial year as prose writes it: 2016 is "2016 to 2017"."""
    return "" if starts_in is None else f"{starts_in} to {starts_in + 1}"


@register.filter
def year_slug(starts_in: int | None) -> str:
    """A financial year as addresses write it: 2016 is "2016-17"."""
    return "" if starts_in is None else f"{starts_in}-{(starts_in + 1) % 100:02}"


@register.filter
def period(starts_on: date, whole_year: bool) -> str:
    """A period as tables write it: "October 2017" for a month, "2017/18" for a financial year."""
    return year(starts_on.year) if whole_year else f"{starts_on:%B %Y}"


@register.filter
def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A percentage with its decimals fixed: 30.2849 at 4 is "30.2849%"; None is "not known"."""
    if value is None:
        return "not known"
    written = f"{_rounded(Decimal(str(abs(value))), places):,}%"
    return f"{MINUS}{written}" if value < 0 else written


@register.filter
def size(value: Decimal | None, places: int = 0) -> str:
    """A force's size without trailing noughts: Decimal("2914.2100") is "2,914.21".

    `places` are shown at least, so that the figures of a column align: 2912.7 at 2 is "2,912.70".
    """
    if value is None:
        return "not known"
    return f"{value:,.{max(places, decimal_places(value))}f}"


@register.filter
def whole(value: int) -> str:
    """A count: 18240 is "18,240"."""
    return f"{value:,}"


@register.filter
def beside(values: Sequence[object], headings: Sequence[object]) -> list[tuple[object, object]]:
    """Each heading with its value, for a row of a table."""
    return list(zip(headings, values, strict=True))


@register.filter
def possessive(name: str) -> str:
    """“Dorset’s”, but “Fleet services’”."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


@register.filter
def financial_year(on: date) -> int:
    """The financial year that a day falls in: 31 March 2017 is 2016."""
    return financial_year_of(on)


@register.filter
def page_numbers(page: "Page[object]") -> Iterator[int | None]:
    """The page numbers to offer, with None where some are left out: 1 … 4 5 6 … 20."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    before = 0
    for number in wanted:
        if number > before + 1:
            yield None
        yield number
        before = number
