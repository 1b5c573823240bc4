"""Keeps the book for whoever makes a change: what shares were worked out from before it and after."""

from collections.abc import Collection

from programmes.models import Alliance, User
from savings.book import Book, Effect, compare, read
from savings.book.effect import changed_units
from savings.closed import check_standing
from savings.requests import NO_CAUSE_OF_ITS_OWN, request_units


class Keeper:
    """The keeper that this app names to `programmes.changes`."""

    def read(self, alliance_id: int, area_ids: Collection[int] | None) -> Book:
        """The book as it stands in this transaction. Two queries."""
        return read(alliance_id, area_ids=area_ids)

    def compare(self, before: Book, after: Book) -> Effect:
        """What lies between the two. No query."""
        return compare(before, after)

    def check(self, before: Book, after: Book, effect: Effect) -> None:
        """Raise ClosedYearStands for a rule or a stay by which a closed year would be shared otherwise.

        One query, where a year is closed and rules or stays differ.
        """
        if after.closed and _agreed(before) != _agreed(after):
            check_standing(after.sharing.alliance_id, effect.closed)

    def follow(self, alliance: Alliance, before: Book, after: Book, by: User | None) -> None:
        """Ask for the areas' open years whose pools differ.

        Where the service has asked already, its rows serve. A row of somebody else's does only while
        this transaction holds it, which asking sees to.
        """
        units = changed_units(before, after)
        if units:
            request_units(alliance=alliance, units=units, cause=NO_CAUSE_OF_ITS_OWN, by=by)


def _agreed(book: Book) -> tuple[object, ...]:
    """Who shares what by which rule."""
    sharing = book.sharing
    return sharing.rules, sharing.area_rules, sharing.stays, sharing.area_stays
