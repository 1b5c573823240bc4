"""Writes of areas: members, dates; what shares depend on is announced upwards."""

from business_areas.services.date_refusals import (
    AlreadyReached,
    AreaWithdrawn,
    BaselineStays,
    BeforeTheAlliance,
    DecidedInFuture,
    DetailsNeeded,
    NothingToConfirm,
    ReasonDoesNotFit,
    ReasonNeeded,
    SameDate,
    TooFarAhead,
)
from business_areas.services.dates import (
    began_on,
    check_can_move,
    check_new_approved_date,
    check_new_date,
    confirm_forecast,
    rebaseline,
    reschedule,
    save_milestone,
)
from business_areas.services.members import delete_area_membership, save_area_membership

__all__ = [
    "AlreadyReached",
    "AreaWithdrawn",
    "BaselineStays",
    "BeforeTheAlliance",
    "DecidedInFuture",
    "DetailsNeeded",
    "NothingToConfirm",
    "ReasonDoesNotFit",
    "ReasonNeeded",
    "SameDate",
    "TooFarAhead",
    "began_on",
    "check_can_move",
    "check_new_approved_date",
    "check_new_date",
    "confirm_forecast",
    "delete_area_membership",
    "rebaseline",
    "reschedule",
    "save_area_membership",
    "save_milestone",
]
