"""Pools, the ratios that divide them, and every force's share of every amount."""

import pgtrigger
from django.db import models
from django.db.models import Q

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from programmes.recorded import recorded_at
from savings.models.items import Amount
from savings.models.rules import SharingRule

_MEMBERS_ONLY = """
    IF EXISTS (
        SELECT 1
          FROM new_rows n
          JOIN savings_pool p ON p.id = n.pool_id
         WHERE NOT EXISTS (
               SELECT 1 FROM programmes_membership m
                WHERE m.force_id = n.force_id AND m.alliance_id = p.alliance_id
                  AND p.starts_on <@ daterange(m.joined_on, m.left_on))
            OR (EXISTS (SELECT 1 FROM business_areas_areamembership a WHERE a.area_id = p.area_id)
                AND NOT EXISTS (
                    SELECT 1 FROM business_areas_areamembership a
                     WHERE a.area_id = p.area_id AND a.force_id = n.force_id
                       AND p.starts_on <@ daterange(a.joined_on, a.left_on)))
    ) THEN
        RAISE EXCEPTION 'A force that is not a member on the day has no share.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_of_members_only';
    END IF;
    RETURN NULL;
"""

_IN_A_POOL = """
    IF EXISTS (
        SELECT 1
          FROM (SELECT DISTINCT pool_id, force_id FROM new_rows) n
         WHERE NOT EXISTS (
               SELECT 1 FROM savings_poolshare s
                WHERE s.pool_id = n.pool_id AND s.force_id = n.force_id)
    ) THEN
        RAISE EXCEPTION 'A share belongs to a force that its pool is divided between.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_in_its_pool';
    END IF;
    RETURN NULL;
"""

_OPEN_YEARS_ONLY = """
    IF EXISTS (
        SELECT 1 FROM savings_financialyear y
         WHERE y.alliance_id = {row}.alliance_id AND y.year = {row}.year AND y.closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The shares of a closed year never change.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';
    END IF;
    RETURN {row};
"""


class SharingRatio(models.Model):
    """The percentages that a rule and the sizes on its date come to; written once, never edited.

    `digest` is a hash of its content, so that the same evidence is the same row. `evidence` lists
    the sizes used: force, measure, value, date, release and source.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="ratios")
    digest = models.CharField(max_length=64)
    rule = models.ForeignKey(
        SharingRule, on_delete=models.SET_NULL, null=True, related_name="ratios"
    )
    rule_effective_on = models.DateField()
    decimals = models.PositiveSmallIntegerField(null=True)
    sizes_on = models.DateField(null=True)
    basis = models.CharField(max_length=500)
    evidence = models.JSONField(default=list)
    made_at = recorded_at()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "digest"], name="sharing_ratio_once")
        ]

    def __str__(self) -> str:
        return f"{self.basis} from {self.rule_effective_on}"


class RatioPart(models.Model):
    """One force's part of a ratio: the integer weight that divides, and the percentage shown."""

    ratio = models.ForeignKey(SharingRatio, on_delete=models.CASCADE, related_name="parts")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=200, decimal_places=0)
    percentage = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        ordering = ["ratio", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ratio", "force"], name="ratio_part_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="ratio_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.force} {self.percentage}%"


class Pool(models.Model):
    """An area's costs (net of grants) or savings of one year and version that one ratio divides.

    A pool without a ratio is withheld: `withheld` says which figure is missing, and no shares
    exist. `starts_on` is the first period's day; `inputs_hash` tells whether anything changed, and
    `engine` which version of the engine worked it out (0: before that was kept).
    """

    class Kind(models.TextChoices):
        COST = "COST", "Costs net of grants"
        SAVING = "SAVING", "Savings"

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="pools")
    area = models.ForeignKey(BusinessArea, on_delete=models.CASCADE, related_name="pools")
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.CharField(max_length=10, choices=Amount.Version.choices)
    ratio = models.ForeignKey(
        SharingRatio, on_delete=models.PROTECT, null=True, related_name="pools"
    )
    withheld = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    total_pence = models.BigIntegerField()
    inputs_hash = models.CharField(max_length=64)
    engine = models.SmallIntegerField(db_default=0)
    worked_out_at = recorded_at()
    run = models.ForeignKey("savings.Run", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["area", "year", "version", "kind", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "version", "kind", "ratio", "withheld"],
                nulls_distinct=False,
                name="pool_once",
            ),
            models.CheckConstraint(
                condition=Q(ratio__isnull=False, withheld="")
                | (Q(ratio__isnull=True) & ~Q(withheld="")),
                name="pool_is_shared_or_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["alliance", "year"], name="pool_by_year")]
        triggers = [
            pgtrigger.Trigger(
                name="closed_year_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_OPEN_YEARS_ONLY.replace("{row}", "NEW"),
            ),
            pgtrigger.Trigger(
                name="closed_year_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=_OPEN_YEARS_ONLY.replace("{row}", "OLD"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}, {self.year}, {self.version.lower()} {self.kind.lower()}"


class PoolShare(models.Model):
    """One force's share of a pool's total: the legal amount, apportioned once."""

    pk = models.CompositePrimaryKey("pool_id", "force_id")
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="shares")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    pence = models.BigIntegerField()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="members_only",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_MEMBERS_ONLY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.pence}p of pool {self.pool_id}"


class Share(models.Model):
    """One force's share of one amount, in whole pence with the amount's own sign.

    Rows are replaced, never edited. There are millions, written by binary COPY, so the links to
    pool, amount and force carry no per-row foreign keys: a trigger checks each batch against its
    pool, and `verify_shares` checks the rest.
    """

    pk = models.CompositePrimaryKey("pool_id", "amount_id", "force_id")
    pool = models.ForeignKey(
        Pool, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    amount = models.ForeignKey(
        Amount, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    force = models.ForeignKey(
        Force, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    pence = models.BigIntegerField()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="in_its_pool",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_IN_A_POOL,
            ),
            pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.force_id}: {self.pence}p of amount {self.amount_id}"
