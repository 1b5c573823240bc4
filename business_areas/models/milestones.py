"""Milestones with four dates each, every date that a change moved, and who waits for whom."""

from datetime import date

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from business_areas.models.areas import BusinessArea
from programmes.changes.record import reason_of
from programmes.models import Alliance, Change
from programmes.recorded import Recorded

# Milestone.due_on, for queries.
DUE_ON = Coalesce("forecast_on", "approved_on", "baseline_on")


@pghistory.track()
class Milestone(Recorded):
    """A dated step of an area, or of the programme when `area` is blank.

    Four dates are kept apart: the original baseline, the approved one, the forecast and the actual.
    """

    class Kind(models.TextChoices):
        BUSINESS_CASE = "BUSINESS_CASE", "Business case"
        CONSULTATION = "CONSULTATION", "Consultation"
        DECISION = "DECISION", "Decision"
        GO_LIVE = "GO_LIVE", "Go-live"
        REVIEW = "REVIEW", "Review"
        OTHER = "OTHER", "Other"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="milestones")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    baseline_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    actual_on = models.DateField(null=True, blank=True)
    is_provisional = models.BooleanField("the forecast is provisional", default=False)
    owner = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "area", "baseline_on", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "area", "code"],
                nulls_distinct=False,
                name="milestone_code_once",
                violation_error_message="The area already has a milestone with this code.",
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(kind="GO_LIVE", area__isnull=False),
                name="one_go_live_per_area",
                violation_error_message="The area already has its go-live milestone.",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "BUSINESS_CASE",
                        "CONSULTATION",
                        "DECISION",
                        "GO_LIVE",
                        "REVIEW",
                        "OTHER",
                    ]
                ),
                name="milestone_kind_known",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Trigger(
                name="baseline_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("baseline_on"),
                condition=pgtrigger.Q(old__baseline_on__isnull=False)
                & pgtrigger.Q(old__baseline_on__df=pgtrigger.F("new__baseline_on")),
                func="""
                    RAISE EXCEPTION 'The original baseline of a milestone is never changed.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'baseline_stays';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a code of the programme's on which items of the same area wait. One query if new."""
        super().clean()
        if self._state.adding and self.area_id is not None:
            of_programme = Milestone.objects.filter(alliance_id=self.alliance_id, area=None)
            if of_programme.filter(code=self.code, items__area=self.area_id).exists():
                raise ValidationError(
                    {
                        "code": "Items of this area wait for the programme’s milestone with this "
                        "code, and a workbook could not tell the two apart: choose another code."
                    }
                )

    @property
    def due_on(self) -> date | None:
        """The date on which it is expected until reached: forecast, else approved, else baseline."""
        return self.forecast_on or self.approved_on or self.baseline_on

    @property
    def expected_on(self) -> date | None:
        """The date that money follows: actual, else the date on which it is due."""
        return self.actual_on or self.due_on


class MovedDate(models.Model):
    """One of a milestone's dates as a change on record moved it. Never edited.

    It comes to be with its change, which has the reason, who, when, through which door and what it did
    to the shares. A change moves each date of a milestone once: from where it was to where it is.
    """

    class Date(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        FORECAST = "FORECAST", "Forecast"
        ACTUAL = "ACTUAL", "Actual"

        @property
        def column(self) -> str:
            """The milestone's field that holds it: `approved_on`, `forecast_on`, `actual_on`."""
            return f"{self.lower()}_on"

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="moved_dates")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="moved_dates")
    which = models.CharField(max_length=10, choices=Date.choices)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["milestone", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "milestone", "which"],
                name="moved_date_once",
                violation_error_message="The change has moved this date already.",
            ),
            models.CheckConstraint(
                condition=~Q(from_on=F("to_on")),
                name="moved_date_moves",
                violation_error_message="The new date is the same as the old one.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.from_on} → {self.to_on}"

    @property
    def reason(self) -> str:
        """Why, as its change says."""
        return reason_of(self.change.reason, self.change.door)


@pghistory.track()
class Dependency(Recorded):
    """A milestone that waits for another to be reached."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="needs")
    provider = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="needed_by")
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "provider"],
                name="dependency_once",
                violation_error_message="This dependency is already recorded.",
            ),
            models.CheckConstraint(
                condition=~Q(milestone=F("provider")),
                name="dependency_not_on_itself",
                violation_error_message="A milestone cannot wait for itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} waits for {self.provider}"
