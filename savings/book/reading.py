"""Reads an alliance's book, as it is now or as it stood at a past moment, in two queries."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from savings.book.values import (
    AMOUNT_FIELDS,
    Book,
    BookArea,
    BookItem,
    BookMilestone,
    amounts_of,
)
from savings.rows import INT4, INT8, binary_rows_type, read_columns
from savings.sharing_inputs import SHARING, day, sharing_of

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
        {sharing},
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
""".replace("{sharing}", SHARING.strip())

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
    {tables}
    SELECT a.id, a.item_id,
           (CASE a.version WHEN 'APPROVED' THEN 0 WHEN 'FORECAST' THEN 1 ELSE 2 END)::int4,
           (a.starts_on - DATE '2000-01-01')::int4, a.whole_year::int4,
           coalesce(a.borne_by_id, 0), a.derived::int4, a.pence
      FROM savings_item i JOIN savings_amount a ON a.item_id = i.id
     WHERE i.alliance_id = {alliance} AND ({areas} OR i.area_id = ANY({area_ids}))
       AND (NOT a.derived OR a.year = ANY({closed}))
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
        sharing=sharing_of(alliance_id, facts),
        areas={row[0]: BookArea(*row) for row in facts["areas"]},
        milestones={
            row[0]: BookMilestone(*row[:5], *(day(text) for text in row[5:]))
            for row in facts["milestones"]
        },
        items=items,
        typed=_amounts(alliance_id, area_ids, as_at, facts["closed"]),
        closed=frozenset(facts["closed"]),
        target_on=day(facts["target_on"]),
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
    tables = _tables(alliance_id, as_at, names=("savings_item", "savings_amount"))
    if as_at is not None:  # COPY takes no parameters of its own
        with connection.cursor() as cursor:
            moment = cursor.mogrify("%s", [as_at]).decode()
        tables = tables.replace("%(moment)s", moment)
    select = _AMOUNTS.format(
        tables=tables,
        alliance=int(alliance_id),
        areas="TRUE" if area_ids is None else "FALSE",
        area_ids=_array(area_ids or ()),
        closed=_array(closed),
    )
    found = read_columns(select, _AMOUNT)
    amounts = amounts_of(())
    amounts.resize(len(found), refcheck=False)  # a tracer may hold the array too
    for name in AMOUNT_FIELDS:
        amounts[name] = found[name]
    return amounts


def _array(numbers: Collection[int]) -> str:
    return f"ARRAY[{','.join(str(int(number)) for number in numbers)}]::bigint[]"
