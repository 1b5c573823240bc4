"""A chart's table as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from alliance_portal.as_at.periods import Period
from alliance_portal.dashboard.drawn import charts
from alliance_portal.dashboard.selectors import dashboard
from programmes.downloads import Download
from programmes.tables import csv_file


class ChartFile(Download):
    """The rows of one chart's table as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The numbers that the chart is drawn from; 404 for a chart with nothing to draw."""
        alliance = self.standing.alliance
        day = self.standing.today
        found = charts(dashboard(alliance, Period.of("", day)))
        chart = next((each for each in found if each.name == kwargs["name"]), None)
        if chart is None or chart.empty:
            raise Http404
        name = f"{alliance.code}-{chart.name}-{day.isoformat()}.csv"
        return csv_file(name, chart.columns, chart.lines())
