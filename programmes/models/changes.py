"""The record of changes: what each was, old to new, why, by whom, through which door, and its price."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models

from programmes.models.alliances import Alliance
from programmes.recorded import recorded_at


class Change(models.Model):
    """One change as a person made it, whatever it wrote. Never edited.

    `said` lists what differs, row by row, in the field's words: `{"of", "what", "area", "fields":
    [[label, old, new], …]}`. `effect` lists what it did to shares: `[area, year, kind, version,
    force's code, pence]`; `waiting` what began (above zero) or stopped to wait for a rule or a size:
    `[area, year, kind, version, pence]`. The rows that it speaks of may be gone, so they are kept by
    number, without links.
    """

    class Kind(models.TextChoices):
        ALLIANCE = "ALLIANCE", "Alliance"
        FORCES = "FORCES", "Forces"
        MEMBERSHIP = "MEMBERSHIP", "Membership"
        SIZE = "SIZE", "Force size"
        RULE = "RULE", "Sharing rule"
        ITEM = "ITEM", "Item"
        AMOUNT = "AMOUNT", "Amount"
        AREA = "AREA", "Business area"
        NEW_AREA = "NEW_AREA", "New business area"
        STAGE = "STAGE", "Stage"
        HOLD = "HOLD", "Hold"
        WITHDRAWAL = "WITHDRAWAL", "Withdrawal"
        SHARED_BY = "SHARED_BY", "Who shares an area"
        DESIGN = "DESIGN", "Design"
        PEOPLE = "PEOPLE", "People"
        MILESTONE = "MILESTONE", "Milestone"
        FORECAST_DATE = "FORECAST_DATE", "Forecast date"
        APPROVED_DATE = "APPROVED_DATE", "Approved date"
        APPROVAL = "APPROVAL", "Request for an approved date"
        REACHED = "REACHED", "Milestone reached"
        GO_LIVE = "GO_LIVE", "Go-live"
        CORRECTION = "CORRECTION", "Correction"
        READINESS = "READINESS", "Readiness"
        STATUS = "STATUS", "Status"
        MANY = "MANY", "Many areas"
        WORKBOOK = "WORKBOOK", "Workbook"
        FIRST_LOAD = "FIRST_LOAD", "First workbook"
        YEAR = "YEAR", "Financial year"
        MONTH = "MONTH", "Month end"
        SETTLEMENT = "SETTLEMENT", "Settlement"

    class Door(models.TextChoices):
        PAGE = "PAGE", "On a page"
        ADMINISTRATION = "ADMINISTRATION", "In the administration site"
        WORKBOOK = "WORKBOOK", "By workbook"
        COMMAND = "COMMAND", "By a command"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    door = models.CharField(max_length=15, choices=Door.choices)
    area_id = models.BigIntegerField(null=True)
    milestone_id = models.BigIntegerField(null=True)
    said: Any = models.JSONField(default=list)
    more = models.PositiveIntegerField("rows that are not listed", default=0)
    reason = models.TextField(blank=True)
    details = models.TextField(blank=True)
    effect: Any = models.JSONField(default=list)
    waiting: Any = models.JSONField(default=list)
    made_on = models.DateField()
    made_at = recorded_at()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["alliance", "-pk"]
        indexes = [
            models.Index(fields=["alliance", "made_on"], name="change_by_day"),
            models.Index(fields=["area_id"], name="change_by_area"),
            models.Index(fields=["milestone_id"], name="change_by_milestone"),
        ]
        triggers = [pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_on}"
