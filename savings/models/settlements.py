"""Settlements with their answers and payments, what-if scenarios."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from programmes.recorded import Recorded, recorded_at
from savings.engine.periods import year_slug


def _stays(
    name: str, operation: pgtrigger.Operation, sentence: str, what: str
) -> pgtrigger.Trigger:
    """Refuses to touch a row that somebody else has relied on."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
    RAISE EXCEPTION '{sentence}'
    USING ERRCODE = 'check_violation', CONSTRAINT = '{what}';
""",
    )


@pghistory.track()
class Settlement(Recorded):
    """A version of a year's settlement as it was proposed. Never edited; another version follows.

    `until` is the last day that counts (None: the whole year). `document` is all that it says and
    was made of, as `savings.settling.document` writes it, and `digest` the hash of that.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="settlements")
    year = models.SmallIntegerField()
    number = models.PositiveSmallIntegerField("version")
    until = models.DateField("to the end of", null=True, blank=True)
    due_on = models.DateField("payments due on", null=True, blank=True)
    note = models.TextField(blank=True)
    document: Any = models.JSONField()
    digest = models.CharField(max_length=64)
    proposed_at = recorded_at()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "year", "number"],
                name="settlement_version_once",
                violation_error_message="The year’s settlement already has this version.",
            )
        ]
        triggers = [
            *Recorded.Meta.triggers,
            _stays(
                "never_edited",
                pgtrigger.Update,
                "A settlement stays as it was proposed; propose another version.",
                "proposed_settlement_stays",
            ),
            _stays(
                "never_deleted",
                pgtrigger.Delete,
                "A proposed settlement stays on record.",
                "proposed_settlement_stays",
            ),
        ]

    @property
    def reference(self) -> str:
        """What a payment of it quotes: “SETTLE 2016-17 V2”, short enough for a bank’s 18 characters."""
        return f"SETTLE {year_slug(self.year)} V{self.number}"

    def __str__(self) -> str:
        return f"Version {self.number} of {self.year} of {self.alliance}"


_OF_ONE_FORCE = """
    IF EXISTS (SELECT 1 FROM savings_settlementanswer a
                WHERE a.settlement_id = NEW.settlement_id AND a.said_by_id = NEW.said_by_id
                  AND a.force_id <> NEW.force_id) THEN
        RAISE EXCEPTION 'Nobody answers a settlement for two forces.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_answer_of_one_force';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class SettlementAnswer(Recorded):
    """What a force's finance officer said of a version, for that force alone. Never edited.

    A force disputes lines (an area's costs or savings) one by one, may let a dispute go, and agrees
    to all that it does not dispute.
    """

    class Says(models.TextChoices):
        AGREES = "AGREES", "Agrees to all that it does not dispute"
        DISPUTES = "DISPUTES", "Disputes a line"
        WITHDRAWS = "WITHDRAWS", "No longer disputes a line"

    class Kind(models.TextChoices):
        COST = "COST", "Costs"
        SAVING = "SAVING", "Savings"

    class About(models.TextChoices):
        RULE = "RULE", "The sharing rule"
        SIZE = "SIZE", "A force’s size"
        AMOUNT = "AMOUNT", "An amount"
        BEARER = "BEARER", "Who bore or banked it"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="answers")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    area = models.ForeignKey(
        BusinessArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("line", max_length=10, choices=Kind.choices, blank=True)
    about = models.CharField(max_length=10, choices=About.choices, blank=True)
    note = models.TextField("what is wrong", blank=True)
    owner = models.CharField("who sees to it", max_length=200, blank=True)
    by_on = models.DateField("to be resolved by", null=True, blank=True)
    said_at = recorded_at()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["settlement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "force", "says", "area", "kind"],
                nulls_distinct=False,
                name="settlement_answer_once",
                violation_error_message="The force has already said this of this version.",
            ),
            models.CheckConstraint(
                condition=Q(says="AGREES", area__isnull=True, kind="", about="")
                | (Q(says__in=["DISPUTES", "WITHDRAWS"], area__isnull=False) & ~Q(kind="")),
                name="settlement_answer_has_its_line",
                violation_error_message="A dispute is of a line, and an agreement of none.",
            ),
            models.CheckConstraint(
                condition=~Q(says="DISPUTES") | (~Q(about="") & ~Q(note="")),
                name="settlement_dispute_says_what_is_wrong",
                violation_error_message="A dispute says what is wrong.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            _stays(
                "never_edited",
                pgtrigger.Update | pgtrigger.Delete,
                "What a force said of a settlement stays on record.",
                "settlement_answer_stays",
            ),
            pgtrigger.Trigger(
                name="of_one_force",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_ONE_FORCE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.get_says_display()}"


@pghistory.track()
class SettlementPayment(Recorded):
    """A payment that was made for a year's settlement. Never edited: taken off, and put on again."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="payments")
    payer = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField("amount")
    paid_on = models.DateField()
    reference = models.CharField(max_length=200)
    recorded_at = recorded_at()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["settlement", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__gt=0) & ~Q(payer=models.F("payee")),
                name="settlement_payment_is_one",
                violation_error_message="A payment is of an amount above nothing, to another force.",
            )
        ]
        triggers = [
            *Recorded.Meta.triggers,
            _stays(
                "never_edited",
                pgtrigger.Update,
                "A payment on record is not edited; take it off the record and put it on again.",
                "settlement_payment_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} to {self.payee}: {self.pence}p"


@pghistory.track()
class SettlementWay(Recorded):
    """How an alliance's settlements are paid: through one force, or directly where there is none.

    `tolerance_pence` is the most that a force may gain or lose in a closed year without an adjustment.
    """

    alliance = models.OneToOneField(
        Alliance, on_delete=models.CASCADE, related_name="settlement_way"
    )
    through = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tolerance_pence = models.BigIntegerField("left alone up to pence", default=0, db_default=0)

    class Meta(Recorded.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(tolerance_pence__gte=0),
                name="tolerance_not_negative",
                violation_error_message="What is left alone is nothing or more.",
            )
        ]

    def __str__(self) -> str:
        return f"Through {self.through}" if self.through else "Directly"


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
