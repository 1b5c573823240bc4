"""How the roadmap writes what its table and key show."""

from django import template

from alliance_portal.roadmap.key import Sign, key_of
from alliance_portal.roadmap.selectors import Roadmap
from programmes.words import signed

register = template.Library()


@register.filter
def signed_days(days: int | None) -> str:
    """Days later with a sign: “+91”, “−30”, “0”; “–” if they are not known."""
    return "–" if days is None else signed(days)


@register.filter
def signs(roadmap: Roadmap) -> tuple[Sign, ...]:
    """The signs of its key."""
    return key_of(roadmap)
