"""What is asked of a second person: that a milestone gets another approved date."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from business_areas.models.areas import BusinessArea
from business_areas.models.milestones import Milestone
from programmes.models import Alliance
from programmes.recorded import Recorded, recorded_at


@pghistory.track()
class ApprovalRequest(Recorded):
    """A new approved date that one person asks for and another agrees to or refuses.

    `area` is the milestone's, for the area's history. `from_on` and `expected_on` are the approved
    and the expected date as the asker saw them, `priced` the digest of what the page said it does.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        AGREED = "AGREED", "Agreed"
        REFUSED = "REFUSED", "Refused"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="approval_requests"
    )
    from_on = models.DateField("approved date then", null=True, blank=True)
    to_on = models.DateField("date asked for")
    expected_on = models.DateField("expected date then", null=True, blank=True)
    priced = models.CharField(max_length=16, blank=True)
    reason = models.TextField()
    asked_on = models.DateField()
    asked_at = recorded_at()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "request for an approved date"
        verbose_name_plural = "requests for approved dates"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state="WAITING"),
                name="one_waiting_request",
                violation_error_message="Another approved date waits for an answer already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "AGREED", "REFUSED", "WITHDRAWN"]),
                name="request_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="request_says_why",
                violation_error_message="Enter why the approved date changes.",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(answer=""),
                name="refusal_says_why",
                violation_error_message="Enter why the date is refused.",
            ),
            models.CheckConstraint(
                condition=~Q(state="AGREED")
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by"))),
                name="a_second_person_agrees",
                violation_error_message="Somebody else has to agree to the date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} on {self.to_on}"

    @property
    def is_waiting(self) -> bool:
        """True until it is answered or withdrawn."""
        return self.state == self.State.WAITING
