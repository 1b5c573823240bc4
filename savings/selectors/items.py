"""Items of a financial year: plan, actual to date, forecast to go, outturn and what differs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Case, Min, OuterRef, QuerySet, Subquery, When

from programmes.models import Alliance
from savings.engine.periods import add_months
from savings.engine.ramp import first_whole_month
from savings.models import Amount, Item
from savings.selectors.outturn import Saved, outturn_months


@dataclass(frozen=True)
class Figures:
    """Pence of a year; None where there is no amount of the kind.

    `to_go` is the forecast of the months of which no actual is in.
    """

    plan: int | None = None
    actual: int | None = None
    to_go: int | None = None

    @property
    def cells(self) -> list[int | None]:
        """Plan, actual to date, forecast to go, outturn."""
        return [self.plan, self.actual, self.to_go, self.outturn]

    @property
    def outturn(self) -> int | None:
        """The actual where it is in, and else the forecast; None where there is neither."""
        if self.actual is None and self.to_go is None:
            return None
        return (self.actual or 0) + (self.to_go or 0)

    @property
    def variance(self) -> int | None:
        """The outturn less the plan; None where one of them is missing."""
        if self.outturn is None or self.plan is None:
            return None
        return self.outturn - self.plan


@dataclass(frozen=True)
class ItemRow:
    """An item on the list; `starts_on` is its first month, as far as anybody knows."""

    item: Item
    starts_on: date | None
    figures: Figures


@dataclass(frozen=True)
class Total:
    """What some rows come to; a missing figure counts as nought."""

    name: str
    figures: Figures
    variance: int


def items_to_list(alliance: Alliance) -> QuerySet[Item]:
    """Every item, with its area and its milestone, or without one its first amount's day as `first_on`."""
    first = (
        Amount.objects.filter(item=OuterRef("pk")).values("item").annotate(first=Min("starts_on"))
    )
    return (
        Item.objects.filter(alliance=alliance)
        .select_related("area", "milestone")
        .annotate(first_on=Case(When(milestone=None, then=Subquery(first.values("first")))))
        .order_by("area__name", "area_id", "name", "code")
    )


def item_years(alliance: Alliance) -> list[int]:
    """The financial years that have any amount, ascending. One query."""
    years = Amount.objects.filter(alliance=alliance).order_by("year")
    return list(years.values_list("year", flat=True).distinct())


def item_rows(items: Sequence[Item], year: int, day: date) -> list[ItemRow]:
    """These items' figures of the year as at `day`. One query."""
    figures = _figures([item.pk for item in items], year, day)
    return [ItemRow(item, starts_on(item), figures.get(item.pk, Figures())) for item in items]


def starts_on(item: Item) -> date | None:
    """The first month that its milestone gives it; without one that of its first amount (`first_on`)."""
    if item.milestone is None:
        first: date | None = getattr(item, "first_on", None)
        return first
    on = item.milestone.expected_on
    return first_whole_month(add_months(on, item.offset_months)) if on else None


def totals(rows: Iterable[ItemRow]) -> list[Total]:
    """Costs net of grants, and savings, each where the rows have any item of it."""
    by_kind: dict[bool, list[ItemRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.item.kind == Item.Kind.SAVING].append(row)
    names = {False: "Costs, net of grants", True: "Savings"}
    return [_total(names[kind], by_kind[kind]) for kind in names if by_kind[kind]]


def _total(name: str, rows: Sequence[ItemRow]) -> Total:
    def together(which: str) -> int:
        return sum(
            Item.Kind(row.item.kind).sign * (getattr(row.figures, which) or 0) for row in rows
        )

    found = Figures(*(together(which) for which in ("plan", "actual", "to_go")))
    return Total(name, found, together("variance"))


_AMOUNTS = """
    SELECT item_id, version, starts_on, whole_year, sum(pence)::bigint
      FROM savings_amount WHERE year = %(year)s AND item_id = ANY(%(items)s)
     GROUP BY 1, 2, 3, 4, borne_by_id
"""


def _figures(item_ids: Sequence[int], year: int, day: date) -> dict[int, Figures]:
    """Each item's figures, by its id; none for one without amounts in the year."""
    amounts = []
    with connection.cursor() as cursor:
        cursor.execute(_AMOUNTS, {"year": year, "items": list(item_ids)})
        for item, version, on, whole, pence in cursor:
            amounts.append(Saved(version, on, whole, pence, item))
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for amount in amounts:
        sums[amount.version][amount.item] += amount.pence
    to_go: dict[int, int] = defaultdict(int)
    for amount, _, pence in outturn_months(amounts, day):
        if amount.version == Amount.Version.FORECAST:
            to_go[amount.item] += pence
    return {
        item: Figures(sums["APPROVED"].get(item), sums["ACTUAL"].get(item), to_go.get(item))
        for item in {amount.item for amount in amounts}
    }
