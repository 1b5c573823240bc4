"""What later evidence makes of a closed year, posted in an open one: never edited, undone by the opposite."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from programmes.recorded import Recorded, recorded_at
from savings.models.closing import refusing

_STAYS = "What was posted stays on record; post the opposite.", "true_up_stays"

_NETS = """
    IF EXISTS (SELECT 1 FROM new_rows GROUP BY true_up_id, area_id, kind HAVING sum(pence) <> 0) THEN
        RAISE EXCEPTION 'What an adjustment gives one force it takes from the others.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'true_up_nets_to_nought';
    END IF;
    RETURN NULL;
"""


@pghistory.track()
class TrueUp(Recorded):
    """An adjustment of the closed `year` that is posted in `posted_in_year`.

    `causes` are the sentences of what came to light; `undoes` is the one that it is the opposite of.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="true_ups")
    year = models.SmallIntegerField("financial year")
    posted_in_year = models.SmallIntegerField("posted in")
    posted_on = models.DateField()
    reason = models.TextField()
    causes: models.JSONField[list[str]] = models.JSONField(default=list, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    posted_at = recorded_at()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "adjustment of a closed year"
        verbose_name_plural = "adjustments of closed years"
        ordering = ["alliance", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="true_up_says_why",
                violation_error_message="Enter why it is posted.",
            ),
            models.CheckConstraint(
                condition=Q(posted_in_year__gt=F("year")),
                name="true_up_is_posted_later",
                violation_error_message="An adjustment is posted in a later year.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            refusing("never_edited", pgtrigger.Update, "true", *_STAYS),
            refusing("never_deleted", pgtrigger.Delete, "true", *_STAYS),
            refusing(
                "of_a_closed_year",
                pgtrigger.Insert,
                "NOT EXISTS (SELECT 1 FROM savings_financialyear y WHERE y.alliance_id = NEW.alliance_id"
                " AND y.year = NEW.year AND y.closed_at IS NOT NULL)"
                " OR EXISTS (SELECT 1 FROM savings_financialyear y WHERE y.alliance_id = NEW.alliance_id"
                " AND y.year = NEW.posted_in_year AND y.closed_at IS NOT NULL)",
                "An adjustment is of a closed year and posted in an open one.",
                "true_up_of_a_closed_year",
            ),
        ]

    def __str__(self) -> str:
        return f"Adjustment of {self.year} in {self.posted_in_year}"


@pghistory.track()
class TrueUpLine(Recorded):
    """What an adjustment adds to one force's share of an area's costs or savings, in pence."""

    class Kind(models.TextChoices):
        COST = "COST", "Costs"
        SAVING = "SAVING", "Savings"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    true_up = models.ForeignKey(TrueUp, on_delete=models.CASCADE, related_name="lines")
    area = models.ForeignKey(BusinessArea, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("line", max_length=10, choices=Kind.choices)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField("amount")

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "line of an adjustment"
        verbose_name_plural = "lines of adjustments"
        ordering = ["true_up", "area", "kind", "force"]
        constraints = [
            models.UniqueConstraint(
                fields=["true_up", "area", "kind", "force"], name="true_up_line_once"
            ),
            models.CheckConstraint(
                condition=~Q(pence=0) & Q(kind__in=["COST", "SAVING"]),
                name="true_up_line_moves_something",
                violation_error_message="A line of an adjustment moves something.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            refusing("never_edited", pgtrigger.Update, "true", *_STAYS),
            refusing("never_deleted", pgtrigger.Delete, "true", *_STAYS),
            pgtrigger.Trigger(
                name="nets_to_nought",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_NETS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.pence}p"
