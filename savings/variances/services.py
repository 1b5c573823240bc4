"""Writes of narratives."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from business_areas.models import BusinessArea
from programmes.changes import hold, recorded
from programmes.models import Change, User
from programmes.recorded import StaleEdit
from savings.models import Narrative


@dataclass(frozen=True)
class Said:
    """What is said of a variance."""

    cause: str
    is_recurrent: bool
    action: str
    owner: str
    due_on: date | None


@recorded(Change.Kind.MONTH, of="area")
@transaction.atomic
def explain(
    *,
    area: BusinessArea,
    month: date,
    kind: str,
    recurrence: str,
    said: Said,
    by: User | None,
    seen_revision: int | None = None,
) -> Narrative:
    """Say what a variance of the area's month comes from, or say it anew.

    `seen_revision` is what the page showed, None where nothing was said yet: StaleEdit if that is no
    longer so. Raises ValidationError.
    """
    hold(area.alliance)
    found = narrative_of(area, month, kind, recurrence)
    if found and found.revision != seen_revision:
        raise StaleEdit(found)
    written = found or Narrative(
        alliance=area.alliance, area=area, month=month, kind=kind, recurrence=recurrence
    )
    written.cause, written.is_recurrent = said.cause.strip(), said.is_recurrent
    written.action, written.owner = said.action.strip(), said.owner.strip()
    written.due_on, written.written_by = said.due_on, by
    written.full_clean()
    written.save()
    return written


def narrative_of(area: BusinessArea, month: date, kind: str, recurrence: str) -> Narrative | None:
    """What is said of a variance; None if nothing is. One query."""
    rows = Narrative.objects.filter(area=area, month=month, kind=kind, recurrence=recurrence)
    return rows.select_related("written_by", "alliance", "area").first()
