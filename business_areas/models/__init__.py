"""Business areas: who shares them, who works in them, their dates, risks and decisions."""

from business_areas.models.areas import AreaMembership, BusinessArea, DesignStrand, Staffing
from business_areas.models.milestones import DateChange, Dependency, Milestone
from business_areas.models.raid import RaidItem

__all__ = [
    "AreaMembership",
    "BusinessArea",
    "DateChange",
    "Dependency",
    "DesignStrand",
    "Milestone",
    "RaidItem",
    "Staffing",
]
