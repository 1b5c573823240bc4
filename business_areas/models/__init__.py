"""Business areas: who shares them, who works in them, their dates, risks and decisions."""

from business_areas.models.approvals import ApprovalRequest
from business_areas.models.areas import AreaMembership, BusinessArea, DesignStrand, Staffing
from business_areas.models.milestones import Dependency, Milestone, MovedDate
from business_areas.models.raid import RaidItem
from business_areas.models.readiness import NotApplicable
from business_areas.models.statuses import Direction, Outlook, Rating, StatusOverride, Strand

__all__ = [
    "ApprovalRequest",
    "AreaMembership",
    "BusinessArea",
    "Dependency",
    "DesignStrand",
    "Direction",
    "Milestone",
    "MovedDate",
    "NotApplicable",
    "Outlook",
    "RaidItem",
    "Rating",
    "Staffing",
    "StatusOverride",
    "Strand",
]
