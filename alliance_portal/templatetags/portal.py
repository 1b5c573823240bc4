"""What templates write figures, days and years with; how each is written is in programmes.words."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString, mark_safe

from programmes import words
from savings.engine import periods

register = template.Library()

for _written in (
    words.pounds,
    words.signed_pounds,
    words.whole_pounds,
    words.pounds_short,
    words.pounds_beside,
    words.pounds_compact,
    words.compact_beside,
    words.pence_plain,
    words.day,
    words.moment,
    words.year_prose,
    words.percent,
    words.size,
    words.whole,
    words.possessive,
):
    register.filter(_written.__name__, _written)

register.filter("financial_year", periods.financial_year_of)


@register.filter
def year(starts_in: int | None) -> str:
    """A financial year as tables write it: 2016 (1 April 2016 to 31 March 2017) is "2016/17"."""
    return "" if starts_in is None else periods.year_label(starts_in)


@register.filter
def year_slug(starts_in: int | None) -> str:
    """A financial year as addresses write it: 2016 is "2016-17"."""
    return "" if starts_in is None else periods.year_slug(starts_in)


@register.filter
def months_apart(months: int) -> str:
    """“3 months later”, “1 month before”."""
    count = abs(months)
    return f"{count:,} month{'' if count == 1 else 's'} {'later' if months > 0 else 'before'}"


@register.filter
def period(starts_on: date, whole_year: bool) -> str:
    """A period as tables write it: "October 2017" for a month, "2017/18" for a financial year."""
    return year(starts_on.year) if whole_year else words.month(starts_on)


@register.filter
def beside(values: Sequence[object], headings: Sequence[object]) -> list[tuple[object, object]]:
    """Each heading with its value, for a row of a table."""
    return list(zip(headings, values, strict=True))


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


@register.simple_tag(takes_context=True)
def closed(context: Any, starts_in: int | None) -> SafeString:
    """The mark beside a financial year that is closed; nothing beside an open one."""
    page = getattr(getattr(context, "request", None), "portal_page", None)
    if page is None or starts_in not in page.closed_years:
        return mark_safe("")
    return mark_safe(' <span class="app-tag app-tag--closed">closed</span>')
