"""Dates that others moved lately, as the record of changes has them: why, by whom, and the pounds."""

from collections import defaultdict
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

    `who`, `pounds` (sentences of what its moves together did to each force's forecast) and `number`
    (of its last change) are empty where the record has no change of that milestone alone.
    """

    moved: Moved
    who: str = ""
    pounds: tuple[str, ...] = ()
    number: int | None = None


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
    made = _changes(found, periods)
    return {
        pk: [_told(one, made[one.milestone.pk], names.get(pk, {})) for one in moves]
        for pk, moves in found.items()
    }


def _period(day: date) -> Period:
    return Period("date", day - timedelta(days=MOVED_DAYS), day)


def _changes(
    found: Mapping[int, list[Moved]], periods: Mapping[int, Period]
) -> Mapping[int, list[Change]]:
    """The changes of the moved milestones in each alliance's own days, oldest first."""
    made: dict[int, list[Change]] = defaultdict(list)
    wanted = [one.milestone.pk for moves in found.values() for one in moves]
    if wanted:
        changes = Change.objects.filter(milestone_id__in=wanted).select_related("made_by")
        for change in changes.order_by("pk"):
            period = periods.get(change.alliance_id)
            if period and period.has(change.made_on) and change.milestone_id:
                made[change.milestone_id].append(change)
    return made


def _told(one: Moved, changes: list[Change], names: Mapping[str, str]) -> OfOthers:
    if not changes:
        return OfOthers(one)
    rows = [row for change in changes for row in change.effect if row[3] == "FORECAST"]
    last = changes[-1]
    return OfOthers(one, str(last.made_by or ""), told_pounds(rows, names), last.pk)
