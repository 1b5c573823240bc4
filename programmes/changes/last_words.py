"""Keeps the day on which anything of a sort was last changed, area by area."""

from datetime import date
from typing import Any

from django.db import connection, models

from programmes.changes.words import Mark, tracked
from programmes.models.words import OF_THE_PROGRAMME, LastWord


def keep(mark: Mark, alliance_id: int, day: date) -> None:
    """Whatever this transaction has changed since the mark had a word on `day`; a later day stays.

    What the portal derives is no word of anybody. One query.
    """
    table = LastWord._meta.db_table  # noqa: SLF001 (public, for all its underscore)
    parts = " UNION ".join(_part(name, model, mark) for name, model in tracked().items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (alliance_id, area_id, sort, said_on)"  # noqa: S608
            f" SELECT %(alliance)s, area_id, sort, %(day)s FROM ({parts}) AS changed"
            " ORDER BY area_id, sort ON CONFLICT (alliance_id, area_id, sort)"
            " DO UPDATE SET said_on = excluded.said_on"
            f" WHERE {table}.said_on < excluded.said_on",
            {"alliance": alliance_id, "day": day},
        )


def _part(events: str, model: type[models.Model], mark: Mark) -> str:
    """The areas of which a table has changed."""
    meta: Any = model._meta  # noqa: SLF001 (public, for all its underscore)
    columns = {field.column for field in meta.concrete_fields}
    area, join = str(OF_THE_PROGRAMME), ""
    if meta.model_name == "businessarea":
        area = "e.pgh_obj_id"
    elif "area_id" in columns:
        area = f"coalesce(e.area_id, {OF_THE_PROGRAMME})"
    elif "item_id" in columns:
        items = meta.get_field("item").related_model._meta.db_table  # noqa: SLF001
        area = f"coalesce(owner.area_id, {OF_THE_PROGRAMME})"
        join = f" LEFT JOIN {items} AS owner ON owner.id = e.item_id"
    mine = "e.pgh_obj_id" if meta.model_name == "alliance" else "e.alliance_id"
    theirs = " AND NOT e.derived" if "derived" in columns else ""
    return (
        f"SELECT {area} AS area_id, '{meta.model_name}' AS sort FROM {events} AS e{join}"  # noqa: S608
        f" WHERE e.pgh_id > {int(mark[events])} AND {mine} = %(alliance)s"
        f" AND e.pgh_created_at = now(){theirs}"
    )
