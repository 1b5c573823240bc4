"""Settlements, adjustments to closed years, and what-if scenarios."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from programmes.models import Alliance, Force
from programmes.recorded import Recorded, recorded_at
from savings.models.pools import Pool


@pghistory.track()
class Settlement(Recorded):
    """A year's statement of who bore, who should bear and what is owed; frozen when proposed."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        PROPOSED = "PROPOSED", "Proposed"
        AGREED = "AGREED", "Agreed"
        DISPUTED = "DISPUTED", "Disputed"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="settlements")
    year = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    statement = models.JSONField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "year"],
                name="settlement_once",
                violation_error_message="The year already has a settlement.",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT") | Q(statement__isnull=False),
                name="proposed_settlement_has_a_statement",
                violation_error_message="A settlement is proposed with its statement.",
            ),
        ]

    def __str__(self) -> str:
        return f"Settlement {self.year} of {self.alliance}"


@pghistory.track()
class SettlementAgreement(Recorded):
    """One force's finance officer agreeing or disputing a settlement."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="agreements")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    note = models.TextField(blank=True)
    said_at = recorded_at()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "force"],
                name="one_answer_per_force",
                violation_error_message="This force has already answered.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.force}: {'agreed' if self.agrees else 'disputed'}"


@pghistory.track()
class Adjustment(Recorded):
    """What later evidence makes of a closed year's pool for one force, posted in an open year."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="adjustments")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="adjustments")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    posted_in_year = models.SmallIntegerField()
    posted_on = models.DateField()
    pence = models.BigIntegerField()
    reason = models.CharField(max_length=500)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "posted_on"]

    def __str__(self) -> str:
        return f"{self.force}: {self.pence}p posted on {self.posted_on}"


@pghistory.track()
class Scenario(Recorded):
    """A what-if: changes to sizes, rules or dates that nothing has been saved from yet."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=200)
    changes = models.JSONField(default=list)
    made_at = recorded_at()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "-made_at"]

    def __str__(self) -> str:
        return self.name
