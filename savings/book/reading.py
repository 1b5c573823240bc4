"""Reads an alliance's book, as it is now or as it stood at a past moment, in two queries."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from programmes.models import Force
from savings.book.values import (
    AMOUNT_FIELDS,
    Book,
    BookArea,
    BookItem,
    BookMilestone,
    amounts_of,
)
from savings.engine.rules import Rule, Size, Stay, Term
from savings.inputs import SharingInputs
from savings.rows import INT4, INT8, binary_rows_type, read_binary_rows

# Every table that the book is read from.
_TABLES = (
    "programmes_alliance",
    "programmes_force",
    "programmes_membership",
    "programmes_sizemeasure",
    "programmes_forcesize",
    "business_areas_businessarea",
    "business_areas_areamembership",
    "business_areas_milestone",
    "savings_sharingrule",
    "savings_sharingterm",
    "savings_item",
    "savings_amount",
    "savings_financialyear",
)

# A table as it stood: of every row its newest event, unless that took it away.
_AS_IT_STOOD = """{table} AS (
    SELECT * FROM (
        SELECT DISTINCT ON (pgh_obj_id) *, pgh_obj_id AS the_row FROM {table}event
         WHERE {within} AND pgh_created_at <= %(moment)s
         ORDER BY pgh_obj_id, pgh_id DESC
    ) newest WHERE pgh_label <> 'delete'
)"""

_FACTS = """
    SELECT json_build_object(
        'target_on', (SELECT target_on FROM programmes_alliance WHERE id = %(alliance)s),
        'forces', (SELECT json_agg(json_build_array(id, code, name, position) ORDER BY position)
                     FROM programmes_force WHERE alliance_id = %(alliance)s),
        'stays', (SELECT json_agg(json_build_array(area_id, force_id, joined_on, left_on)) FROM (
            SELECT NULL AS area_id, force_id, joined_on, left_on
              FROM programmes_membership WHERE alliance_id = %(alliance)s
             UNION ALL
            SELECT area_id, force_id, joined_on, left_on FROM business_areas_areamembership
             WHERE alliance_id = %(alliance)s) stay),
        'sizes', (SELECT json_agg(json_build_array(
                s.force_id, m.name, s.effective_on, s.release, s.value::text, s.source))
             FROM programmes_forcesize s JOIN programmes_sizemeasure m ON m.id = s.measure_id
            WHERE s.alliance_id = %(alliance)s),
        'rules', (SELECT json_agg(json_build_array(r.id, r.area_id, r.effective_on, r.method,
                r.sizes_as_at, r.decimals, r.source, r.agreed_on,
                (SELECT json_agg(json_build_array(m.name, t.weight::text, t.force_id, t.percent::text))
                   FROM savings_sharingterm t LEFT JOIN programmes_sizemeasure m ON m.id = t.measure_id
                  WHERE t.rule_id = r.id)) ORDER BY r.effective_on)
             FROM savings_sharingrule r WHERE r.alliance_id = %(alliance)s),
        'areas', (SELECT json_agg(json_build_array(id, code, name, stage))
             FROM business_areas_businessarea WHERE alliance_id = %(alliance)s),
        'milestones', (SELECT json_agg(json_build_array(m.id, m.area_id, m.code, m.name, m.kind,
                m.baseline_on, m.approved_on, m.forecast_on, m.actual_on))
             FROM business_areas_milestone m WHERE m.alliance_id = %(alliance)s),
        'items', (SELECT json_agg(json_build_array(id, code, name, area_id, kind, recurrence,
                cashable, milestone_id, offset_months, full_year_pence, ramp) ORDER BY id)
             FROM savings_item WHERE alliance_id = %(alliance)s
              AND (%(areas)s::bigint[] IS NULL OR area_id = ANY(%(areas)s::bigint[]))),
        'typed_until', CASE WHEN %(areas)s::bigint[] IS NOT NULL THEN
            (SELECT max(year) FROM savings_amount
              WHERE alliance_id = %(alliance)s AND NOT derived) END,
        'closed', (SELECT json_agg(year) FROM savings_financialyear
             WHERE alliance_id = %(alliance)s AND closed_at IS NOT NULL)
    )::text
"""

_AMOUNT = binary_rows_type(
    amount=INT8,
    item=INT8,
    version=INT4,
    day=INT4,
    whole_year=INT4,
    bearer=INT8,
    derived=INT4,
    pence=INT8,
)

_AMOUNTS = """
    COPY (
        {tables}
        SELECT a.id, a.item_id,
               (CASE a.version WHEN 'APPROVED' THEN 0 WHEN 'FORECAST' THEN 1 ELSE 2 END)::int4,
               (a.starts_on - DATE '2000-01-01')::int4, a.whole_year::int4,
               coalesce(a.borne_by_id, 0), a.derived::int4, a.pence
          FROM savings_item i JOIN savings_amount a ON a.item_id = i.id
         WHERE i.alliance_id = {alliance} AND ({areas} OR i.area_id = ANY({area_ids}))
           AND (NOT a.derived OR a.year = ANY({closed}))
    ) TO STDOUT (FORMAT binary)
"""


def read(
    alliance_id: int,
    *,
    area_ids: Collection[int] | None = None,
    as_at: datetime | None = None,
) -> Book:
    """The alliance's book with the money of these areas (None: of all). Two queries.

    `as_at` reads what the history tables say stood at that moment.
    """
    facts = _facts(alliance_id, area_ids, as_at)
    items = {row[0]: replace(BookItem(*row), ramp=tuple(row[-1])) for row in facts["items"]}
    return Book(
        sharing=_sharing(alliance_id, facts),
        areas={row[0]: BookArea(*row) for row in facts["areas"]},
        milestones={
            row[0]: BookMilestone(*row[:5], *(_day(text) for text in row[5:]))
            for row in facts["milestones"]
        },
        items=items,
        typed=_amounts(alliance_id, area_ids, as_at, facts["closed"]),
        closed=frozenset(facts["closed"]),
        target_on=_day(facts["target_on"]),
        typed_until=facts["typed_until"],
    )


def _facts(
    alliance_id: int, area_ids: Collection[int] | None, as_at: datetime | None
) -> dict[str, Any]:
    areas = None if area_ids is None else sorted(area_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            _tables(alliance_id, as_at) + _FACTS,
            {"alliance": alliance_id, "areas": areas, "moment": as_at},
        )
        (text,) = cursor.fetchone()
    found: dict[str, Any] = json.loads(text)
    single = ("target_on", "typed_until")
    return {name: found[name] if name in single else found[name] or [] for name in found}


def _tables(alliance_id: int, as_at: datetime | None, *, names: tuple[str, ...] = _TABLES) -> str:
    """What stands before a statement so that it reads the past; blank for the present."""
    if as_at is None:
        return ""
    stood = (
        _AS_IT_STOOD.format(
            table=name,
            within=f"{'id' if name == 'programmes_alliance' else 'alliance_id'} = {alliance_id:d}",
        )
        for name in names
    )
    return f"WITH {', '.join(stood)} "


def _amounts(
    alliance_id: int,
    area_ids: Collection[int] | None,
    as_at: datetime | None,
    closed: Collection[int],
) -> npt.NDArray[np.void]:
    out = BytesIO()
    tables = _tables(alliance_id, as_at, names=("savings_item", "savings_amount"))
    with connection.cursor() as cursor:
        if as_at is not None:  # COPY takes no parameters of its own
            moment = cursor.mogrify("%s", [as_at]).decode()
            tables = tables.replace("%(moment)s", moment)
        sql = _AMOUNTS.format(
            tables=tables,
            alliance=int(alliance_id),
            areas="TRUE" if area_ids is None else "FALSE",
            area_ids=_array(area_ids or ()),
            closed=_array(closed),
        )
        cursor.copy_expert(sql, out)
    found = read_binary_rows(out, _AMOUNT)
    amounts = amounts_of(())
    amounts.resize(len(found), refcheck=False)  # a tracer may hold the array too
    for name in AMOUNT_FIELDS:
        amounts[name] = found[name]
    return amounts


def _sharing(alliance_id: int, facts: Mapping[str, Any]) -> SharingInputs:
    forces = tuple(
        Force(id=pk, alliance_id=alliance_id, code=code, name=name, position=position)
        for pk, code, name, position in facts["forces"]
    )
    codes = {force.pk: force.code for force in forces}
    stays: dict[int | None, list[Stay]] = {None: []}
    for area_id, force_id, joined_on, left_on in facts["stays"]:
        stay = Stay(codes[force_id], _day(joined_on), _day(left_on))
        stays.setdefault(area_id, []).append(stay)
    rules: dict[int | None, list[Rule]] = {None: []}
    scopes = {row[0]: row[1] for row in facts["areas"]}
    for pk, area_id, effective_on, method, as_at, decimals, source, agreed_on, terms in facts[
        "rules"
    ]:
        rule = Rule(
            id=pk,
            effective_on=date.fromisoformat(effective_on),
            method=method,
            sizes_as_at=as_at,
            decimals=decimals,
            terms=_terms(terms or (), codes),
            source=source,
            agreed_on=_day(agreed_on),
            scope=scopes[area_id] if area_id else "",
        )
        rules.setdefault(area_id, []).append(rule)
    return SharingInputs(
        alliance_id=alliance_id,
        forces=forces,
        stays=tuple(stays.pop(None)),
        area_stays={area_id: tuple(found) for area_id, found in stays.items() if area_id},
        rules=tuple(rules.pop(None)),
        area_rules={area_id: tuple(found) for area_id, found in rules.items() if area_id},
        sizes=tuple(
            Size(codes[pk], measure, date.fromisoformat(on), release, Decimal(value), source)
            for pk, measure, on, release, value, source in facts["sizes"]
        ),
    )


def _terms(rows: Collection[Any], codes: Mapping[int, str]) -> tuple[Term, ...]:
    """A rule's terms in natural order, never in that of their serial numbers."""
    terms = [
        Term(
            measure=measure or "",
            weight=Decimal(weight) if weight is not None else None,
            force=codes[force_id] if force_id else "",
            percent=Decimal(percent) if percent is not None else None,
        )
        for measure, weight, force_id, percent in rows
    ]
    return tuple(sorted(terms, key=lambda term: (term.measure, term.force)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _array(numbers: Collection[int]) -> str:
    return f"ARRAY[{','.join(str(int(number)) for number in numbers)}]::bigint[]"
