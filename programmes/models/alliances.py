"""An alliance and the forces in it."""

from datetime import date
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from programmes import rules
from programmes.recorded import DateRange, Recorded, check_stay


@pghistory.track()
class Alliance(Recorded):
    """Forces that keep their identities and run some of their work as one."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    explored_on = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    base = models.CharField(max_length=200, blank=True)
    total_budget_pence = models.BigIntegerField(null=True, blank=True)
    in_scope_budget_pence = models.BigIntegerField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    data_note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_budget_pence__gte=0) & Q(in_scope_budget_pence__gte=0),
                name="alliance_budgets_not_negative",
                violation_error_message="A budget cannot be negative.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse dates out of order, and a budget in scope above the whole."""
        super().clean()
        refused = dict(rules.out_of_order(self, rules.DATES_OF_AN_ALLIANCE))
        budgets = rules.budgets_refusal(self.in_scope_budget_pence, self.total_budget_pence)
        if budgets:
            refused["in_scope_budget_pence"] = budgets
        if refused:
            raise ValidationError(refused)

    @property
    def began_on(self) -> date | None:
        """The first day on which anything of it can have happened; None if that is not known."""
        return min((on for on in (self.explored_on, self.agreed_on) if on), default=None)

    def today(self, clock: date) -> date:
        """The day that the alliance's pages speak of: `held_on` if it is held, else `clock`."""
        return self.held_on or clock


@pghistory.track()
class Force(Recorded):
    """A police force as a member of one alliance; `position` is its place in the agreed order."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="forces")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    chief_constable = models.CharField(max_length=200, blank=True)
    commissioner = models.CharField(max_length=200, blank=True)
    website = models.URLField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="force_code_once",
                violation_error_message="The alliance already has a force with this code.",
            ),
            models.UniqueConstraint(
                fields=["alliance", "position"],
                name="force_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another force has this place in the agreed order.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without “Police” at its end, for the heads of columns."""
        return self.name.removesuffix(" Police").removesuffix(" Constabulary")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by date."""

    def on(self, day: date) -> Self:
        """Those in force on `day`: joined on or before it, and not yet left."""
        return self.filter(
            Q(joined_on__isnull=True) | Q(joined_on__lte=day),
            Q(left_on__isnull=True) | Q(left_on__gt=day),
        )


@pghistory.track()
class Membership(Recorded):
    """A force's stay in the alliance, from `joined_on` up to but not including `left_on`."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="memberships")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="memberships")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["force__position", "joined_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__gt=F("joined_on")),
                name="membership_ends_after_it_starts",
                violation_error_message="The leaving date must be after the joining date.",
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[("force", "="), (DateRange("joined_on", "left_on"), "&&")],
                violation_error_message="The force is already a member on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force} in {self.alliance}"

    def clean(self) -> None:
        """Raise ValidationError for a stay that ends before it has begun."""
        super().clean()
        check_stay(self.joined_on, self.left_on)
