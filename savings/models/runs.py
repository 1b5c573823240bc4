"""Requests to work shares out again, and the runs that answered them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from business_areas.models import BusinessArea
from programmes.models import Alliance
from programmes.recorded import recorded_at


class RecomputeRequest(models.Model):
    """A note that the shares of one area and year are behind their inputs.

    Written in the transaction that changes the input, or found waiting and held until it ends;
    taken off by the worker that reads the inputs after it. While one exists, the area's pools of
    that year are behind. `change_number` is that of the change on record which asked.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="requests")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="+")
    year = models.SmallIntegerField()
    cause = models.CharField(max_length=200)
    change_number = models.BigIntegerField(null=True)
    asked_at = recorded_at()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["alliance", "area", "year"], name="request_by_unit")]

    def __str__(self) -> str:
        return f"{self.area_id}, {self.year}: {self.cause}"


class RunCount(models.Model):
    """How many runs of an alliance have ever begun, those that are no longer on record included."""

    alliance = models.OneToOneField(
        Alliance, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    begun = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.alliance_id}: {self.begun}"


# The count's row is held until the transaction ends, so that two that begin at once differ.
_NEXT_NUMBER = """
    INSERT INTO savings_runcount AS c (alliance_id, begun) VALUES (NEW.alliance_id, 1)
        ON CONFLICT (alliance_id) DO UPDATE SET begun = c.begun + 1
    RETURNING begun INTO NEW.number;
    RETURN NEW;
"""


class Run(models.Model):
    """One piece of work that brought shares up to date, and what it came to.

    `number` counts the alliance's runs from one; the database gives it, once, for good.
    `seen_at` is when its worker last said that it lives. `change_numbers` are those of the changes
    on record that asked for it, in their order; `moved_pence` passed between forces in the forecast.
    """

    class State(models.TextChoices):
        RUNNING = "RUNNING", "Running"
        DONE = "DONE", "Done"
        FAILED = "FAILED", "Failed"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(db_default=0, editable=False)
    cause = models.CharField(max_length=500)
    change_numbers = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = recorded_at()
    seen_at = recorded_at()
    finished_at = models.DateTimeField(null=True)
    requests_answered = models.PositiveIntegerField(default=0)
    lines_considered = models.PositiveIntegerField(default=0)
    shares_changed = models.PositiveIntegerField(default=0)
    moved_pence = models.BigIntegerField(default=0)
    withheld_pools = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["alliance", "number"], name="run_number_once")
        ]
        indexes = [models.Index(fields=["alliance", "-id"], name="run_newest_first")]
        triggers = [
            pgtrigger.Trigger(
                name="takes_its_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NEXT_NUMBER,
            ),
            pgtrigger.Protect(
                name="keeps_its_number", operation=pgtrigger.UpdateOf("alliance_id", "number")
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.number}: {self.cause}"


class Heartbeat(models.Model):
    """When each background process was last seen at work."""

    name = models.CharField(max_length=50, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}, {self.seen_at}"
