"""Keeps the book for whoever makes a change: what shares were worked out from before it and after."""

from collections.abc import Collection

from programmes.models import Alliance, User
from savings.book import Book, Effect, compare, read
from savings.book.effect import changed_units
from savings.inputs import Unit
from savings.models import RecomputeRequest
from savings.requests import request_units


class Keeper:
    """The keeper that this app names to `programmes.changes`."""

    def read(self, alliance_id: int, area_ids: Collection[int] | None) -> Book:
        """The book as it stands in this transaction. Two queries."""
        return read(alliance_id, area_ids=area_ids)

    def compare(self, before: Book, after: Book) -> Effect:
        """What lies between the two. No query."""
        return compare(before, after)

    def follow(self, alliance: Alliance, before: Book, after: Book, by: User | None) -> None:
        """Ask for the areas' open years whose pools differ, unless they have been asked for."""
        units = changed_units(before, after)
        if not units:
            return
        waiting = RecomputeRequest.objects.filter(
            alliance=alliance, area_id__in={unit.area_id for unit in units}
        )
        units -= {Unit(*row) for row in waiting.values_list("area_id", "year")}
        if units:
            request_units(alliance=alliance, units=units, cause="A change", by=by)
