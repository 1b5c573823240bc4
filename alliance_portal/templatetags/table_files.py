"""The links to a table's files, below the table."""

from typing import Any

from django import template

from alliance_portal.table_files.middleware import ENDINGS

register = template.Library()


@register.inclusion_tag("components/_table_files.html", takes_context=True)
def table_files(context: Any, table: str, *more: object) -> dict[str, Any]:
    """Links to files of the page's table with the id `table` (with `more` after dashes, if given)."""
    name = "-".join(str(part) for part in (table, *more))
    asked = context.request.GET.copy()
    found = {}
    for ending in ENDINGS:
        asked["table"], asked["file"] = name, ending
        found[ending] = asked.urlencode()
    return {"table": name, "queries": found}
