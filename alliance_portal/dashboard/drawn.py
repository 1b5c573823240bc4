"""The dashboard's four charts, from what the dashboard has read."""

from alliance_portal.charts.burn_up import burn_up
from alliance_portal.charts.by_force import by_force_and_year
from alliance_portal.charts.chart import Chart
from alliance_portal.charts.cumulative import cumulative_savings
from alliance_portal.charts.priced import slippage_priced
from alliance_portal.dashboard.selectors import Dashboard
from savings.selectors.outturn import by_month


def charts(dashboard: Dashboard) -> tuple[Chart, ...]:
    """The charts in the page's order, those with nothing to draw last. No query.

    None for an alliance without areas.
    """
    if not dashboard.sentence.areas:
        return ()
    alliance, day = dashboard.alliance, dashboard.day
    found = (
        cumulative_savings(
            alliance=alliance,
            day=day,
            months=by_month(dashboard.saved, day),
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
