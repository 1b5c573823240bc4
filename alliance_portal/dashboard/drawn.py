"""The dashboard's four charts, from what the dashboard has read and one query more."""

from django.db import connection

from alliance_portal.charts.burn_up import burn_up
from alliance_portal.charts.by_force import by_force_and_year
from alliance_portal.charts.chart import Chart
from alliance_portal.charts.cumulative import Saved, by_month, cumulative_savings
from alliance_portal.charts.priced import slippage_priced
from alliance_portal.dashboard.selectors import Dashboard

_SAVED = """
    SELECT a.version, a.starts_on, a.whole_year, sum(a.pence)::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %s AND i.kind = 'SAVING'
     GROUP BY 1, 2, 3
"""


def read_saved(alliance_id: int) -> list[Saved]:
    """The alliance's savings by version and period. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, [alliance_id])
        return [
            Saved(version, starts_on, is_whole_year, int(pence))
            for version, starts_on, is_whole_year, pence in cursor.fetchall()
        ]


def charts(dashboard: Dashboard) -> tuple[Chart, ...]:
    """The charts in the page's order, those with nothing to draw last. One query.

    None for an alliance without areas.
    """
    if not dashboard.sentence.areas:
        return ()
    alliance, day = dashboard.alliance, dashboard.day
    found = (
        cumulative_savings(
            alliance=alliance,
            day=day,
            months=by_month(read_saved(alliance.pk), day),
            totals=dashboard.totals,
        ),
        burn_up(dashboard.facts),
        slippage_priced(alliance=alliance, said=dashboard.sentence),
        by_force_and_year(
            alliance=alliance,
            by_force=dashboard.by_force,
            forces=dashboard.forces,
            members=frozenset(row.force.pk for row in dashboard.positions.rows),
        ),
    )
    return tuple(sorted(found, key=lambda chart: bool(chart.empty)))
