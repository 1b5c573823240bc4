"""How the dashboard writes figures that a reader takes in at a glance."""

from decimal import ROUND_HALF_UP, Decimal

from django import template

from alliance_portal.dashboard.slippage import YearEffect
from alliance_portal.templatetags.portal import MINUS, pounds_short
from programmes.models import Force

register = template.Library()

_MILLION, _LEAST = 10**8, 5 * 10**6  # pence
ARROWS = {"IMPROVING": "↗", "STEADY": "→", "WORSENING": "↘"}


@register.filter
def pounds_compact(pence: int | None, missing: str = "none") -> str:
    """A headline figure: 612856825 pence is "£6.1m"."""
    return pounds_short(pence, missing).replace(" million", "m").replace(" billion", "bn")


@register.filter
def compact_beside(pence: int, other: int | None) -> str:
    """The same for headline figures: 62020132 beside £6.6m is "£0.6m"."""
    return pounds_beside(pence, other).replace(" million", "m").replace(" billion", "bn")


@register.filter
def pounds_beside(pence: int, other: int | None) -> str:
    """Pence in the unit of the figure it stands beside: 37461600 beside £6.1 million is "£0.4 million".

    An amount too small to show in that unit keeps its own.
    """
    if other is None or abs(other) < _MILLION or not _LEAST <= abs(pence) < _MILLION:
        return pounds_short(pence)
    millions = (Decimal(abs(pence)) / _MILLION).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{MINUS if pence < 0 else ''}£{millions} million"


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
    return [(force, effect.by_force[force.pk]) for force in forces if force.pk in effect.by_force]
