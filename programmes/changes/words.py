"""What a transaction has changed, row by row and old to new, as the database's triggers recorded it."""

# ruff: noqa: SLF001 (Django's `_meta` is public for all its underscore)

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pghistory.core
from django.db import connection, models

from programmes.words import day, month, pounds

Row = Mapping[str, Any]
Mark = Mapping[str, int]
Names = Mapping[tuple[str, int], str]

NOTHING = "nothing"
WORDS = {"insert": "added", "update": "changed", "delete": "taken away"}
UNTOLD = {"id", "alliance_id", "revision", "last_update_on", "rule_id"}
UNTOLD |= {"priced", "asked_at", "answered_at"}  # of a request, said by its change
UNTOLD |= {"document", "digest"}  # of a settlement, which its page shows
UNTOLD |= {"snapshot", "locked_at", "unlocked_at"}  # of a locked month, which its page shows
UNTOLD |= {"open_points"}  # of a request to close a year, which its page shows
_PROMISES = {"baseline_on", "approved_on", "forecast_on", "actual_on"}
# Kept for other ends.
_LEFT_OUT = {"role", "savedview", "scenario", "boardreport"}


@dataclass(frozen=True)
class Told:
    """One row that differs: what it is, what became of it, and its fields from old to new.

    `item_id` is the item that it is, or is an amount of.
    """

    of: str
    what: str
    area_id: int | None
    fields: tuple[tuple[str, str, str], ...]
    item_id: int | None = None

    def kept(self) -> dict[str, Any]:
        """As the record keeps it."""
        item = {"item": self.item_id} if self.item_id else {}
        return {
            "of": self.of,
            "what": self.what,
            "area": self.area_id,
            "fields": [list(field) for field in self.fields],
            **item,
        }


@cache
def tracked() -> dict[str, type[models.Model]]:
    """The tables of an alliance whose changes are told, by the name of their events' table."""
    found: dict[str, type[models.Model]] = {}
    every: list[Any] = pghistory.core.event_models()
    for events in every:
        model = events.pgh_tracked_model
        fields = {field.name for field in model._meta.concrete_fields}
        is_alliance = model._meta.model_name == "alliance"
        if (is_alliance or "alliance" in fields) and model._meta.model_name not in _LEFT_OUT:
            found[events._meta.db_table] = model
    return found


def mark() -> Mark:
    """Where the record of each table ends now. One query."""
    parts = (
        f"SELECT '{table}', coalesce(max(pgh_id), 0) FROM {table}"  # noqa: S608
        for table in tracked()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def since(mark: Mark, alliance_id: int, most: int) -> tuple[list[Told], int]:
    """What this transaction has changed since the mark: at most `most` rows, and how many more.

    A row that changed more than once is told once, from its first state to its last. What the portal
    derives is not told: it follows from something that is. Two queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql(mark), {"alliance": alliance_id, "most": most + 1})
        # Numbers stay as they are written, for 10.50 is not 10.5 to a reader.
        rows = [
            (
                table,
                label,
                json.loads(new, parse_float=str),
                json.loads(old, parse_float=str) if old else None,
                count,
            )
            for table, label, new, old, count in cursor.fetchall()
        ]
    names = names_of(rows)
    told = []
    for table, label, new, old, _ in rows[:most]:
        model = tracked()[table]
        before = None if label == "insert" else old
        after = None if label == "delete" else new
        of = subject(model, new, names)
        fields = tuple(
            field
            for field in differences(model, before, after, names)
            if label == "update" or not _says_the_same(field, of)
        )
        if fields or label != "update":
            places = _area_of(model, new), _item_of(model, new)
            told.append(Told(of, WORDS[label], places[0], fields, places[1]))
    return told, max((rows[0][4] if rows else 0) - most, 0)


def _says_the_same(field: tuple[str, str, str], of: str) -> bool:
    """Whether a field of a new or gone row only repeats what the row is of."""
    label, before, after = field
    return label == "Area" or any(value != NOTHING and value in of for value in (before, after))


def _sql(mark: Mark) -> str:
    """The rows with their last state, what became of them, and the state before the mark."""
    parts = []
    for table, model in tracked().items():
        mine = "e.id" if model._meta.model_name == "alliance" else "e.alliance_id"
        derived = "AND NOT e.derived" if model._meta.model_name == "amount" else ""
        parts.append(
            f"SELECT '{table}' AS source, e.pgh_obj_id AS row_id, max(e.pgh_id) AS last,"  # noqa: S608
            f" min(e.pgh_id) AS first FROM {table} e"
            f" WHERE e.pgh_id > {int(mark[table])} AND {mine} = %(alliance)s"
            f" AND e.pgh_created_at = now() {derived} GROUP BY e.pgh_obj_id"
        )
    states = [
        f"SELECT c.source, c.last, l.pgh_label AS ended, f.pgh_label AS began,"  # noqa: S608
        f" to_jsonb(l)::text AS new, (SELECT to_jsonb(p)::text FROM {table} p"
        f" WHERE p.pgh_obj_id = c.row_id AND p.pgh_id < c.first"
        f" ORDER BY p.pgh_id DESC LIMIT 1) AS old"
        f" FROM changed c JOIN {table} l ON l.pgh_id = c.last"
        f" JOIN {table} f ON f.pgh_id = c.first WHERE c.source = '{table}'"
        for table in tracked()
    ]
    return (
        "WITH changed AS MATERIALIZED (SELECT *, count(*) OVER () AS every"  # noqa: S608
        f" FROM ({' UNION ALL '.join(parts)}) x ORDER BY source, last LIMIT %(most)s),"
        f" states AS ({' UNION ALL '.join(states)})"
        " SELECT s.source, CASE WHEN s.ended = 'delete' THEN 'delete'"
        " WHEN s.began = 'insert' THEN 'insert' ELSE 'update' END,"
        " s.new, s.old, c.every FROM states s JOIN changed c USING (source, last)"
        " WHERE NOT (s.began = 'insert' AND s.ended = 'delete') ORDER BY s.source, s.last"
    )


def differences(
    model: type[models.Model], old: Row | None, new: Row | None, names: Names
) -> Iterable[tuple[str, str, str]]:
    """Each field that differs: its label, old and new, in words; of a new or a gone row those it has."""
    for field in model._meta.concrete_fields:
        if field.attname in UNTOLD:
            continue
        before = old.get(field.attname) if old else None
        after = new.get(field.attname) if new else None
        if before != after and not (before in (None, "") and after in (None, "")):
            yield (
                label_of(field),
                written(field, before, names),
                written(field, after, names),
            )


def label_of(field: "models.Field[Any, Any]") -> str:
    """What people call the field."""
    label = str(field.verbose_name).removesuffix(" pence")
    if field.name in _PROMISES:
        label = f"{label.removesuffix(' on')} date"
    return label[:1].upper() + label[1:]


def subject(model: type[models.Model], row: Row, names: Names) -> str:
    """What the row is, in the field's words: “Milestone “Go live””, “Force size of Dorset Police”."""
    kind = str(model._meta.verbose_name)
    kind = kind[:1].upper() + kind[1:]
    for name in ("name", "title"):
        if row.get(name):
            return f"{kind} “{row[name]}”"
    owner = next(
        (
            names[key]
            for key in (
                ("savings_item", row.get("item_id") or 0),
                ("programmes_force", row.get("force_id") or 0),
                ("business_areas_milestone", row.get("milestone_id") or 0),
            )
            if key in names
        ),
        "",
    )
    which = _which(row) if model._meta.model_name == "amount" else _year(row)
    return f"{kind} of {owner}{which}" if owner else f"{kind}{which}"


def _which(row: Row) -> str:
    """Which amount of its item: “, May 2016, forecast”."""
    on = date.fromisoformat(row["starts_on"])
    period = f"{on.year}/{(on.year + 1) % 100:02}" if row["whole_year"] else month(on)
    return f", {period}, {row['version'].lower()}"


def _year(row: Row) -> str:
    """The month or financial year that a row is of: “, 2016/17”; blank for one that is of none."""
    if isinstance(row.get("month"), str):
        return f", {month(date.fromisoformat(row['month']))}"
    year = row.get("year")
    return f", {year}/{(year + 1) % 100:02}" if isinstance(year, int) else ""


def written(field: "models.Field[Any, Any]", value: Any, names: Names) -> str:
    """A stored value as people read it."""
    if value is None or value == "" or value == []:
        return NOTHING
    if field.is_relation and field.related_model:
        target: Any = field.related_model
        return names.get((target._meta.db_table, value), "one no longer on record")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, models.DateField):
        return day(date.fromisoformat(value[:10]))
    if field.name == "pence" or field.name.endswith("_pence"):
        return pounds(int(value))
    if isinstance(field, models.DecimalField) and field.decimal_places > 2:
        return f"{Decimal(value).normalize():,f}"  # places that nobody typed
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def _area_of(model: type[models.Model], row: Row) -> int | None:
    return row["id"] if model._meta.model_name == "businessarea" else row.get("area_id")


def _item_of(model: type[models.Model], row: Row) -> int | None:
    return row["id"] if model._meta.db_table == "savings_item" else row.get("item_id")


def names_of(rows: Iterable[Any]) -> Names:
    """What the rows' links lead to, by table and number. One query, none if there are none."""
    wanted: dict[type[models.Model], set[int]] = {}
    for table, _, new, old, _ in rows:
        for field in tracked()[table]._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and field.name != "alliance":
                ids = {row[field.attname] for row in (new, old) if row and row.get(field.attname)}
                if ids:
                    wanted.setdefault(target, set()).update(ids)
    parts, values = [], []
    for target, ids in wanted.items():
        columns = {field.column for field in target._meta.concrete_fields}
        name = "name" if "name" in columns else "id::text"
        table = target._meta.db_table
        parts.append(f"SELECT '{table}', id, {name} FROM {table} WHERE id = ANY(%s)")  # noqa: S608
        values.append(sorted(ids))
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {(table, pk): name for table, pk, name in cursor.fetchall()}
