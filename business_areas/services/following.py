"""A forecast that moves, and what follows it in its area by the same days: one change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from business_areas.models import Milestone
from business_areas.order import by_the_same_days, followers
from business_areas.selectors.steps import beside, steps_of
from business_areas.services.dates import locked_milestone, reschedule
from programmes.changes import recorded
from programmes.models import Change
from programmes.recorded import StaleEdit


@recorded(Change.Kind.FORECAST_DATE, of="milestone")
@transaction.atomic
def reschedule_with_followers(
    *,
    milestone: Milestone,
    to: date,
    seen_revision: int,
    following: Mapping[int, int],
    is_provisional: bool | None = None,
    **why: Any,
) -> Milestone:
    """Move a forecast as `reschedule` does, and every milestone that follows it by the same days.

    `following` has the revisions that the page showed, by the milestones' numbers; `why` is what
    `reschedule` takes beside them. Sent twice it is saved once. Raises what `reschedule` raises, and
    StaleEdit too if what follows is no longer what the page showed.
    """
    current = locked_milestone(milestone)
    is_first = seen_revision == current.revision
    moving = following_days(current, to) if is_first else {}
    moved = reschedule(
        milestone=current,
        to=to,
        seen_revision=seen_revision,
        is_provisional=is_provisional,
        **why,
    )
    if is_first and moving.keys() != following.keys():
        raise StaleEdit(current)
    for pk, on in moving.items():
        one = Milestone.objects.get(pk=pk)
        reschedule(milestone=one, to=on, seen_revision=following[pk], **why)
    return moved


def following_days(milestone: Milestone, to: date) -> dict[int, date]:
    """The new day of each milestone that follows, by its number. One query."""
    before = milestone.expected_on
    if before is None or before == to:
        return {}
    found = followers(steps_of(beside(milestone)), milestone.pk)
    return {int(str(key)): on for key, on in by_the_same_days(found, before, to).items()}
