"""What somebody else saved first: field by field what the page showed, theirs, and what was typed."""

# ruff: noqa: SLF001 (Django's `_meta` is public for all its underscore)

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from programmes.changes import words
from programmes.models import Change
from programmes.recorded import Recorded

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Difference:
    """A field that someone else changed first: what the page showed, theirs, and what was typed."""

    label: str
    was: str
    theirs: str
    typed: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else's save that came first; `who` is empty and `at` None where nobody knows."""

    differences: tuple[Difference, ...]
    who: str = ""
    at: datetime | None = None
    why: str = ""
    is_own: bool = False

    @classmethod
    def after(
        cls, change: Change | None, differences: Iterable[Difference], reader: object = None
    ) -> "Conflict":
        """These differences, made by a change on record; `is_own` if the reader made it elsewhere."""
        if change is None:
            return cls(tuple(differences))
        why = ": ".join(text for text in (change.reason, change.details) if text)
        by = change.made_by
        is_own = by is not None and by == reader
        return cls(tuple(differences), str(by or ""), change.made_at, why, is_own)


def meanwhile(
    row: Recorded, seen: int, yours: Mapping[str, str], *, only: Iterable[str] = ()
) -> tuple[Difference, ...]:
    """What differs between the row as it stood at the revision that a page showed and as it is.

    `yours` is what was typed, in words, by field. A field in it is listed whether or not it differs;
    of the others those that do, or of those only the ones named in `only`. Two queries, three where
    links differ.
    """
    model = type(row)
    current = _current(row)
    then = seen_at(row, seen)
    rows = [(_events(row), "update", current, then, 1)]
    names = words.names_of(rows)
    wanted = set(only) or {field.attname for field in model._meta.concrete_fields}
    found = []
    for field in model._meta.concrete_fields:
        if field.attname in words.UNTOLD or field.attname not in wanted | yours.keys():
            continue
        now, was = current.get(field.attname), then.get(field.attname) if then else None
        if field.attname in yours or (then and was != now):
            found.append(
                Difference(
                    words.label_of(field),
                    words.written(field, was, names) if then else NOT_KNOWN,
                    words.written(field, now, names),
                    yours.get(field.attname, "–"),
                )
            )
    return tuple(found)


def seen_at(row: Recorded, revision: int) -> Mapping[str, Any] | None:
    """The row's columns as it stood at that revision; None if it never did. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(e)::text FROM {_events(row)} e"  # noqa: S608
            " WHERE pgh_obj_id = %s AND revision = %s ORDER BY pgh_id DESC LIMIT 1",
            [row.pk, revision],
        )
        found = cursor.fetchone()
    return json.loads(found[0], parse_float=str) if found else None


def _current(row: Recorded) -> Mapping[str, Any]:
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(r)::text FROM {table} r WHERE id = %s",  # noqa: S608
            [row.pk],
        )
        found = cursor.fetchone()
    current: Mapping[str, Any] = json.loads(found[0], parse_float=str) if found else {}
    return current


def _events(row: Recorded) -> str:
    table: str = type(row).pgh_event_model._meta.db_table  # type: ignore[attr-defined]
    return table
