"""What people say of a variance: its cause, what is done about it, by whom and until when."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from business_areas.models import BusinessArea
from programmes import words
from programmes.models import Alliance
from programmes.recorded import Recorded, recorded_at
from savings.models.items import Item
from savings.models.pools import Pool


@pghistory.track()
class Narrative(Recorded):
    """What is said in a month of an area's costs or savings, recurring apart from one-off.

    `month` is its first day; `kind` a Pool's.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    kind = models.CharField(max_length=10, choices=Pool.Kind.choices)
    recurrence = models.CharField(max_length=10, choices=Item.Recurrence.choices)
    cause = models.TextField()
    is_recurrent = models.BooleanField("comes again")
    action = models.TextField("what is done about it", blank=True)
    owner = models.CharField("who does it", max_length=200, blank=True)
    due_on = models.DateField("until when", null=True, blank=True)
    written_at = recorded_at()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "narrative"
        ordering = ["alliance", "-month", "area", "kind", "recurrence"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "month", "kind", "recurrence"],
                name="narrative_once",
                violation_error_message="This variance has a narrative already.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="narrative_month_begins_right",
                violation_error_message="A month begins on its first day.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["COST", "SAVING"], recurrence__in=["ONE_OFF", "RECURRING"]),
                name="narrative_of_known_kind",
            ),
            models.CheckConstraint(
                condition=~Q(cause=""),
                name="narrative_says_the_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}, {words.month(self.month)}: {self.get_kind_display().lower()}"

    @property
    def said(self) -> str:
        """All of it in sentences: “A late invoice. It happened once. Alice Wood, until 1 May 2017.”"""
        who = f"{self.owner}, until {words.day(self.due_on)}" if self.due_on else self.owner
        if self.due_on and not self.owner:
            who = f"Until {words.day(self.due_on)}"
        again = "It will come again" if self.is_recurrent else "It happened once"
        parts = (self.cause, again, self.action, who)
        return " ".join(f"{part.strip().removesuffix('.')}." for part in parts if part.strip())
