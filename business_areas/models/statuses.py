"""What a person says of an area or the programme beside what the data say: status and outlook."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from business_areas.models.areas import BusinessArea
from programmes.models import Alliance
from programmes.recorded import Recorded


class Strand(models.TextChoices):
    """The three things that are rated apart."""

    TIMESCALES = "TIMESCALES", "Timescales"
    BUDGET = "BUDGET", "Budget"
    RESOURCES = "RESOURCES", "Resources"


class Rating(models.TextChoices):
    """Delivery confidence, in the words of government's own scale."""

    GREEN = "GREEN", "Green"
    AMBER = "AMBER", "Amber"
    RED = "RED", "Red"
    NOT_RATED = "NOT_RATED", "Not rated"


class Direction(models.TextChoices):
    """Where a status is heading."""

    IMPROVING = "IMPROVING", "Improving"
    STEADY = "STEADY", "Steady"
    WORSENING = "WORSENING", "Worsening"


_KNOWN_STRAND = Q(strand__in=Strand.values)


@pghistory.track()
class StatusOverride(Recorded):
    """A status that a person set over the one worked out from the data, with a reason and an end.

    A blank `area` means the programme. It holds from `made_on` until and including `until_on`.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="overrides"
    )
    strand = models.CharField(max_length=12, choices=Strand.choices)
    rating = models.CharField(max_length=10, choices=Rating.choices)
    reason = models.TextField()
    made_on = models.DateField()
    until_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_KNOWN_STRAND & Q(rating__in=Rating.values), name="override_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="override_says_why",
                violation_error_message="Say why the status differs from the data.",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=models.F("made_on")),
                name="override_ends_after_it_starts",
                violation_error_message="The end date must not be before the day it is set.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area or self.alliance}: {self.get_strand_display()} {self.rating.lower()}"


@pghistory.track()
class Outlook(Recorded):
    """Where a person sees a status heading, on a day; the latest one counts."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="outlooks"
    )
    strand = models.CharField(max_length=12, choices=Strand.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    note = models.TextField(blank=True)
    said_on = models.DateField()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_KNOWN_STRAND & Q(direction__in=Direction.values), name="outlook_known"
            ),
            models.UniqueConstraint(
                fields=["alliance", "area", "strand", "said_on"],
                name="one_outlook_a_day",
                nulls_distinct=False,
                violation_error_message="A forward look is on record for this day; change that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area or self.alliance}: {self.get_strand_display()} {self.direction.lower()}"
