"""What the portal holds of an alliance, as the workbook that would load it."""

from collections.abc import Iterator
from typing import Any

from alliance_portal.workbook.columns import Row
from alliance_portal.workbook.sheets import (
    COLUMNS,
    MEASURE,
    OF_ITS_WAY,
    ROW_TYPE,
    SOURCE,
    AllianceRow,
    SharingRuleRow,
    Workbook,
)
from alliance_portal.workbook.tables import TABLES, Table
from alliance_portal.workbook.values import Text
from programmes.models import Alliance
from savings.engine.periods import Period
from savings.models import SharingRule
from savings.selectors.settlement import way_of


def stored_workbook(alliance: Alliance) -> Workbook:
    """Every row of the alliance that a workbook can hold, with its identity; in 17 queries.

    Derived amounts are the portal's own and are left out.
    """
    rows: dict[str, Any] = {sheet: tuple(_rows(sheet, alliance)) for sheet in TABLES}
    rows["alliance"] = (_alliance_row(alliance),)
    rows["sharing_rules"] = tuple(_rule_rows(alliance))
    return Workbook(**rows)


def _alliance_row(alliance: Alliance) -> AllianceRow:
    own = [c.attribute for c in COLUMNS["alliance"] if c.attribute not in OF_ITS_WAY]
    values = {name: getattr(alliance, name) for name in own}
    way = way_of(alliance)
    values["settled_through"] = way.through.code if way and way.through else ""
    values["left_alone_pence"] = way.tolerance_pence or None if way else None
    return AllianceRow(pk=alliance.pk, **_clean("alliance", values))


def _rows(sheet: str, alliance: Alliance) -> Iterator[Row]:
    table, row_type = TABLES[sheet], ROW_TYPE[sheet]
    attributes = _attributes(sheet)
    found = table.objects.filter(table.typed, alliance=alliance).order_by(*table.order)
    texts = _texts(sheet)
    for pk, *values in found.values_list("pk", *_fields(table, attributes)).iterator(2000):
        named = dict(zip(attributes, values, strict=True))
        for link in table.links:
            named[link] = named[link] or ""
        for text, kind in texts.items():
            named[text] = kind.tidy(named[text])
        if sheet == "amounts":
            named["period"] = Period(named.pop("starts_on"), named.pop("whole_year"))
        elif sheet == "items":
            named["ramp"] = tuple(named["ramp"])
        yield row_type(pk=pk, **named)


def _attributes(sheet: str) -> list[str]:
    names = [c.attribute for c in COLUMNS[sheet]]
    if sheet == "amounts":
        names.remove("period")
        return [*names, "starts_on", "whole_year"]
    return [*names, "position"] if sheet == "forces" else names


def _fields(table: Table, attributes: list[str]) -> list[str]:
    return [table.links.get(name, name) for name in attributes]


def _rule_rows(alliance: Alliance) -> Iterator[SharingRuleRow]:
    """A row for each term of each rule, or one for a rule without terms."""
    rules = SharingRule.objects.filter(alliance=alliance)
    whole = ("pk", "area__code", "effective_on", "method", "sizes_as_at", "decimals")
    terms = ("terms__measure__name", "terms__weight", "terms__force__code", "terms__percent")
    in_order = rules.order_by(
        *("area__code", "effective_on", "terms__measure__name", "terms__force__position")
    )
    for row in in_order.values_list(*whole, "agreed_on", "source", *terms):
        pk, area, effective_on, method, as_at, decimals, agreed_on, source, *term = row
        measure, weight, force, percent = term
        yield SharingRuleRow(
            pk=pk,
            area=area or "",
            effective_on=effective_on,
            method=method,
            sizes_as_at=as_at,
            decimals=decimals,
            agreed_on=agreed_on,
            source=SOURCE.tidy(source),
            measure=MEASURE.tidy(measure or ""),
            weight=weight,
            force=force or "",
            percent=percent,
        )


def _clean(sheet: str, values: dict[str, Any]) -> dict[str, Any]:
    texts = _texts(sheet)
    return {name: texts[name].tidy(v) if name in texts else v for name, v in values.items()}


def _texts(sheet: str) -> dict[str, Text]:
    return {c.attribute: c.kind for c in COLUMNS[sheet] if isinstance(c.kind, Text)}
