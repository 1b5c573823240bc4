"""The list of business areas, and an area's page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from business_areas.forms import AreaFilter
from business_areas.models import BusinessArea
from business_areas.selectors import area_detail, areas_of
from programmes.pages import InAlliance


class BusinessAreas(InAlliance, TemplateView):
    """The areas by category, with stage and go-live; filtered by what the address says."""

    template_name = "business_areas/businessarea_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The areas that match the filter."""
        filters = AreaFilter(self.request.GET, alliance=self.standing.alliance)
        asked = filters.asked
        return super().get_context_data(
            filters=filters,
            is_filtered=any(asked.values()),
            areas=areas_of(self.standing.alliance, **asked),
            **kwargs,
        )


class BusinessAreaPage(InAlliance, TemplateView):
    """One area: who leads it, who shares it, its people, design and dates."""

    template_name = "business_areas/businessarea_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The area as at the alliance's day, or 404."""
        alliance = self.standing.alliance
        area = get_object_or_404(
            BusinessArea.objects.select_related("lead_force"),
            alliance=alliance,
            code=self.kwargs["area_code"],
        )
        day = alliance.today(timezone.localdate())
        return super().get_context_data(detail=area_detail(area, day), area=area, **kwargs)
