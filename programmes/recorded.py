"""The base of every table that a person can change: a revision that the database counts."""

from datetime import date
from functools import cache
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Now

from programmes.rules import code_refusal, day_refusal, text_refusal
from programmes.written.limits import MOST_PENCE
from programmes.written.texts import LONGEST_NOTE, tidy_line


class Recorded(models.Model):
    """A row with a revision number; each update that changes anything adds one.

    The number is kept by a trigger, so a bulk update or raw SQL counts too. A form carries the
    revision it showed; a service that is handed an older one refuses (see `StaleEdit`).
    """

    revision = models.PositiveIntegerField(default=1, editable=False)
    _found_by: dict[str, Any]

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="count_revision",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(),
                func="NEW.revision = OLD.revision + 1; RETURN NEW;",
            )
        ]

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **later: Any) -> Self:
        """The row, with what it was found by."""
        row = super().from_db(db, field_names, values, **later)
        row._found_by = {  # noqa: SLF001
            name: row.__dict__.get(name) for name in _identity(cls)
        }
        return row

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Set everything but an identity that stays.

        The trigger makes PostgreSQL hold a row whose identity is set, even to what it was, against
        everybody who saves something that refers to it.
        """
        found = getattr(self, "_found_by", {})
        written = [
            (field, model, value)
            for field, model, value in values
            if field.attname not in found or found[field.attname] != value
        ]
        return super()._do_update(base_qs, using, pk_val, written, *rest)

    def clean(self) -> None:
        """Refuse a row that refers to another alliance's force, area, milestone and so on."""
        super().clean()
        refused = foreign_references(self) | self._refused_values()
        if refused:
            raise ValidationError(refused)

    def _refused_values(self) -> dict[str, str]:
        """A sentence for each value that no workbook could bring in again."""
        said = {field.name: self._refusal(field) for field in self._meta.concrete_fields}
        return {name: refusal for name, refusal in said.items() if refusal}

    def _refusal(self, field: "models.Field[Any, Any]") -> str:
        """Why the field's value may not be; empty if it may.

        A code on record from earlier may stay, or nothing else of its row could be changed.
        """
        value = getattr(self, field.attname)
        if isinstance(field, models.SlugField) and field.name == "code":
            kept = not self._state.adding and getattr(self, "_found_by", {}).get("code", value)
            return "" if value == kept else code_refusal(value, field.max_length or 0)
        if field.name.endswith("pence") and abs(value or 0) > MOST_PENCE:
            return "It is more than £10 trillion: check the number of noughts."
        named = isinstance(field, models.CharField) and (value or not field.blank)
        if named and not tidy_line(value):
            return "It has no letter that anybody can see: type it again."
        if isinstance(field, models.CharField | models.TextField) and value:
            return text_refusal(value, field.max_length or LONGEST_NOTE)
        if type(field) is models.DateField and value:
            return day_refusal(value)
        return ""


@cache
def _identity(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a model's unique constraints, by which other rows may refer to its rows."""
    fields = {
        name
        for constraint in model._meta.constraints  # noqa: SLF001
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    }
    alone = {field.name for field in model._meta.concrete_fields if field.unique}  # noqa: SLF001
    return tuple(
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001
        if field.name in fields | alone
    )


def foreign_references(row: models.Model) -> dict[str, str]:
    """A sentence for each of the row's links that leads into another alliance; empty if none does.

    One query for each link whose object has not been read yet.
    """
    alliance_id = getattr(row, "alliance_id", None)
    found: dict[str, str] = {}
    if alliance_id is None:
        return found
    for link in row._meta.concrete_fields:  # noqa: SLF001 (public, for all its underscore)
        if not link.is_relation or link.name == "alliance" or not getattr(row, link.attname):
            continue
        other = getattr(row, link.name)
        if getattr(other, "alliance_id", alliance_id) != alliance_id:
            found[link.name] = f"{other} is of another alliance; choose one of this alliance."
    return found


class StaleEdit(Exception):
    """Someone else saved first; `current` is the row as it stands now."""

    def __init__(self, current: Recorded) -> None:
        super().__init__("Someone else changed this while you were editing it.")
        self.current = current


def check_revision(row: Recorded, seen: int | None) -> None:
    """Hold the row until the transaction ends; raise StaleEdit unless it is the one that was shown.

    None: nobody looked. A row that is new, or gone, has nothing to compare. One query.
    """
    if seen is None or row.pk is None:
        return
    rows = type(row)._default_manager.select_for_update(of=("self",), no_key=True)  # noqa: SLF001
    current = rows.filter(pk=row.pk).first()
    if current is not None and current.revision != seen:
        raise StaleEdit(current)


class DateRange(Func):
    """daterange(start, end, '[)'): a null start or end is open."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(start), F(end), Value("[)"))


def check_stay(joined_on: date | None, left_on: date | None) -> None:
    """Raise ValidationError at `left_on` unless the stay lasts a day at least.

    For `clean`: PostgreSQL cannot even compare a range whose end is before its start, so such a
    stay must be found before the overlap is looked for.
    """
    if joined_on and left_on and left_on <= joined_on:
        raise ValidationError({"left_on": "The leaving date must be after the joining date."})


def recorded_at() -> models.DateTimeField:  # type: ignore[type-arg]
    """A moment that the database sets when the row is written."""
    return models.DateTimeField(db_default=Now(), editable=False)
