"""Closing a year: asked for by one force, confirmed by another; and what is posted of it afterwards."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from programmes.models import Alliance, Force
from programmes.recorded import Recorded, recorded_at


def refusing(
    name: str, operation: pgtrigger.Operation, found: str, sentence: str, constraint: str
) -> pgtrigger.Trigger:
    """Refuses a row of which the condition holds."""
    answer = "OLD" if operation is pgtrigger.Delete else "NEW"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
    IF {found} THEN
        RAISE EXCEPTION '{sentence}'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
    END IF;
    RETURN {answer};
""",
    )


_REOPENED = "A closed year stays closed.", "closed_year_stays_closed"

OF_A_YEAR = [
    refusing(
        "never_reopened",
        pgtrigger.Update,
        "OLD.closed_at IS NOT NULL"
        " AND (NEW.closed_at, NEW.closed_by_id, NEW.alliance_id, NEW.year) IS DISTINCT FROM"
        " (OLD.closed_at, OLD.closed_by_id, OLD.alliance_id, OLD.year)",
        *_REOPENED,
    ),
    refusing("never_deleted", pgtrigger.Delete, "OLD.closed_at IS NOT NULL", *_REOPENED),
]


@pghistory.track()
class FinancialYear(Recorded):
    """A financial year of an alliance; once closed its shares never change."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="years")
    year = models.SmallIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "year"],
                name="financial_year_once",
                violation_error_message="The alliance already has this financial year.",
            )
        ]
        triggers = [*Recorded.Meta.triggers, *OF_A_YEAR]

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"


@pghistory.track()
class ClosingRequest(Recorded):
    """What one force's finance officer asks and another force's answers: that a year is closed.

    `open_points` are what the checklist still had open and did not stop it; `force` asks.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        CONFIRMED = "CONFIRMED", "Confirmed"
        REFUSED = "REFUSED", "Refused"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    year = models.SmallIntegerField("financial year")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    open_points = models.JSONField("left open", default=list, blank=True)
    asked_at = recorded_at()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.TextField(blank=True)
    answered_for = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "request to close a year"
        verbose_name_plural = "requests to close years"
        ordering = ["alliance", "-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "year"],
                condition=Q(state="WAITING"),
                name="one_waiting_closing_request",
                violation_error_message="The closing of this year waits for an answer already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "CONFIRMED", "REFUSED", "WITHDRAWN"]),
                name="closing_request_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REFUSED", "WITHDRAWN"]) | ~Q(answer=""),
                name="closing_refusal_says_why",
                violation_error_message="Enter why the year is not closed.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "REFUSED"])
                | (
                    Q(answered_by__isnull=False, answered_for__isnull=False)
                    & ~Q(answered_by=F("asked_by"))
                    & ~Q(answered_for=F("force"))
                ),
                name="another_force_answers_a_closing",
                violation_error_message="Another force’s finance officer has to answer.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            refusing(
                "answered_once",
                pgtrigger.Update,
                "OLD.state <> 'WAITING'",
                "What was answered about the closing of a year stays on record.",
                "closing_answer_stays",
            ),
            refusing(
                "never_deleted",
                pgtrigger.Delete,
                "true",
                "What was asked about the closing of a year stays on record.",
                "closing_answer_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, asked by {self.asked_by}"

    @property
    def is_waiting(self) -> bool:
        """True until it is answered or withdrawn."""
        return self.state == self.State.WAITING
