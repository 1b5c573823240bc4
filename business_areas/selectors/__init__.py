"""Questions that the area pages ask: the list, one area, and its history."""

from business_areas.selectors.detail import (
    AreaDetail,
    People,
    area_detail,
    latest_people,
)
from business_areas.selectors.history import changes_of_area
from business_areas.selectors.listing import (
    AreaCounts,
    AreaRow,
    Said,
    area_counts,
    area_rows,
    with_deadlines,
)

__all__ = [
    "AreaCounts",
    "AreaDetail",
    "AreaRow",
    "People",
    "Said",
    "area_counts",
    "area_detail",
    "area_rows",
    "changes_of_area",
    "latest_people",
    "with_deadlines",
]
