"""What the history tables hold of a period: stages moved, and what the forecast moved by."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone

from alliance_portal.as_at.facts import Facts
from alliance_portal.as_at.periods import Period
from savings.models import Item

Months = Mapping[tuple[int, str, date], int]  # (area, COST or SAVING, month): pence


@dataclass(frozen=True)
class Recorded:
    """What the history tables hold of a period: stages moved, and forecast amounts in pence by month.

    `began` is when the alliance's record begins; `forecast` is what the whole forecast moved by,
    whatever moved it, and `typed` the part of it that people typed.
    """

    began: datetime | None
    stages: tuple[tuple[int, str, str, date], ...] = ()
    forecast: Months = field(default_factory=dict)
    typed: Months = field(default_factory=dict)


_RECORDED = """
    WITH began AS (
        SELECT min(pgh_created_at) AS at FROM programmes_allianceevent WHERE pgh_obj_id = %(alliance)s
    ), loaded AS (
        SELECT min(pgh_created_at) AS at FROM savings_amountevent WHERE alliance_id = %(alliance)s
    ), stage AS (
        SELECT id AS area_id, stage, pgh_created_at AS at,
               lag(stage) OVER (PARTITION BY id ORDER BY pgh_id) AS before
          FROM business_areas_businessareaevent
         WHERE alliance_id = %(alliance)s AND pgh_label <> 'delete'
    ), touched AS (
        SELECT DISTINCT e.id FROM savings_amountevent e, loaded
         WHERE e.alliance_id = %(alliance)s AND e.version = 'FORECAST'
           AND e.pgh_created_at > greatest(loaded.at, %(moment)s)
    ), amount AS (
        SELECT e.item_id, e.starts_on, e.pence, e.pgh_label, e.derived,
               e.pgh_created_at <= greatest(loaded.at, %(moment)s) AS is_before,
               row_number() OVER (
                   PARTITION BY e.id, e.pgh_created_at <= greatest(loaded.at, %(moment)s)
                   ORDER BY e.pgh_id DESC) AS place
          FROM savings_amountevent e JOIN touched USING (id), loaded
    )
    SELECT 'BEGAN', NULL::bigint, NULL, NULL, NULL::date, at, 0::bigint FROM began
    UNION ALL
    SELECT 'STAGE', stage.area_id, stage.before, stage.stage, NULL, stage.at, 0 FROM stage, began
     WHERE stage.before <> stage.stage AND stage.at > greatest(began.at, %(moment)s)
    UNION ALL
    SELECT CASE WHEN a.derived THEN 'DERIVED' ELSE 'TYPED' END, i.area_id, i.kind, NULL, a.starts_on, NULL,
           sum(CASE WHEN a.is_before THEN -a.pence ELSE a.pence END)::bigint
      FROM amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.place = 1 AND a.pgh_label <> 'delete'
     GROUP BY 1, 2, 3, 5
"""


def read_recorded(facts: Facts, period: Period) -> Recorded:
    """What was recorded in the period and after the alliance's record began. One query.

    Whatever was recorded for a held alliance was recorded on its day, so all of it is in.
    """
    since = date(1900, 1, 1) if facts.alliance.held_on else period.since
    moment = timezone.make_aware(datetime.combine(since, time.max))
    began: datetime | None = None
    stages: list[tuple[int, str, str, date]] = []
    typed: dict[tuple[int, str, date], int] = defaultdict(int)
    forecast: dict[tuple[int, str, date], int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, {"alliance": facts.alliance.pk, "moment": moment})
        for what, area_id, one, two, starts_on, at, pence in cursor.fetchall():
            if what == "BEGAN":
                began = at
            elif what == "STAGE":
                on = facts.alliance.held_on or timezone.localdate(at)
                stages.append((area_id, one, two, on))
            elif pence:
                sign = Item.Kind(one).sign
                kind = "SAVING" if one == "SAVING" else "COST"
                key = (area_id, kind, starts_on)
                forecast[key] += sign * int(pence)
                if what == "TYPED":
                    typed[key] += sign * int(pence)
    return Recorded(began, tuple(stages), forecast, typed)
