"""What an alliance is: its member forces and its gates."""

from dataclasses import dataclass
from datetime import date

from programmes.models import Alliance, Force, Gate, Membership


@dataclass(frozen=True)
class Overview:
    """An alliance as at a day: its members in the agreed order, and its gates."""

    members: tuple[tuple[Force, Membership], ...]
    gates: tuple[Gate, ...]


def overview(alliance: Alliance, day: date) -> Overview:
    """The alliance as at `day`. Two queries."""
    members = Membership.objects.filter(alliance=alliance).on(day).select_related("force")
    return Overview(
        members=tuple((stay.force, stay) for stay in members.order_by("force__position")),
        gates=tuple(Gate.objects.filter(alliance=alliance).order_by("order")),
    )
