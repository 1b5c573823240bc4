"""Dates that others moved lately, as the record of changes has them: why, by whom, and the pounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from alliance_portal.as_at.facts import Facts
from alliance_portal.as_at.periods import Period
from alliance_portal.as_at.said import Moved
from alliance_portal.dashboard.changes import net_moves
from programmes.changes.record import told_pounds
from programmes.models import Change

MOVED_DAYS = 30


@dataclass(frozen=True)
class OfOthers:
    """A date that somebody else moved, from where it was to where it is.

    `who` and `number` are those of its last change; `pounds`, sentences of what its moves together did
    to each force's forecast, are empty where a change moved other dates too.
    """

    moved: Moved
    who: str
    pounds: tuple[str, ...]
    number: int


def moved_by_others(
    alliances: Iterable[Facts], user_id: int | None, names: Mapping[int, Mapping[str, str]]
) -> dict[int, list[OfOthers]]:
    """By alliance, what others moved in the last MOVED_DAYS and did not move back. One query at most.

    `names` are each alliance's forces by code, in the agreed order.
    """
    periods = {each.alliance.pk: _period(each.day) for each in alliances}
    found = {
        facts.alliance.pk: [
            one
            for one in net_moves(facts, periods[facts.alliance.pk], is_actual_too=True)
            if one.by_id != user_id
        ]
        for facts in alliances
    }
    made = _changes(found)
    return {
        pk: [_told(one, made, names.get(pk, {})) for one in moves] for pk, moves in found.items()
    }


def _period(day: date) -> Period:
    return Period("date", day - timedelta(days=MOVED_DAYS), day)


def _changes(found: Mapping[int, list[Moved]]) -> Mapping[int, Change]:
    """The changes that moved them, by number."""
    wanted = {pk for moves in found.values() for one in moves for pk in one.changes}
    return Change.objects.select_related("made_by").in_bulk(wanted) if wanted else {}


def _told(one: Moved, made: Mapping[int, Change], names: Mapping[str, str]) -> OfOthers:
    changes = [made[pk] for pk in one.changes]
    is_of_more = any(change.milestone_id != one.milestone.pk for change in changes)
    rows = [row for change in changes for row in change.effect if row[3] == "FORECAST"]
    last = changes[-1]
    pounds = () if is_of_more else told_pounds(rows, names)
    return OfOthers(one, str(last.made_by or ""), pounds, last.pk)
