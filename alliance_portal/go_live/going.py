"""Going live, as one transaction of what the area needs and what becomes of it."""

from datetime import date

from django.db import transaction

from alliance_portal.go_live.readiness import readiness_of
from business_areas import services
from business_areas.models import BusinessArea, Milestone
from business_areas.services.areas import locked
from programmes.changes import recorded
from programmes.models import Change, User


@recorded(Change.Kind.GO_LIVE, of="area")
@transaction.atomic
def go_live(
    *,
    area: BusinessArea,
    on: date,
    by: User,
    day: date,
    seen_revision: int | None,
    seen_stage: str | None,
) -> Milestone:
    """Take the area live if nothing that it needs is missing at this moment.

    Raises as `services.take_live`.
    """
    current = locked(area)
    readiness = readiness_of(current.alliance, day, current.code)
    assert readiness is not None
    return services.take_live(
        area=current,
        on=on,
        readiness=readiness,
        by=by,
        day=day,
        seen_revision=seen_revision,
        seen_stage=seen_stage,
    )
