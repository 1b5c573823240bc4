"""Board reports as frozen snapshots, and benefits that are not money."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from programmes.models.alliances import Alliance
from programmes.recorded import Recorded


@pghistory.track()
class BoardReport(Recorded):
    """A report to the board; once published its snapshot never changes."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="board_reports")
    title = models.CharField(max_length=200)
    as_at = models.DateField()
    narrative = models.TextField(blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "-as_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(snapshot__isnull=False),
                name="published_report_has_a_snapshot",
                violation_error_message="A report is published with its snapshot.",
            )
        ]
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Benefit(Recorded):
    """Something gained that is not money: its measure, target and what has been reached."""

    class Kind(models.TextChoices):
        RESILIENCE = "RESILIENCE", "Resilience"
        EXPERTISE = "EXPERTISE", "Expertise"
        CONSISTENCY = "CONSISTENCY", "Consistency"
        SERVICE = "SERVICE", "Service"
        REINVESTMENT = "REINVESTMENT", "Reinvestment"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="benefits")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=200, blank=True)
    target = models.CharField(max_length=200, blank=True)
    reached = models.CharField(max_length=200, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "kind", "title"]

    def __str__(self) -> str:
        return self.title
