"""Risks, actions, issues, decisions, assumptions and dependencies that a person keeps."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from business_areas.models.areas import BusinessArea
from business_areas.rules import DATES_OF_AN_ENTRY
from programmes.models import Alliance
from programmes.recorded import Recorded
from programmes.rules import out_of_order


@pghistory.track()
class RaidItem(Recorded):
    """One entry of the register; likelihood and impact run from 1 (low) to 5 (high)."""

    class Kind(models.TextChoices):
        RISK = "RISK", "Risk"
        ASSUMPTION = "ASSUMPTION", "Assumption"
        ISSUE = "ISSUE", "Issue"
        DECISION = "DECISION", "Decision"
        ACTION = "ACTION", "Action"
        DEPENDENCY = "DEPENDENCY", "Dependency"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="raid_items")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="raid_items"
    )
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    impact = models.PositiveSmallIntegerField(null=True, blank=True)
    raised_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "register entry"
        verbose_name_plural = "register entries"
        ordering = ["alliance", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="raid_code_once",
                violation_error_message="The register already has an entry with this code.",
            ),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5)),
                name="raid_likelihood_1_to_5",
                violation_error_message="Likelihood is a number from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(impact__range=(1, 5)),
                name="raid_impact_1_to_5",
                violation_error_message="Impact is a number from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__gte=F("raised_on")),
                name="raid_closed_after_raised",
                violation_error_message="The closing date must not be before the date it was raised.",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["RISK", "ASSUMPTION", "ISSUE", "DECISION", "ACTION", "DEPENDENCY"]
                ),
                name="raid_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse an entry that is due or closed before it was raised."""
        super().clean()
        refused = dict(out_of_order(self, DATES_OF_AN_ENTRY))
        if refused:
            raise ValidationError(refused)
