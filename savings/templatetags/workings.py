"""How exact parts of a penny are written."""

from fractions import Fraction

from django import template

from programmes.words import MINUS

register = template.Library()

_PLACES = 4


@register.filter
def exact_pounds(pence: Fraction) -> str:
    """Exact pence as pounds to four decimals, cut off and never rounded: £12,487.4243."""
    sign = MINUS if pence < 0 else ""
    units = int(abs(pence) * 10 ** (_PLACES - 2))
    whole, part = divmod(units, 10**_PLACES)
    more = "" if Fraction(units, 10 ** (_PLACES - 2)) == abs(pence) else "…"
    return f"{sign}£{whole:,}.{part:0{_PLACES}}{more}"


@register.filter
def exact_percent(exact: Fraction) -> str:
    """An exact percentage to six decimals, cut off: "30.284892…%"."""
    units = int(exact * 10**6)
    more = "" if Fraction(units, 10**6) == exact else "…"
    return f"{units // 10**6}.{units % 10**6:06}{more}%"


@register.filter
def weight(part: Fraction) -> str:
    """What a measure weighs in a blend, in per cent: "75%"."""
    return f"{float(part * 100):.4f}".rstrip("0").rstrip(".") + "%"


@register.filter
def remainder(part: Fraction) -> str:
    """A part of a penny to three decimals, cut off: 0.430."""
    units = int(part * 1000)
    more = "" if Fraction(units, 1000) == part else "…"
    return f"0.{units:03}{more}"
