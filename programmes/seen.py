"""What a page showed and what is there now: how a change that someone else saved first is found."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import models

from programmes.recorded import Recorded, StaleEdit

# What a page showed of a part, by the form's field: text, a number, yes or no, or nothing.
Seen = Mapping[str, str | int | bool | None]


class PartChanged(StaleEdit):
    """Someone else saved this part first; `theirs` is what it says now, by the form's field."""

    def __init__(self, current: Recorded, theirs: Seen) -> None:
        super().__init__(current)
        self.theirs = theirs


def raw(value: object) -> str | int | bool | None:
    """A value as a page carries it, to be compared later."""
    if isinstance(value, models.Model):
        return raw(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(value)


def check_seen(current: Recorded, now: Seen, seen: Seen | None) -> None:
    """Raise PartChanged unless the page showed what is there now; None: nobody looked."""
    if seen is not None and dict(seen) != dict(now):
        raise PartChanged(current, now)
