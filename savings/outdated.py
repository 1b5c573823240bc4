"""Pools that another version of the engine worked out: found, and asked for again."""

from django.db import connection, transaction

from programmes.models import Alliance
from savings.engine.method import METHOD
from savings.inputs import Unit
from savings.models import Pool
from savings.requests import request_units

CAUSE = "Another version of the portal had worked these shares out"


def outdated_units(alliance_id: int) -> list[Unit]:
    """The areas' open years with such pools; a closed year's stay as they were (law 7). One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT area_id, year FROM savings_pool p"
            " WHERE alliance_id = %s AND engine <> %s AND NOT EXISTS ("
            "  SELECT 1 FROM savings_financialyear y WHERE y.alliance_id = p.alliance_id"
            "  AND y.year = p.year AND y.closed_at IS NOT NULL)",
            [alliance_id, METHOD],
        )
        return [Unit(*row) for row in cursor.fetchall()]


@transaction.atomic
def ask_again() -> int:
    """Mark every such area's year as behind and ring for a worker; how many there are."""
    found = Pool.objects.exclude(engine=METHOD).order_by().values("alliance")
    return sum(
        request_units(alliance=alliance, units=outdated_units(alliance.pk), cause=CAUSE)
        for alliance in Alliance.objects.filter(pk__in=found)
    )
