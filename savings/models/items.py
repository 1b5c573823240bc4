"""Items of cost, saving or grant, and their amounts period by period."""

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear

from business_areas.models import BusinessArea, Milestone
from programmes.models import Alliance, Force
from programmes.recorded import Recorded
from savings import rules
from savings.engine.periods import NotAPeriod, Period, financial_year_of
from savings.models.amount_triggers import OF_AN_AMOUNT


@pghistory.track()
class Item(Recorded):
    """A line of the business case. With a full-year value and a ramp its forecast is derived.

    `ramp` holds whole percentages of `full_year_pence` reached in each year from the start, which
    is `offset_months` after the milestone's date; the last percentage holds.
    """

    class Kind(models.TextChoices):
        COST = "COST", "Cost"
        SAVING = "SAVING", "Saving"
        GRANT = "GRANT", "Grant"

        @property
        def sign(self) -> int:
            """How it counts in a pool: a grant is taken off its area's costs (law 8)."""
            return -1 if self == "GRANT" else 1

    class Recurrence(models.TextChoices):
        ONE_OFF = "ONE_OFF", "One-off"
        RECURRING = "RECURRING", "Recurring"

    class Cashable(models.TextChoices):
        CASHABLE = "CASHABLE", "Cashable"
        NON_CASHABLE = "NON_CASHABLE", "Non-cashable"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="items")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="items")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    recurrence = models.CharField(max_length=10, choices=Recurrence.choices)
    cashable = models.CharField(max_length=15, choices=Cashable.choices, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    offset_months = models.SmallIntegerField(default=0)
    full_year_pence = models.BigIntegerField(null=True, blank=True)
    ramp = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "area", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="item_code_once",
                violation_error_message="The alliance already has an item with this code.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["COST", "SAVING", "GRANT"])
                & Q(recurrence__in=["ONE_OFF", "RECURRING"])
                & Q(cashable__in=["", "CASHABLE", "NON_CASHABLE"]),
                name="item_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(ramp__len=0)
                | Q(milestone__isnull=False, full_year_pence__isnull=False),
                name="ramp_needs_milestone_and_value",
                violation_error_message=(
                    "A ramp needs a milestone to start from and a full-year value."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a milestone of another area, and what `rules` says that no item is."""
        super().clean()
        start = self.milestone
        if start is not None and start.area_id not in (None, self.area_id):
            raise ValidationError(
                {"milestone": "Choose a milestone of the item’s own area, or of the programme."}
            )
        if start is not None and start.area_id is None and self._hides(start):
            raise ValidationError(
                {
                    "milestone": f"The area has a milestone with the code {start.code} too, and a "
                    "workbook could not tell the two apart: choose the area’s, or another."
                }
            )
        said = {
            "cashable": rules.cashable_refusal(self.kind, self.cashable),
            "ramp": rules.ramp_refusal(self.ramp),
            "offset_months": rules.offset_refusal(self.offset_months),
        }
        refused = {name: refusal for name, refusal in said.items() if refusal}
        if refused:
            raise ValidationError(refused)

    def _hides(self, start: Milestone) -> bool:
        """Whether a milestone of the item's area goes by the code of the programme's. One query."""
        return Milestone.objects.filter(area_id=self.area_id, code=start.code).exists()

    @property
    def derives_forecast(self) -> bool:
        """True if the portal works the forecast out from the milestone's date."""
        return bool(self.ramp) and self.full_year_pence is not None


class AmountQuerySet(models.QuerySet["Amount"]):
    """Amounts as the pages and files list them."""

    def typed(self) -> Self:
        """Those a person or a workbook gave, not those the portal derived."""
        return self.filter(derived=False)


@pghistory.track()
class Amount(Recorded):
    """Whole pence of an item, for a month or a financial year, in one version.

    `starts_on` is the first day of the month, or 1 April of the year when `whole_year`; `year` is
    the calendar year in which the financial year begins. `borne_by` paid the cost or banked the
    saving. A derived amount is the portal's own and is never edited by hand.
    """

    class Version(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        FORECAST = "FORECAST", "Forecast"
        ACTUAL = "ACTUAL", "Actual"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="amounts")
    version = models.CharField(max_length=10, choices=Version.choices)
    starts_on = models.DateField()
    whole_year = models.BooleanField(default=False)
    year = models.SmallIntegerField(editable=False)
    pence = models.BigIntegerField()
    borne_by = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    derived = models.BooleanField(default=False, editable=False)

    objects = AmountQuerySet.as_manager()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["item", "version", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "version", "starts_on", "whole_year", "borne_by"],
                nulls_distinct=False,
                name="amount_once",
                violation_error_message="The item already has an amount for this period.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__day=1) & (Q(whole_year=False) | Q(starts_on__month=4)),
                name="amount_period_begins_right",
                violation_error_message=(
                    "A month begins on its first day and a financial year on 1 April."
                ),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__month__gte=4, year=ExtractYear("starts_on"))
                | Q(starts_on__month__lt=4, year=ExtractYear("starts_on") - 1),
                name="amount_year_is_its_periods",
            ),
            models.CheckConstraint(
                condition=Q(version__in=["APPROVED", "FORECAST", "ACTUAL"]),
                name="amount_version_known",
            ),
            models.CheckConstraint(
                condition=Q(derived=False) | Q(version="FORECAST"),
                name="only_a_forecast_is_derived",
            ),
        ]
        indexes = [models.Index(fields=["alliance", "year"], name="amount_by_year")]
        triggers = [
            *Recorded.Meta.triggers,
            *OF_AN_AMOUNT,
        ]

    def __str__(self) -> str:
        return f"{self.item}, {self.period.label}, {self.version.lower()}"

    def clean(self) -> None:
        """Refuse an amount of the same money as another; one that stood there before may stay."""
        super().clean()
        if not self.item_id or self.starts_on is None:
            return
        beside = Amount.objects.filter(
            item_id=self.item_id, version=self.version, year=financial_year_of(self.starts_on)
        )
        known = {
            pk: (Period(starts_on, whole_year), bearer)
            for pk, starts_on, whole_year, bearer in beside.values_list(
                "pk", "starts_on", "whole_year", "borne_by__code"
            )
        }
        try:
            period = self.period
        except NotAPeriod:
            return  # which is said by the constraint
        bearer = self.borne_by.code if self.borne_by else ""
        before = known.pop(self.pk, None)
        if before and (before[0], bool(before[1])) == (period, bool(bearer)):
            return
        others = [(other, theirs or "") for other, theirs in known.values()]
        if said := rules.beside_refusal(period, bearer, others, self.get_version_display()):
            raise ValidationError(said)

    @property
    def period(self) -> Period:
        """The month or financial year that the amount is for."""
        return Period(starts_on=self.starts_on, whole_year=self.whole_year)
