"""What was changed without a change on record, told from what the database's triggers kept.

That is data from before there was a record of changes, and whatever is written past the services,
as by SQL. A change and the rows that it wrote are of one moment: that of their transaction.
"""

# ruff: noqa: S608 (the names in these statements are our own tables)

import json
from datetime import datetime
from typing import Any

from django.db import connection, models

from programmes.changes import words
from programmes.changes.record import Entry, Row

OLDER = "From before changes were put on record: as the database kept it."
PAST_THE_PAGES = "Not on record: it was changed past the portal’s pages."


def unrecorded(
    alliance_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    area_id: int | None = None,
    most: int = 500,
) -> list[Entry]:
    """What became of the alliance's rows, or an area's, with no change on record; newest first.

    What the portal derives is left out, and so is what a reader would see no difference in. Two
    queries; at most `most` rows are read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _sql(area_id is not None),
            {
                "alliance": alliance_id,
                "area": area_id,
                "since": since,
                "until": until,
                "most": most,
            },
        )
        rows = [
            (
                table,
                label,
                json.loads(new, parse_float=str),
                json.loads(old, parse_float=str) if old else None,
                (at, json.loads(said or "{}"), who or "", first),
            )
            for table, label, new, old, at, said, who, first in cursor.fetchall()
        ]
    names = words.names_of(rows)
    found: list[Entry] = []
    for table, label, new, old, (at, said, who, first) in rows:
        row = _row(words.tracked()[table], label, new, old, names)
        if row is None:
            continue
        if found and (found[-1].at, found[-1].who) == (at, who):
            found[-1] = _with(found[-1], row)
            continue
        file = said.get("file", "")
        found.append(
            Entry(
                at=at,
                title="Not on record" if first and at > first else "Before the record",
                who=who,
                door=f"from the workbook {file}" if file else "",
                reason=said.get("reason", ""),
                details="",
                rows=(row,),
                note=PAST_THE_PAGES if first and at > first else OLDER,
            )
        )
    return found


def is_anything_unrecorded(alliance_id: int, since: datetime | None, until: datetime) -> bool:
    """Whether `unrecorded` would tell anything between the two moments. One query.

    None is the moment at which the alliance was first put in.
    """
    untold = ", ".join(f"'{name}'" for name in sorted({*words.UNTOLD, *_OF_THE_EVENT}))
    told = f"(e.pgh_label <> 'update' OR e.new::jsonb - ARRAY[{untold}] IS DISTINCT FROM"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM ({_events(of_area=False)}) e"
            f" WHERE {told} e.old::jsonb - ARRAY[{untold}])"
            " AND (%(since)s::timestamptz IS NOT NULL OR e.pgh_created_at > (SELECT"
            " min(pgh_created_at) FROM programmes_allianceevent WHERE pgh_obj_id = %(alliance)s)))",
            {"alliance": alliance_id, "since": since, "until": until},
        )
        (found,) = cursor.fetchone()
    return bool(found)


# What an event says of itself.
_OF_THE_EVENT = (
    *("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id", "pgh_operation"),
)


def _with(entry: Entry, row: Row) -> Entry:
    return Entry(**{**vars(entry), "rows": (*entry.rows, row)})


def _row(
    model: type[models.Model], label: str, new: Any, old: Any, names: words.Names
) -> Row | None:
    of = words.subject(model, new, names)
    if label != "update":
        return Row(of, words.WORDS.get(label, label), ())
    fields = tuple(words.differences(model, old, new, names))
    return Row(of, words.WORDS["update"], fields) if fields else None


def _events(*, of_area: bool) -> str:
    """The events that no change is of the moment of, with each row's state before."""
    parts = []
    for table, model in words.tracked().items():
        name = model._meta.model_name  # noqa: SLF001 (public, for all its underscore)
        columns = {field.column for field in model._meta.concrete_fields}  # noqa: SLF001
        mine = "e.id = %(alliance)s" if name == "alliance" else "e.alliance_id = %(alliance)s"
        if of_area and name != "businessarea" and "area_id" not in columns:
            continue
        if of_area:
            mine += f" AND e.{'id' if name == 'businessarea' else 'area_id'} = %(area)s"
        if name == "amount":
            mine += " AND NOT e.derived"
        parts.append(
            f"SELECT '{table}' AS source, e.pgh_label, e.pgh_id, e.pgh_obj_id, e.pgh_created_at,"
            f" e.pgh_context_id, to_jsonb(e)::text AS new, (SELECT to_jsonb(p)::text FROM {table} p"
            " WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id"
            f" ORDER BY p.pgh_id DESC LIMIT 1) AS old FROM {table} e WHERE {mine}"
            " AND (%(since)s::timestamptz IS NULL OR e.pgh_created_at > %(since)s::timestamptz)"
            " AND (%(until)s::timestamptz IS NULL OR e.pgh_created_at <= %(until)s::timestamptz)"
            " AND NOT EXISTS (SELECT 1 FROM programmes_change c"
            " WHERE c.alliance_id = %(alliance)s AND c.made_at = e.pgh_created_at)"
        )
    return " UNION ALL ".join(parts)


def _sql(of_area: bool) -> str:
    """Those events, newest first, with who made them and the moment of the first change on record."""
    return (
        f"SELECT e.source, e.pgh_label, e.new, e.old, e.pgh_created_at, c.metadata::text,"
        " coalesce(nullif(u.name, ''), u.email),"
        " (SELECT min(made_at) FROM programmes_change WHERE alliance_id = %(alliance)s)"
        f" FROM ({_events(of_area=of_area)}) e"
        " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        " LEFT JOIN programmes_user u ON u.id = (c.metadata->>'user')::bigint"
        " ORDER BY e.pgh_created_at DESC, e.source, e.pgh_id DESC LIMIT %(most)s"
    )
