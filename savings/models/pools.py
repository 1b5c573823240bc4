"""Pools, the ratios that divide them, and every force's share of every amount."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from programmes.recorded import recorded_at
from savings.models import closed_triggers, pool_triggers
from savings.models.items import Amount
from savings.models.rules import SharingRule


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
        triggers = [*pool_triggers.OF_A_RATIO, *closed_triggers.OF_A_RATIO]

    def __str__(self) -> str:
        return f"{self.basis} from {self.rule_effective_on}"


class RatioPart(models.Model):
    """One force's part of a ratio: the integer weight that divides, and the percentage shown.

    `position` counts a ratio's forces from nought, in the order in which shares are stored.
    """

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
        triggers = pool_triggers.OF_A_PART

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
        triggers = pool_triggers.OF_A_POOL

    def __str__(self) -> str:
        return f"{self.area}, {self.year}, {self.version.lower()} {self.kind.lower()}"


class PoolShare(models.Model):
    """One force's share of a pool's total: the legal amount, apportioned once.

    Its links carry no per-row foreign keys either: a batch is held to be of the pool's ratio.
    """

    pk = models.CompositePrimaryKey("pool_id", "force_id")
    pool = models.ForeignKey(
        Pool, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="shares"
    )
    force = models.ForeignKey(
        Force, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    pence = models.BigIntegerField()

    class Meta:
        triggers = pool_triggers.OF_A_POOLS_SHARES

    def __str__(self) -> str:
        return f"{self.force}: {self.pence}p of pool {self.pool_id}"


class AmountShares(models.Model):
    """The forces' shares of one amount, in whole pence with the amount's own sign.

    `pence` has a number for each force of the pool's ratio, in the order of its parts. Rows are
    replaced, never edited. There may be millions, written by binary COPY, so the links to pool and
    amount carry no per-row foreign keys: triggers check each batch, and `verify_shares` the rest.
    """

    pk = models.CompositePrimaryKey("pool_id", "amount_id")
    pool = models.ForeignKey(
        Pool, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    amount = models.ForeignKey(
        Amount, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    pence = ArrayField(models.BigIntegerField())

    class Meta:
        triggers = pool_triggers.OF_AN_AMOUNTS_SHARES

    def __str__(self) -> str:
        return f"{self.pence} of amount {self.amount_id}"


class Share(models.Model):
    """One force's share of one amount: a view that lays out `AmountShares` force by force.

    Whatever adds shares up or lists them by force reads it. A cell beyond the ratio's forces, which
    the database refuses and `verify_shares` would name, is not in it.
    """

    pk = models.CompositePrimaryKey("pool_id", "amount_id", "force_id")
    pool = models.ForeignKey(Pool, on_delete=models.DO_NOTHING, related_name="+")
    amount = models.ForeignKey(Amount, on_delete=models.DO_NOTHING, related_name="+")
    force = models.ForeignKey(Force, on_delete=models.DO_NOTHING, related_name="+")
    pence = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "savings_share"

    def __str__(self) -> str:
        return f"{self.force_id}: {self.pence}p of amount {self.amount_id}"
