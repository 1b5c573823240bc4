"""Sharing rules: what an area's money is divided by, and from when."""

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force, SizeMeasure
from programmes.recorded import Recorded
from savings.models import closed_triggers

_TERMS_FIT = """
    SELECT * INTO the_rule FROM savings_sharingrule WHERE id = {rule_id};
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT count(*), coalesce(sum(percent), 0),
           count(*) FILTER (WHERE
               (the_rule.method = 'FIXED' AND force_id IS NULL)
               OR (the_rule.method = 'SIZE' AND measure_id IS NULL)
               OR the_rule.method IN ('EQUAL', 'ALLIANCE'))
      INTO terms, total, misfits
      FROM savings_sharingterm WHERE rule_id = the_rule.id;
    IF misfits > 0 OR (the_rule.method = 'SIZE' AND terms = 0) THEN
        RAISE EXCEPTION 'The terms of a sharing rule must fit its method.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sharing_terms_fit_method';
    END IF;
    IF the_rule.method = 'FIXED' AND total <> 100 THEN
        RAISE EXCEPTION 'The percentages of a rule must add up to exactly 100, not %.', total
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sharing_percentages_add_up_to_100';
    END IF;
    RETURN NULL;
"""


def _terms_fit(name: str, operation: pgtrigger.Operation, rule_id: str) -> pgtrigger.Trigger:
    """A trigger that checks a rule against its terms when the transaction ends."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=operation,
        declare=[
            ("the_rule", "savings_sharingrule%ROWTYPE"),
            ("total", "numeric"),
            ("misfits", "integer"),
            ("terms", "integer"),
        ],
        func=_TERMS_FIT.replace("{rule_id}", rule_id),
    )


@pghistory.track()
class SharingRule(Recorded):
    """How money is divided from `effective_on` until the next rule of the same scope begins.

    A blank `area` means the whole alliance; an area's own rule goes before it, until one with the
    method ALLIANCE ends it. Null `decimals` means exact: the sizes themselves divide the amount.
    """

    class Method(models.TextChoices):
        SIZE = "SIZE", "By size"
        FIXED = "FIXED", "Stated percentages"
        EQUAL = "EQUAL", "Equal shares"
        ALLIANCE = "ALLIANCE", "As the whole alliance"

    class SizesAsAt(models.TextChoices):
        YEAR = "YEAR", "1 April of the financial year"
        PERIOD = "PERIOD", "The first day of the amount’s period"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="sharing_rules")
    area = models.ForeignKey(
        BusinessArea, on_delete=models.CASCADE, null=True, blank=True, related_name="sharing_rules"
    )
    effective_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method.choices)
    sizes_as_at = models.CharField(max_length=10, choices=SizesAsAt.choices, default=SizesAsAt.YEAR)
    decimals = models.PositiveSmallIntegerField(
        null=True, blank=True, default=4, validators=[MaxValueValidator(4)]
    )
    agreed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=500, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["alliance", "area", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "area", "effective_on"],
                nulls_distinct=False,
                name="one_rule_per_scope_and_day",
                violation_error_message="A rule already starts on this day for this area.",
            ),
            models.CheckConstraint(
                condition=Q(decimals__range=(0, 4)),
                name="rule_decimals_0_to_4",
                violation_error_message="Decimal places run from 0 to 4, or exact.",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["SIZE", "FIXED", "EQUAL", "ALLIANCE"])
                & Q(sizes_as_at__in=["YEAR", "PERIOD"]),
                name="rule_method_known",
            ),
            models.CheckConstraint(
                condition=~Q(method="ALLIANCE") | Q(area__isnull=False),
                name="only_an_area_follows_the_alliance",
                violation_error_message="Only an area’s rule can be that of the whole alliance.",
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            _terms_fit("terms_fit", pgtrigger.Insert | pgtrigger.Update, "NEW.id"),
            *closed_triggers.OF_A_RULE,
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} from {self.effective_on}"


@pghistory.track()
class SharingTerm(Recorded):
    """One part of a rule: a measure with its weight, or a force with its percentage."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(SharingRule, on_delete=models.CASCADE, related_name="terms")
    measure = models.ForeignKey(
        SizeMeasure, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    weight = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    force = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = False
        ordering = ["rule", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "measure", "force"],
                nulls_distinct=False,
                name="sharing_term_once",
                violation_error_message="The rule already has a line for this measure or force.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        measure__isnull=False,
                        weight__isnull=False,  # a comparison with null would pass as unknown
                        weight__gt=0,
                        force__isnull=True,
                        percent__isnull=True,
                    )
                    | Q(
                        force__isnull=False,
                        percent__isnull=False,
                        percent__range=(0, 100),
                        measure__isnull=True,
                        weight__isnull=True,
                    )
                ),
                name="sharing_term_is_measure_or_force",
                violation_error_message=(
                    "A line is either a measure with a weight above 0 "
                    "or a force with a percentage from 0 to 100."
                ),
            ),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            _terms_fit("terms_fit_new", pgtrigger.Insert | pgtrigger.Update, "NEW.rule_id"),
            _terms_fit("terms_fit_old", pgtrigger.Delete, "OLD.rule_id"),
            *closed_triggers.OF_A_TERM,
        ]

    def __str__(self) -> str:
        return f"{self.measure or self.force}"
