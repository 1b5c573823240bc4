"""What becomes of an area that is withdrawn, shown before it is and then done."""

from dataclasses import dataclass
from datetime import date

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from business_areas.models import BusinessArea, Milestone
from business_areas.services.areas import withdraw_area
from programmes.changes import recorded
from programmes.models import Change, Force, User
from programmes.recorded import StaleEdit
from savings import services
from savings.book import Effect, compare, read
from savings.forecasts import closed_years
from savings.models import Amount, Item


@dataclass(frozen=True)
class Kept:
    """What stays on record of one version, in pence; a grant counts against costs."""

    version: str
    costs: int
    savings: int


@dataclass(frozen=True)
class Withdrawal:
    """The milestones that will no longer be due, what leaves the forecast by force, and what stays.

    `from_on` is the first month whose typed forecast goes; what follows from dates goes altogether.
    """

    open_milestones: tuple[Milestone, ...]
    reached: int
    forces: tuple[Force, ...]
    effect: Effect
    typed: int
    from_on: date
    kept: tuple[Kept, ...]


def preview_withdrawal(area: BusinessArea, day: date) -> Withdrawal:
    """What withdrawing the area would do, worked out as it will be stored; closed years stay.

    Saves nothing. Four queries.
    """
    milestones = list(area.milestones.all())
    waiting = sorted(
        (milestone for milestone in milestones if milestone.actual_on is None),
        key=lambda milestone: (milestone.expected_on or date.max, milestone.code),
    )
    now = read(area.alliance_id)
    typed = now.typed_forecast(area.pk, from_on := day.replace(day=1))
    then = now.without_amounts(typed).with_area(area.pk, stage=BusinessArea.Stage.WITHDRAWN)
    return Withdrawal(
        open_milestones=tuple(waiting),
        reached=len(milestones) - len(waiting),
        forces=now.sharing.forces,
        effect=compare(now, then),
        typed=len(typed),
        from_on=from_on,
        kept=_kept(area),
    )


@recorded(Change.Kind.WITHDRAWAL, of="area", moves_all=True)
def withdraw(
    *, area: BusinessArea, reason: str, by: User, day: date, seen_revision: int | None
) -> BusinessArea:
    """Withdraw the area, with the reason on record, and take its forecast from this month on away.

    Sent twice it is done once. Raises StaleEdit if the area has changed since it was shown, or
    StageNotReached.
    """
    with pghistory.context(reason=reason.strip()), transaction.atomic():
        current = BusinessArea.objects.select_for_update(no_key=True).get(pk=area.pk)
        if current.stage == BusinessArea.Stage.WITHDRAWN:
            return current
        if seen_revision is not None and seen_revision != current.revision:
            raise StaleEdit(current)
        done = withdraw_area(area=area, by=by, day=day)
        for amount in _typed_from(done, day).select_related("item__alliance"):
            services.delete_amount(amount=amount, by=by)
        return done


def _typed_from(area: BusinessArea, day: date) -> QuerySet[Amount]:
    """The area's typed forecast of periods that begin this month or later, in years that are open."""
    return Amount.objects.filter(
        item__area=area,
        version=Amount.Version.FORECAST,
        derived=False,
        starts_on__gte=day.replace(day=1),
    ).exclude(year__in=closed_years(area.alliance_id))


def _kept(area: BusinessArea) -> tuple[Kept, ...]:
    """The plan and the actual amounts, which no withdrawal changes."""
    kind = Item.Kind
    found = {
        row["version"]: row
        for row in Amount.objects.filter(item__area=area)
        .exclude(version=Amount.Version.FORECAST)
        .values("version")
        .annotate(
            costs=Sum("pence", filter=Q(item__kind=kind.COST), default=0),
            grants=Sum("pence", filter=Q(item__kind=kind.GRANT), default=0),
            savings=Sum("pence", filter=Q(item__kind=kind.SAVING), default=0),
        )
    }
    return tuple(
        Kept(
            label,
            int(found[value]["costs"] - found[value]["grants"]),
            int(found[value]["savings"]),
        )
        for value, label in Amount.Version.choices
        if value in found
    )
