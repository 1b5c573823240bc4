"""How the dashboard writes figures that a reader takes in at a glance."""

from decimal import Decimal

from django import template

from alliance_portal.as_at.recorded import YearEffect
from programmes.models import Force

register = template.Library()

ARROWS = {"IMPROVING": "↗", "STEADY": "→", "WORSENING": "↘"}


@register.filter
def positive(number: int | Decimal) -> int | Decimal:
    """The number without its sign, for a sentence that says “below” or “fewer”."""
    return number if number >= 0 else -number


@register.filter
def arrow(direction: str) -> str:
    """The arrow that goes with the word for a forward look."""
    return ARROWS.get(direction, "")


@register.filter
def by_force(effect: YearEffect, forces: tuple[Force, ...]) -> list[tuple[Force, int]]:
    """What a year's effect is to each force that it touches, in the agreed order."""
    return [
        (force, effect.by_force[force.code]) for force in forces if force.code in effect.by_force
    ]
