"""A long list a page at a time, kept in the address; the whole of it where that is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Page, Paginator

PER_PAGE = 100
WHOLE = "all"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Part(Generic[Row]):
    """What is shown of a list. `is_whole`: all of it, although it is longer than a page."""

    page: Page[Row]
    is_whole: bool

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return list(self.page)

    @property
    def count(self) -> int:
        """How many rows the list has."""
        return self.page.paginator.count

    @property
    def query(self) -> str:
        """What the address says of it beside its filters: nothing for the first page."""
        if self.is_whole:
            return f"page={WHOLE}"
        return f"page={self.page.number}" if self.page.number > 1 else ""


def part_of(rows: Sequence[Row], asked: str) -> Part[Row]:
    """The page of the list that `asked` names, or all of it; for any other text the first or last."""
    is_whole = asked == WHOLE and len(rows) > PER_PAGE
    paginator = Paginator(rows, len(rows) if is_whole else PER_PAGE)
    return Part(paginator.get_page(asked), is_whole)
