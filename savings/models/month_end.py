"""A month's actual amounts, locked: from then on they stay, until somebody unlocks them and says why."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from programmes import words
from programmes.models import Alliance
from programmes.recorded import Recorded, recorded_at
from savings.models.closing import refusing

_STAYS = "What was locked of a month stays on record.", "month_lock_stays"
_KEPT = "alliance_id, {row}.month, {row}.note, {row}.snapshot, {row}.locked_at, {row}.locked_by_id"


def _kept(row: str) -> str:
    return f"({row}.{_KEPT.format(row=row)})"


@pghistory.track()
class MonthLock(Recorded):
    """A month of an alliance of which no actual amount changes while it is not unlocked.

    `month` is its first day; `snapshot` what it came to as it was locked, as `savings.month_end.document`
    writes it.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    note = models.TextField(blank=True)
    snapshot = models.JSONField(default=dict)
    locked_at = recorded_at()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    unlocked_at = models.DateTimeField(null=True, blank=True)
    unlocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField("why it was unlocked", blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        verbose_name = "lock"
        ordering = ["alliance", "-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "month"],
                condition=Q(unlocked_at=None),
                name="month_locked_once",
                violation_error_message="This month is locked already.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="month_lock_begins_right",
                violation_error_message="A month begins on its first day.",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_at=None, unlocked_by=None, reason="")
                | (Q(unlocked_at__isnull=False, unlocked_by__isnull=False) & ~Q(reason="")),
                name="month_unlocked_by_someone_and_why",
                violation_error_message="Enter why the month is unlocked.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            refusing(
                "only_unlocked",
                pgtrigger.Update,
                f"OLD.unlocked_at IS NOT NULL OR {_kept('NEW')} IS DISTINCT FROM {_kept('OLD')}",
                *_STAYS,
            ),
            refusing("never_deleted", pgtrigger.Delete, "true", *_STAYS),
        ]

    def __str__(self) -> str:
        return f"{words.month(self.month)}, locked by {self.locked_by}"
