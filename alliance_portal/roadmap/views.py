"""The roadmap: as a page, as a picture, and its table as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView

from alliance_portal.roadmap.asked import GROUPS, month_choices
from alliance_portal.roadmap.picture import picture_of
from alliance_portal.roadmap.selectors import roadmap
from alliance_portal.roadmap.table import COLUMNS, table_of
from programmes.downloads import Download
from programmes.pages import InAlliance
from programmes.tables import table_file


class RoadmapPage(InAlliance, TemplateView):
    """Every area's stages and go-live on a time axis, and the same as a table."""

    template_name = "roadmap/roadmap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the address asks for."""
        drawn = roadmap(self.standing, self.request.GET)
        return super().get_context_data(
            roadmap=drawn,
            filters=drawn.filters,
            counts=drawn.found.counts,
            months=month_choices(drawn.days, drawn.asked, drawn.day),
            grouping=GROUPS,
            **kwargs,
        )


class RoadmapPicture(Download):
    """The drawing of the page with the same query, as a file that stands alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An SVG without styles, scripts or links."""
        drawn = roadmap(self.standing, request.GET)
        picture = picture_of(drawn, self.standing.alliance)
        answer = render(request, "roadmap/picture.svg", {"picture": picture, "roadmap": drawn})
        answer["Content-Type"] = "image/svg+xml"
        name = f"{self.standing.alliance.code}-roadmap.svg"
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        return answer


class RoadmapFile(Download):
    """The table of the page with the same query, as a file."""

    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows, from one moment of the database."""
        rows = table_of(roadmap(self.standing, request.GET).table_rows)
        name = f"{self.standing.alliance.code}-roadmap"
        return table_file(name, self.ending, "roadmap", COLUMNS, rows)
