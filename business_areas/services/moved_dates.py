"""Keeps which dates of milestones a change has moved, from where to where, with the change itself."""

from typing import Any

from django.db import connection

from business_areas.models import Milestone, MovedDate
from programmes.changes.words import Mark
from programmes.models import Change

_EVENTS: Any = Milestone.pgh_event_model._meta.db_table  # type: ignore[attr-defined]  # noqa: SLF001
_BEFORE_AND_AFTER = ", ".join(
    f"('{which}', before.{which.column}, after.{which.column})" for which in MovedDate.Date
)
# What the database's own triggers recorded of milestones since the mark, whoever wrote it; a date that
# is back where it was has not moved, and a milestone that the change added or removed moved none.
_KEEP = f"""
    INSERT INTO business_areas_moveddate (change_id, milestone_id, which, from_on, to_on)
    SELECT %(change)s, after.id, of.which, of.from_on, of.to_on
      FROM (SELECT pgh_obj_id AS id, min(pgh_id) AS first FROM {_EVENTS}
             WHERE pgh_id > %(mark)s AND alliance_id = %(alliance)s AND pgh_created_at = now()
             GROUP BY pgh_obj_id HAVING bool_and(pgh_label = 'update')) AS touched
      JOIN business_areas_milestone AS after ON after.id = touched.id
      LEFT JOIN LATERAL (SELECT approved_on, forecast_on, actual_on FROM {_EVENTS}
             WHERE pgh_obj_id = touched.id AND pgh_id < touched.first
             ORDER BY pgh_id DESC LIMIT 1) AS before ON true
     CROSS JOIN LATERAL (VALUES {_BEFORE_AND_AFTER}) AS of (which, from_on, to_on)
     WHERE of.from_on IS DISTINCT FROM of.to_on
     ORDER BY after.id, of.which
"""  # noqa: S608 (the names in it are our own tables)


def keep(change: Change, mark: Mark) -> None:
    """Put on record what the change has moved since the mark. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {"change": change.pk, "mark": mark[_EVENTS], "alliance": change.alliance_id},
        )
