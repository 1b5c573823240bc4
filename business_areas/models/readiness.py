"""What an area needs before it goes live, where a person says that it does not apply."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from business_areas.models.areas import BusinessArea
from programmes.models import Alliance
from programmes.recorded import Recorded, recorded_at


@pghistory.track()
class NotApplicable(Recorded):
    """One item of an area's readiness list that does not apply to it, and why."""

    class Item(models.TextChoices):
        APPROVED_DATE = "APPROVED_DATE", "Go-live date approved"
        CONSULTATION = "CONSULTATION", "Consultation complete"
        DECISION = "DECISION", "Decision taken"
        STRUCTURE = "STRUCTURE", "Organisation structure in place"
        PROCESSES = "PROCESSES", "Processes in place"
        TECHNOLOGY = "TECHNOLOGY", "Technology in place"
        PEOPLE = "PEOPLE", "People in post"
        MONEY = "MONEY", "Money approved"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="not_applicable")
    item = models.CharField(max_length=20, choices=Item.choices)
    reason = models.TextField()
    said_at = recorded_at()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["area", "item"],
                name="not_applicable_once",
                violation_error_message="This item is already marked as not applicable.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="not_applicable_says_why",
                violation_error_message="Say why this does not apply.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_item_display()}"
