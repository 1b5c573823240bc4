"""How charts and their tables are written on a page."""

from datetime import date

from django import template

from alliance_portal.charts import chart as charts
from programmes.models import Alliance
from programmes.words import EN_DASH, pounds, whole

register = template.Library()

_MOST_IN_A_ROW = 4


@register.filter
def written(figure: charts.Figure, unit: str) -> str:
    """A number of a chart's table: pounds and pence, so that rows add up, or a count; a dash for none."""
    if figure.value is None:
        return "not entered" if figure.is_missing else EN_DASH
    return pounds(figure.value) if unit == charts.PENCE else whole(figure.value)


@register.filter
def source(alliance: Alliance, day: date) -> str:
    """What a picture of a chart says below it."""
    return charts.source(alliance, day)


@register.filter
def panels(count: int) -> str:
    """How many panels stand beside each other: as many as there are, up to four; else "many"."""
    return str(count) if count <= _MOST_IN_A_ROW else "many"
