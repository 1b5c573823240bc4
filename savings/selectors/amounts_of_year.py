"""The typed amounts of an area's year, item by item, as the pages that change them offer them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from business_areas.models import BusinessArea
from savings.models import Amount


@dataclass(frozen=True)
class ItemsAmounts:
    """An item's amounts of a year in one version with one bearer (or none), by their periods."""

    amounts: tuple[Amount, ...]

    @property
    def first(self) -> Amount:
        """Its first amount, which names item, version and bearer."""
        return self.amounts[0]

    @property
    def pence(self) -> int:
        """All of them."""
        return sum(amount.pence for amount in self.amounts)

    @property
    def key(self) -> str:
        """A name for it that a form can send."""
        first = self.first
        return f"{first.item_id}-{first.version}-{first.borne_by_id or 0}"


def amounts_of_year(area: BusinessArea, year: int) -> list[ItemsAmounts]:
    """By item's name, version and bearer. One query."""
    found = (
        Amount.objects.typed()
        .filter(item__area=area, year=year)
        .select_related("item", "borne_by")
        .order_by("item__name", "item__code", "version", "borne_by__position", "starts_on")
    )
    return _together(found)


def counting_twice(
    alliance_id: int, area: BusinessArea | None = None, year: int | None = None
) -> list[ItemsAmounts]:
    """Amounts that name nobody beside ones that name a force, and years beside their months.

    Data from before this was refused can have them: each is the one to take away. Of one area's year
    where that is given. Two queries.
    """
    beside = """
        SELECT a.id FROM savings_amount a
          JOIN savings_item i ON i.id = a.item_id
         WHERE a.alliance_id = %s AND NOT a.derived
           AND (%s::bigint IS NULL OR (i.area_id = %s AND a.year = %s))
           AND EXISTS (
            SELECT 1 FROM savings_amount b
             WHERE b.item_id = a.item_id AND b.version = a.version AND b.year = a.year
               AND ((a.whole_year AND NOT b.whole_year)
                    OR (a.borne_by_id IS NULL AND b.borne_by_id IS NOT NULL
                        AND a.starts_on = b.starts_on AND a.whole_year = b.whole_year)))
    """
    area_id = area.pk if area else None
    with connection.cursor() as cursor:
        cursor.execute(beside, [alliance_id, area_id, area_id, year])
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return []
    found = Amount.objects.filter(pk__in=ids).select_related("item__area", "borne_by")
    return _together(found.order_by("item__name", "item__code", "version", "year", "starts_on"))


def _together(found: Iterable[Amount]) -> list[ItemsAmounts]:
    groups: dict[tuple[int, str, int, int | None], list[Amount]] = defaultdict(list)
    for amount in found:
        key = (amount.item_id, amount.version, amount.year, amount.borne_by_id)
        groups[key].append(amount)
    return [ItemsAmounts(tuple(amounts)) for amounts in groups.values()]
