"""What people said of areas and their programme: dates moved, statuses set, forward looks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection

from business_areas.models import Direction, Milestone, Rating, Strand
from business_areas.reasons import ANOTHER
from business_areas.statuses import RATED_BY, Forward, Override
from programmes.changes.record import reason_of
from programmes.models import Alliance


@dataclass(frozen=True)
class Moved:
    """A milestone's approved, forecast or actual date as one person changed it, on the alliance's day.

    `changes` are the numbers of the changes on record that moved it, the oldest first.
    """

    milestone: Milestone
    which: str
    from_on: date | None
    to_on: date | None
    reason: str
    on: date
    by_id: int | None
    changes: tuple[int, ...]


_SAID = """
    SELECT 'DATE' AS what, c.alliance_id, d.milestone_id AS of_id, d.which, c.door AS word, c.reason,
           c.details, d.from_on AS first, d.to_on AS last, c.made_on, c.made_by_id, '' AS name,
           c.id AS change_id, d.id
      FROM business_areas_moveddate d JOIN programmes_change c ON c.id = d.change_id
     WHERE c.alliance_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'OVERRIDE', o.alliance_id, o.area_id, o.strand, o.rating, o.reason, '',
           o.made_on, o.until_on, o.made_on, o.made_by_id, coalesce(u.name, ''), NULL, o.id
      FROM business_areas_statusoverride o LEFT JOIN programmes_user u ON u.id = o.made_by_id
     WHERE o.alliance_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'WORD', alliance_id, nullif(area_id, 0), sort, NULL, '', '',
           said_on, said_on, said_on, NULL, '', NULL, id
      FROM programmes_lastword WHERE alliance_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'OUTLOOK', alliance_id, area_id, strand, direction, note, '',
           said_on, said_on, said_on, said_by_id, '', NULL, id
      FROM business_areas_outlook WHERE alliance_id = ANY(%(ids)s)
     ORDER BY 1, 10, 14
"""


@dataclass
class Said:
    """What people said, by alliance: dates moved (oldest first), overrides, forward looks, when.

    `spoken` has the days on which anybody spoke of an area (None: of the programme's own); `changed`
    the last days by the sort of thing that was changed: the name of its model.
    """

    moved: dict[int, list[Moved]]
    overrides: dict[int, dict[tuple[int | None, str], list[Override]]]
    outlooks: dict[int, dict[tuple[int | None, str], Forward]]
    spoken: dict[tuple[int, int | None], list[date]]
    changed: dict[tuple[int, int | None], dict[str, date]]

    @cached_property
    def last_moved(self) -> Mapping[int, date]:
        """When each milestone's dates were moved last."""
        return {one.milestone.pk: one.on for found in self.moved.values() for one in found}

    def last_word(
        self, alliance_id: int, area_id: int | None, milestones: Iterable[Milestone], day: date
    ) -> date | None:
        """When something was last said, up to `day`, of an area (None: the programme) with these dates."""
        words = [*self.spoken[alliance_id, area_id]]
        words += self.changed[alliance_id, area_id].values()
        words += [self.last_moved[each.pk] for each in milestones if each.pk in self.last_moved]
        return max((word for word in words if word <= day), default=None)

    def by_strand(self, alliance_id: int, area_id: int | None, day: date) -> dict[Strand, date]:
        """When what each strand is rated by was last changed, up to `day`, where anything was."""
        changed = self.changed[alliance_id, area_id]
        found = {
            strand: [changed[sort] for sort in sorts if sort in changed]
            for strand, sorts in RATED_BY.items()
        }
        return {
            strand: max(word for word in words if word <= day)
            for strand, words in found.items()
            if any(word <= day for word in words)
        }


def read_said(alliances: Sequence[Alliance], milestones: Mapping[int, Milestone]) -> Said:
    """What was said of the alliances and of these milestones; others' dates are left out. One query."""
    said = Said(
        moved=defaultdict(list),
        overrides=defaultdict(dict),
        outlooks=defaultdict(dict),
        spoken=defaultdict(list),
        changed=defaultdict(dict),
    )
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"ids": [each.pk for each in alliances]})
        for (
            what,
            alliance_id,
            of_id,
            which,
            word,
            why,
            more,
            first,
            last,
            on,
            by,
            name,
            change,
            _,
        ) in cursor:
            if what == "DATE":
                if of_id in milestones:
                    why = _why(reason_of(why, word), more)
                    moved = Moved(milestones[of_id], which, first, last, why, on, by, (change,))
                    said.moved[alliance_id].append(moved)
                continue
            if what == "WORD":
                said.changed[alliance_id, of_id][which] = first
                continue
            said.spoken[alliance_id, of_id].append(first)
            if what == "OUTLOOK":  # oldest first, so the newest stays
                said.outlooks[alliance_id][of_id, which] = Forward(Direction(word), first, why)
            else:
                override = Override(Rating(word), why, first, last, name)
                said.overrides[alliance_id].setdefault((of_id, which), []).insert(0, override)
    return said


def _why(reason: str, details: str) -> str:
    """The reason from the list with what was written beside it."""
    if not details:
        return reason
    return details if reason == ANOTHER else f"{reason}: {details}"
