"""A business area, the forces that share it, its people and its design."""

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from programmes.models import Alliance, Force
from programmes.recorded import DateRange, Recorded, check_stay


class BusinessAreaQuerySet(models.QuerySet["BusinessArea"]):
    """Areas as the pages list them."""

    def in_order(self) -> Self:
        """By category, then name; with the lead force. One query."""
        return self.select_related("lead_force").order_by("category", "name")

    def live(self) -> Self:
        """Areas whose shared team is at work."""
        return self.filter(stage=BusinessArea.Stage.LIVE)


@pghistory.track()
class BusinessArea(Recorded):
    """Work that the forces of an alliance run, or mean to run, as one team.

    `owner` is the person of the programme who keeps it up to date; `last_update_on` is the day of
    their last word on it, by which silence is measured.
    """

    class Category(models.TextChoices):
        BUSINESS_SUPPORT = "BUSINESS_SUPPORT", "Business support"
        OPERATIONAL_POLICING = "OPERATIONAL_POLICING", "Operational policing"

    class Stage(models.TextChoices):
        PROPOSED = "PROPOSED", "Proposed"
        BUSINESS_CASE = "BUSINESS_CASE", "Business case"
        DESIGN = "DESIGN", "Design"
        CONSULTATION = "CONSULTATION", "Consultation"
        IMPLEMENTATION = "IMPLEMENTATION", "Implementation"
        LIVE = "LIVE", "Live"
        CLOSED = "CLOSED", "Closed"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="areas")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=30, choices=Category.choices)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PROPOSED)
    lead_force = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="led_areas"
    )
    head = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    summary = models.TextField(blank=True)
    on_hold_since = models.DateField(null=True, blank=True)
    hold_reason = models.TextField(blank=True)
    last_update_on = models.DateField(null=True, blank=True)
    in_scope_budget_pence = models.BigIntegerField(null=True, blank=True)
    publish = models.BooleanField("shown on the public page", default=False)

    objects = BusinessAreaQuerySet.as_manager()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "category", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="area_code_once",
                violation_error_message="The alliance already has an area with this code.",
            ),
            models.CheckConstraint(
                condition=Q(in_scope_budget_pence__gte=0),
                name="area_budget_not_negative",
                violation_error_message="A budget cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(on_hold_since__isnull=True) | ~Q(hold_reason=""),
                name="area_on_hold_says_why",
                violation_error_message="Say why the area is on hold.",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["BUSINESS_SUPPORT", "OPERATIONAL_POLICING"]),
                name="area_category_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage__in=[
                        "PROPOSED",
                        "BUSINESS_CASE",
                        "DESIGN",
                        "CONSULTATION",
                        "IMPLEMENTATION",
                        "LIVE",
                        "CLOSED",
                        "WITHDRAWN",
                    ]
                ),
                name="area_stage_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class AreaMembership(Recorded):
    """A force's stay in one area; an area with none is shared by all the alliance's members."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="memberships")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="area_memberships")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["area", "force__position", "joined_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__gt=F("joined_on")),
                name="area_membership_ends_after_it_starts",
                violation_error_message="The leaving date must be after the joining date.",
            ),
            ExclusionConstraint(
                name="area_membership_no_overlap",
                expressions=[
                    ("area", "="),
                    ("force", "="),
                    (DateRange("joined_on", "left_on"), "&&"),
                ],
                violation_error_message="The force already shares this area on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force} in {self.area}"

    def clean(self) -> None:
        """Raise ValidationError for a stay that ends before it has begun."""
        super().clean()
        check_stay(self.joined_on, self.left_on)


@pghistory.track()
class Staffing(Recorded):
    """One force's people in an area on a day: before (baseline) and in the shared team, in FTE."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="staffing")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="staffing")
    as_at = models.DateField()
    baseline_fte = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    shared_fte = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "number of people"
        verbose_name_plural = "numbers of people"
        ordering = ["area", "force__position", "as_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "force", "as_at"],
                name="staffing_once",
                violation_error_message="The people of this force on this day are already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(baseline_fte__gte=0) & Q(shared_fte__gte=0),
                name="staffing_not_negative",
                violation_error_message="A number of people cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}, {self.force}, {self.as_at}"


@pghistory.track()
class DesignStrand(Recorded):
    """How far one of an area's three design strands has come."""

    class Strand(models.TextChoices):
        STRUCTURE = "STRUCTURE", "Organisation structure"
        PROCESSES = "PROCESSES", "Processes"
        TECHNOLOGY = "TECHNOLOGY", "Technology"

    class Status(models.TextChoices):
        NOT_STARTED = "NOT_STARTED", "Not started"
        IN_DESIGN = "IN_DESIGN", "In design"
        AGREED = "AGREED", "Agreed"
        IN_PLACE = "IN_PLACE", "In place"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="design")
    strand = models.CharField(max_length=20, choices=Strand.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_STARTED)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["area", "strand"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "strand"],
                name="design_strand_once",
                violation_error_message="The area already has this strand.",
            ),
            models.CheckConstraint(
                condition=Q(strand__in=["STRUCTURE", "PROCESSES", "TECHNOLOGY"])
                & Q(status__in=["NOT_STARTED", "IN_DESIGN", "AGREED", "IN_PLACE"]),
                name="design_strand_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_strand_display()}"
