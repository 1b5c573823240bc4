"""An invented alliance's items and amounts: five financial years in three versions."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.db import connection

from alliance_portal.national.alliance import Structure
from savings.inputs import IntArray
from savings.models import Item
from savings.rows import INT4, INT8, binary_rows_type, write_binary_rows

YEARS = (2015, 2016, 2017, 2018, 2019)
MONTHLY_PART = 0.3
# Amounts of one item: of a month or of a year, in every period and version.
MONTHLY = len(YEARS) * 12 * 3
YEARLY = len(YEARS) * 3
KINDS = ("COST", "SAVING", "GRANT")
KIND_PARTS = (0.47, 0.45, 0.08)

_ROW = binary_rows_type(
    item=INT8, version=INT4, day=INT4, whole_year=INT4, year=INT4, pence=INT8, bearer=INT8
)
_STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS national_amount (
        item bigint, version int, day int, whole_year int, year int, pence bigint, bearer bigint
    ) ON COMMIT DELETE ROWS
"""
_INSERT = """
    INSERT INTO savings_amount (revision, alliance_id, item_id, version, starts_on, whole_year, year,
                                pence, borne_by_id, derived)
    SELECT 1, %s, item, (ARRAY['APPROVED', 'FORECAST', 'ACTUAL'])[version + 1],
           DATE '2000-01-01' + day, whole_year = 1, year, pence, nullif(bearer, 0), false
      FROM national_amount
"""


def make_amounts(structure: Structure, count: int, random: np.random.Generator) -> None:
    """Write items with `count` amounts in all.

    Amounts go in by COPY, with the triggers off: no rows of history are written for them, and
    links are taken to be right. Needs the right to set `session_replication_role`.
    """
    is_monthly = _kinds_of_item(count, random)
    items = Item.objects.bulk_create(_items(structure, is_monthly, random), batch_size=2000)
    columns = _columns(structure, items, is_monthly, random)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute("TRUNCATE national_amount")
        write_binary_rows(
            "national_amount", _ROW, {name: values[:count] for name, values in columns.items()}
        )
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_INSERT, [structure.alliance.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def _kinds_of_item(count: int, random: np.random.Generator) -> IntArray:
    """1 for each item with monthly amounts, 0 for each with yearly ones; enough for `count`."""
    most = count // YEARLY + 2
    is_monthly = (random.random(most) < MONTHLY_PART).astype(np.int64)
    reach = np.cumsum(np.where(is_monthly == 1, MONTHLY, YEARLY))
    return is_monthly[: int(np.searchsorted(reach, count)) + 1]


def _items(structure: Structure, is_monthly: IntArray, random: np.random.Generator) -> list[Item]:
    kinds = random.choice(len(KINDS), len(is_monthly), p=KIND_PARTS).tolist()
    return [
        Item(
            alliance=structure.alliance,
            area=structure.areas[place % len(structure.areas)],
            code=f"item-{place:06d}",
            name=f"Item {place}",
            kind=KINDS[kind],
            recurrence="RECURRING" if place % 4 else "ONE_OFF",
            cashable="CASHABLE" if KINDS[kind] == "SAVING" else "",
        )
        for place, kind in enumerate(kinds)
    ]


def _columns(
    structure: Structure, items: list[Item], is_monthly: IntArray, random: np.random.Generator
) -> Mapping[str, IntArray]:
    """Each item's amounts, version after version, period after period."""
    periods = {1: _periods(monthly=True), 0: _periods(monthly=False)}
    pattern = np.concatenate([periods[each] for each in is_monthly.tolist()], axis=1)
    lengths = np.where(is_monthly == 1, MONTHLY, YEARLY)
    version, day, whole_year, year = pattern
    forces = np.array([force.pk for force in structure.forces], np.int64)
    bearers = np.where(random.random(len(items)) < 0.3, random.choice(forces, len(items)), 0)
    level = random.lognormal(12.5, 1.4, len(items))
    change = random.normal(1.0, 0.1, pattern.shape[1])
    sign = np.where(random.random(pattern.shape[1]) < 0.02, -1, 1)
    pence = np.rint(np.repeat(level, lengths) * change * np.where(whole_year, 12, 1)) * sign
    return {
        "item": np.repeat(np.array([item.pk for item in items], np.int64), lengths),
        "version": version,
        "day": day,
        "whole_year": whole_year,
        "year": year,
        "pence": pence.astype(np.int64),
        "bearer": np.repeat(bearers, lengths),
    }


def _periods(*, monthly: bool) -> IntArray:
    """Rows version, day (from 1 January 2000), whole year and year; a column for each amount."""
    months = [(4, 0), *((month, 0) for month in range(5, 13)), (1, 1), (2, 1), (3, 1)]
    starts = [
        (year, date(year + later, month, 1))
        for year in YEARS
        for month, later in (months if monthly else months[:1])
    ]
    rows = [
        (version, (day - date(2000, 1, 1)).days, int(not monthly), year)
        for version in range(3)
        for year, day in starts
    ]
    return np.array(rows, np.int64).T
