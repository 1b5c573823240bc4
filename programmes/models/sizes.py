"""How big each force is, by measure and date, with every release kept."""

from decimal import Decimal
from typing import Self

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from programmes.models.alliances import Alliance, Force
from programmes.recorded import Recorded, recorded_at
from programmes.written.limits import MOST_SIZE
from programmes.written.texts import tidy_line


@pghistory.track()
class SizeMeasure(Recorded):
    """Something that a force's size is counted in, such as police officers (FTE)."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="measures")
    name = models.CharField(max_length=100)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "name"],
                name="size_measure_once",
                violation_error_message="The alliance already has a measure with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the name tidy, and refuse one that looks the same as another."""
        self.name = tidy_line(self.name)
        super().clean()
        same = SizeMeasure.objects.filter(alliance_id=self.alliance_id, name__iexact=self.name)
        if same.exclude(pk=self.pk).exclude(name=self.name).exists():
            raise ValidationError({"name": "The alliance already has a measure with this name."})


class ForceSizeQuerySet(models.QuerySet["ForceSize"]):
    """Sizes as whatever counts with them reads them."""

    def in_force(self) -> Self:
        """Those that nobody has withdrawn; of a date the latest release counts."""
        return self.filter(withdrawn_at=None)


@pghistory.track()
class ForceSize(Recorded):
    """One published figure of a force's size; a restatement is a further release of the same date.

    A release that was entered by mistake is withdrawn: it stays on record and counts no longer, as
    if it had never been.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="sizes")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="sizes")
    measure = models.ForeignKey(SizeMeasure, on_delete=models.PROTECT, related_name="sizes")
    effective_on = models.DateField()
    value = models.DecimalField(
        max_digits=20, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    source = models.CharField(max_length=500)
    release = models.PositiveSmallIntegerField(default=1)
    recorded_at = recorded_at()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("withdrawn on", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    withdrawn_because = models.TextField(blank=True, editable=False, default="", db_default="")

    objects = ForceSizeQuerySet.as_manager()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["measure", "-effective_on", "force__position", "-release"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_because="", withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawn_size_says_why",
                violation_error_message="Say why the figure is withdrawn.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="force_size_not_negative",
                violation_error_message="A size cannot be negative.",
            ),
            models.UniqueConstraint(
                fields=["force", "measure", "effective_on", "release"],
                name="force_size_release_once",
                violation_error_message="This release of the figure is already on record.",
            ),
        ]

    def clean(self) -> None:
        """Refuse a size above anything that can be counted."""
        super().clean()
        if self.value is not None and self.value > MOST_SIZE:
            raise ValidationError(
                {"value": f"A size is at most {MOST_SIZE:,f}: check the noughts."}
            )

    def __str__(self) -> str:
        return f"{self.force}: {self.value} {self.measure}, {self.effective_on}"
