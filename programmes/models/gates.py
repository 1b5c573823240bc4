"""The gates that an alliance's programme passes, and who has signed each."""

import pghistory
from django.db import models

from programmes.models.alliances import Alliance, Force
from programmes.recorded import Recorded


@pghistory.track()
class Gate(Recorded):
    """A decision point; `operational`, `financial` and `political` are its three tests of viability."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="gates")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()
    baseline_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    operational = models.CharField(max_length=200, blank=True)
    financial = models.CharField(max_length=200, blank=True)
    political = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="gate_code_once",
                violation_error_message="The alliance already has a gate with this code.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class SignOff(Recorded):
    """One office of one force signing, or refusing to sign, one gate."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="sign_offs")
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="sign_offs")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="sign_offs")
    office = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    caveat = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["gate__order", "force__position", "office"]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "force", "office"],
                name="sign_off_once",
                violation_error_message="This office has already signed this gate.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gate}: {self.force}, {self.office}"
