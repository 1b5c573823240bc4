"""The base of every table that a person can change: a revision that the database counts."""

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Now


class Recorded(models.Model):
    """A row with a revision number; each update that changes anything adds one.

    The number is kept by a trigger, so a bulk update or raw SQL counts too. A form carries the
    revision it showed; a service that is handed an older one refuses (see `StaleEdit`).
    """

    revision = models.PositiveIntegerField(default=1, editable=False)

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


class StaleEdit(Exception):
    """Someone else saved first; `current` is the row as it stands now."""

    def __init__(self, current: Recorded) -> None:
        super().__init__("Someone else changed this while you were editing it.")
        self.current = current


class DateRange(Func):
    """daterange(start, end, '[)'): a null start or end is open."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(start), F(end), Value("[)"))


def recorded_at() -> models.DateTimeField:  # type: ignore[type-arg]
    """A moment that the database sets when the row is written."""
    return models.DateTimeField(db_default=Now(), editable=False)
