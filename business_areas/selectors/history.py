"""Every change of an area and of what belongs to it, as the record of changes has it."""

from business_areas.models import BusinessArea
from programmes.changes.record import Entry, changes_of, entries
from programmes.changes.unrecorded import unrecorded


def changes_of_area(area: BusinessArea, latest: int | None = None) -> list[Entry]:
    """What became of the area, newest first; at most `latest` of it. Four queries.

    What is on no record of changes is told from the database's own history, and says so.
    """
    made = changes_of(area.alliance, area_id=area.pk)
    told = entries(area.alliance, made[:latest] if latest else made, area_id=area.pk)
    older = unrecorded(area.alliance_id, area_id=area.pk)
    return sorted([*told, *older], key=lambda entry: entry.at, reverse=True)[:latest]
