"""Every change of an area and of what belongs to it, as the database's triggers recorded them."""

# ruff: noqa: SLF001 (Django's `_meta` is public for all its underscore)

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from business_areas.models import (
    AreaMembership,
    BusinessArea,
    DesignStrand,
    Milestone,
    NotApplicable,
    Outlook,
    Staffing,
    StatusOverride,
)
from programmes import words

_TRACKED: tuple[type[models.Model], ...] = (
    BusinessArea,
    Milestone,
    DesignStrand,
    Staffing,
    AreaMembership,
    NotApplicable,
    StatusOverride,
    Outlook,
)
_UNTOLD = {"id", "alliance_id", "area_id", "revision", "last_update_on", "code"}
_WORDS = {"insert": "added", "update": "changed", "delete": "taken away"}
_NOTHING = "nothing"


@dataclass(frozen=True)
class FieldChange:
    """One field from old to new, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeOfArea:
    """One row's change at one moment: what, who (empty where nobody was signed in), and the fields.

    `file` names the workbook that it came from, `reason` is what the person said of it, `also` what
    else was added or taken away in the same go.
    """

    at: datetime
    what: str
    who: str
    file: str
    reason: str
    fields: tuple[FieldChange, ...]
    also: tuple[str, ...] = ()


def changes_of_area(area: BusinessArea, latest: int | None = None) -> tuple[ChangeOfArea, ...]:
    """What became of the area, newest first; at most `latest` of it. At most two queries.

    An update that changes nothing a person reads is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql(), [area.pk] * len(_TRACKED))
        # Numbers stay as they are written, for 10.50 is not 10.5 to a reader.
        events = [
            (kind, json.loads(row, parse_float=str), at, label, who, json.loads(said or "{}"))
            for kind, row, at, label, who, said in cursor.fetchall()
        ]
    names = _names(events)
    told: list[ChangeOfArea] = []
    before: dict[tuple[str, int], dict[str, Any]] = {}
    for kind, row, at, label, who, said in events:
        model = _MODELS[kind]
        old = before.get((kind, row["id"]), {})
        before[kind, row["id"]] = row
        fields = tuple(_differences(model, old, row, names)) if label == "update" else ()
        if label == "update" and not fields:
            continue
        what = f"{_subject(model, row, names)} {_WORDS.get(label, label)}"
        told.append(
            ChangeOfArea(at, what, who or "", said.get("file", ""), said.get("reason", ""), fields)
        )
    told.reverse()
    return tuple(_as_one(told))[:latest]


def _as_one(told: Iterable[ChangeOfArea]) -> list[ChangeOfArea]:
    """What was added or taken away in one go, with nothing to say of its fields, as one change."""
    found: list[ChangeOfArea] = []
    for change in told:
        last = found[-1] if found else None
        together = (change.at, change.who, change.file, change.reason)
        if (
            last
            and not last.fields
            and not change.fields
            and (together == (last.at, last.who, last.file, last.reason))
        ):
            found[-1] = replace(change, also=(last.what, *last.also))
        else:
            found.append(change)
    return found


_MODELS = {model._meta.model_name or "": model for model in _TRACKED}


def _sql() -> str:
    """The events of every tracked table in the order in which they happened."""
    parts = []
    for name, model in _MODELS.items():
        table = model.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
        mine = "pgh_obj_id" if model is BusinessArea else "area_id"
        parts.append(
            f"SELECT '{name}' AS kind, to_jsonb(e) AS row, e.pgh_created_at, e.pgh_label,"  # noqa: S608
            f" e.pgh_context_id, e.pgh_id FROM {table} e WHERE e.{mine} = %s"
        )
    every = " UNION ALL ".join(parts)
    return (
        "SELECT e.kind, e.row, e.pgh_created_at, e.pgh_label, coalesce(nullif(u.name, ''), u.email),"  # noqa: S608
        f" c.metadata FROM ({every}) e"
        " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        " LEFT JOIN programmes_user u ON u.id = (c.metadata->>'user')::bigint"
        " ORDER BY e.pgh_created_at, e.kind, e.pgh_id"
    )


def _names(events: Iterable[Any]) -> dict[tuple[str, int], str]:
    """The names of the forces and people that the rows point at, by table and id. One query."""
    wanted: dict[str, set[int]] = {"programmes_force": set(), "programmes_user": set()}
    for kind, row, *_ in events:
        for field in _MODELS[kind]._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and row.get(field.attname):
                wanted.get(target._meta.db_table, set()).add(row[field.attname])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'programmes_force', id, name FROM programmes_force WHERE id = ANY(%s)"
            " UNION ALL SELECT 'programmes_user', id, coalesce(nullif(name, ''), email)"
            " FROM programmes_user WHERE id = ANY(%s)",
            [sorted(wanted["programmes_force"]), sorted(wanted["programmes_user"])],
        )
        return {(table, pk): name for table, pk, name in cursor.fetchall()}


def _subject(model: type[models.Model], row: dict[str, Any], names: dict[Any, str]) -> str:
    """What the change is of: “Go live”, “Processes”, “People of Dorset Police”."""
    force = names.get(("programmes_force", row.get("force_id") or 0), "a force")
    if model is Milestone:
        return f"Milestone “{row['name']}”"
    if model is Staffing:
        return f"People of {force} as at {words.day(date.fromisoformat(row['as_at'][:10]))}"
    if model is AreaMembership:
        return f"{force}’s part in the area"
    for choice, phrase in (("strand", "{}"), ("item", "“{}” as not applicable")):
        if choice in row:
            field = model._meta.get_field(choice)
            said = dict(field.flatchoices).get(row[choice], row[choice])  # type: ignore[union-attr]
            return phrase.format(said) + _SUFFIX.get(model, "")
    return "Area"


_SUFFIX: dict[type[models.Model], str] = {StatusOverride: " status", Outlook: " forward look"}


def _differences(
    model: type[models.Model],
    old: dict[str, Any],
    new: dict[str, Any],
    names: dict[tuple[str, int], str],
) -> Iterable[FieldChange]:
    for field in model._meta.concrete_fields:
        if field.attname in _UNTOLD or field.attname not in new:
            continue
        before, after = old.get(field.attname), new[field.attname]
        if before != after:
            label = str(field.verbose_name).removesuffix(" pence")
            yield FieldChange(
                label[:1].upper() + label[1:],
                _written(field, before, names),
                _written(field, after, names),
            )


def _written(field: "models.Field[Any, Any]", value: Any, names: dict[Any, str]) -> str:
    """A stored value as people read it."""
    if value is None or value == "":
        return _NOTHING
    if field.is_relation and field.related_model:
        target: Any = field.related_model
        return names.get((target._meta.db_table, value), "someone no longer on record")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, models.DateField):
        return words.day(date.fromisoformat(value[:10]))
    if field.name.endswith("_pence"):
        return words.pounds(int(value))
    return str(value)
