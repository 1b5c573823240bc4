"""Sharing rules as people mean them: the rows of one area and date make one rule with its terms."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.sheets import SharingRuleRow


@dataclass(frozen=True, slots=True)
class Term:
    """A measure with its weight in a blend, or a force with its percentage."""

    measure: str
    weight: Decimal | None
    force: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Row):
    """A rule with its terms, in the order of measures, then forces. `area` blank: the alliance."""

    SHEET = "sharing_rules"
    KEY = ("area", "effective_on")

    area: str
    effective_on: date | None
    method: str
    sizes_as_at: str
    decimals: int | None
    agreed_on: date | None
    source: str
    terms: tuple[Term, ...]
    rows: tuple[SharingRuleRow, ...] = field(default=(), compare=False)


def rules_of(rows: Iterable[SharingRuleRow]) -> tuple[Rule, ...]:
    """The rules that the rows make, in the order of their first rows."""
    groups: dict[tuple[str, date | None], list[SharingRuleRow]] = {}
    for row in rows:
        groups.setdefault((row.area, row.effective_on), []).append(row)
    return tuple(_rule(tuple(group)) for group in groups.values())


def _rule(rows: tuple[SharingRuleRow, ...]) -> Rule:
    first = rows[0]
    return Rule(
        row=first.row,
        pk=first.pk,
        unreadable=frozenset().union(*(row.unreadable for row in rows)),
        area=first.area,
        effective_on=first.effective_on,
        method=first.method,
        sizes_as_at=first.sizes_as_at or "YEAR",
        decimals=first.decimals,
        agreed_on=first.agreed_on,
        source=first.source,
        terms=tuple(sorted(_terms(rows), key=lambda term: (term.measure, term.force))),
        rows=rows,
    )


def _terms(rows: tuple[SharingRuleRow, ...]) -> list[Term]:
    """A measure that stands alone weighs 1 whether or not the sheet says so."""
    alone = Decimal(1) if len(rows) == 1 and rows[0].method == "SIZE" else None
    return [
        Term(row.measure, alone if row.weight is None else row.weight, row.force, row.percent)
        for row in rows
        if row.measure or row.force
    ]
