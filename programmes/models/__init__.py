"""Alliances, their forces and sizes, their people, gates and reports."""

from programmes.models.alliances import Alliance, Force, Membership
from programmes.models.changes import Change
from programmes.models.gates import Gate, SignOff
from programmes.models.people import Role, User
from programmes.models.reports import Benefit, BoardReport
from programmes.models.sizes import ForceSize, SizeMeasure
from programmes.models.views import SavedView
from programmes.models.words import LastWord

__all__ = [
    "Alliance",
    "Benefit",
    "BoardReport",
    "Change",
    "Force",
    "ForceSize",
    "Gate",
    "LastWord",
    "Membership",
    "Role",
    "SavedView",
    "SignOff",
    "SizeMeasure",
    "User",
]
