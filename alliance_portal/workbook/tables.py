"""Which table holds each sheet, and how a row of one becomes a row of the other.

A row's attributes are named as the model's fields; one that holds another sheet's code is the link
of that name. `alliance`, `sharing_rules` and the period of an amount are told apart in `stored`
and `saving`.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from business_areas.models import (
    AreaMembership,
    BusinessArea,
    DesignStrand,
    Milestone,
    RaidItem,
    Staffing,
)
from programmes.models import Force, ForceSize, Gate, Membership, SignOff
from savings.models import Amount, Item


@dataclass(frozen=True)
class Table:
    """The model of a sheet, its order in an export, its links, and what of it is the workbook's.

    `links` gives, for an attribute that is a foreign key, what the sheet writes for the other row.
    """

    model: type[Model]
    order: tuple[str, ...]
    links: dict[str, str] = field(default_factory=dict)
    typed: Q = field(default_factory=Q)

    @property
    def objects(self) -> Any:
        """The model's rows; typed loosely, as the tables are of many models."""
        return self.model._default_manager  # noqa: SLF001  (public in all but name)


TABLES: dict[str, Table] = {
    "forces": Table(Force, ("position",)),
    "members": Table(Membership, ("force__position", "joined_on"), {"force": "force__code"}),
    "force_sizes": Table(
        ForceSize,
        ("measure__name", "effective_on", "force__position", "release"),
        {"force": "force__code", "measure": "measure__name"},
        Q(withdrawn_at=None),
    ),
    "gates": Table(Gate, ("order", "code")),
    "sign_offs": Table(
        SignOff,
        ("gate__order", "gate__code", "force__position", "office"),
        {"gate": "gate__code", "force": "force__code"},
    ),
    "business_areas": Table(
        BusinessArea, ("category", "name", "code"), {"lead_force": "lead_force__code"}
    ),
    "area_members": Table(
        AreaMembership,
        ("area__code", "force__position", "joined_on"),
        {"area": "area__code", "force": "force__code"},
    ),
    "staffing": Table(
        Staffing,
        ("area__code", "as_at", "force__position"),
        {"area": "area__code", "force": "force__code"},
    ),
    "design": Table(DesignStrand, ("area__code", "id"), {"area": "area__code"}),
    "milestones": Table(Milestone, ("area__code", "baseline_on", "code"), {"area": "area__code"}),
    "items": Table(
        Item,
        ("area__code", "code"),
        {"area": "area__code", "milestone": "milestone__code"},
    ),
    "amounts": Table(
        Amount,
        ("item__code", "version", "starts_on", "whole_year", "borne_by__position"),
        {"item": "item__code", "borne_by": "borne_by__code"},
        Q(derived=False),
    ),
    "raid": Table(RaidItem, ("kind", "code"), {"area": "area__code"}),
}
