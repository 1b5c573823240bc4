"""Writes of areas: members, dates; what shares depend on is announced upwards."""

from business_areas.services.dates import BaselineStays, ReasonNeeded, save_milestone
from business_areas.services.members import delete_area_membership, save_area_membership

__all__ = [
    "BaselineStays",
    "ReasonNeeded",
    "delete_area_membership",
    "save_area_membership",
    "save_milestone",
]
