"""Dates as the changes on record moved them."""

from django.db.models import QuerySet

from business_areas.models import Milestone, MovedDate


def moved_dates() -> QuerySet[MovedDate]:
    """Every date that a change moved, the newest first, with the change and who made it."""
    found = MovedDate.objects.select_related("change__made_by")
    return found.order_by("-change__made_at", "-change_id", "-pk")


def newest_move(milestone: Milestone, which: str) -> MovedDate | None:
    """The newest move of one of the milestone's dates, with who made it. One query."""
    return moved_dates().filter(milestone=milestone, which=which).first()
