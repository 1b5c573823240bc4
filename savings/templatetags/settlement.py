"""What the pages of settlement write."""

from django import template

from programmes import words
from savings.pages.settlement import journal

register = template.Library()
register.filter("policing_body", journal.policing_body)


@register.filter
def payments_that_clear(count: int) -> str:
    """The heading over so many payments."""
    return (
        "The payment that clears it"
        if count == 1
        else f"The {words.whole(count)} payments that clear it"
    )
