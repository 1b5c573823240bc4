"""From an amount to its working: every step of its shares."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain

from django.db.models import Count, Exists, OuterRef, Q, Sum

from programmes.models import Alliance, Force
from savings.engine.percentages import PercentageStep, explain_percentages
from savings.engine.ratio import basis_of, blend
from savings.engine.rules import Rule
from savings.engine.working import LineWorking, explain_line
from savings.inputs import Unit
from savings.models import Amount, AmountShares, Item, Pool
from savings.selectors.area_workings import lines_of
from savings.selectors.behind import units_behind
from savings.selectors.history import Change, changes_of
from savings.selectors.ratio_parts import Part, decimals_shown, parts_of, sources_of
from savings.sharing_inputs import read_sharing_inputs


@dataclass(frozen=True)
class AmountWorking:
    """One amount's shares, step by step. `line` is None while the amount is not yet shared.

    `rule` is the one on record that the pool's ratio came from.
    """

    amount: Amount
    pool: Pool | None
    rule: Rule | None
    parts: tuple[Part, ...]
    line: LineWorking | None
    is_grant: bool
    behind: bool
    changes: tuple[Change, ...]
    run_number: int
    whole_pence: int
    parts_of_year: int

    @property
    def is_part_of_year(self) -> bool:
        """True if the year is divided by more than one ratio, and the pool is only its part."""
        return self.parts_of_year > 1

    @property
    def decimals(self) -> int:
        """How many decimals the percentages are shown with; an exact rule's are a picture at four."""
        return decimals_shown(self.pool) if self.pool else 4

    @property
    def sources(self) -> list[tuple[date, str]]:
        """When the sizes were counted and where they were published, each once."""
        return sources_of(self.parts)

    @property
    def measures(self) -> list[str]:
        """The measures that the ratio's sizes are of."""
        return list(dict.fromkeys(size.measure for part in self.parts for size in part.sizes))

    @cached_property
    def percentages(self) -> list[tuple[Force, PercentageStep]]:
        """How each force's percentage came about from the sizes; empty where sizes alone do not say.

        A rule that has been corrected since no longer weighs the measures as it did; then too.
        """
        ratio = self.pool.ratio if self.pool else None
        rule = self.rule
        if ratio is None or rule is None or rule.method != "SIZE" or basis_of(rule) != ratio.basis:
            return []
        measures = blend(rule)
        by_measure = [{size.measure: size.value for size in part.sizes} for part in self.parts]
        if any(name not in sizes for sizes in by_measure for name, _ in measures):
            return []
        rows = [[sizes[name] for name, _ in measures] for sizes in by_measure]
        steps = explain_percentages(measures, rows, self.decimals)
        if [step.percentage for step in steps] != [part.percentage for part in self.parts]:
            return []
        return list(zip((part.force for part in self.parts), steps, strict=True))

    @property
    def lucky_percentages(self) -> list[tuple[Force, PercentageStep]]:
        """Those whose percentage got one of the units that rounding down had left."""
        return [(force, step) for force, step in self.percentages if step.got_odd_unit]

    @property
    def moves(self) -> list[tuple[Force, int]]:
        """The forces that agreement with the pool gave or took a penny, with it."""
        return [(row.part.force, row.moved) for row in self.rows if row.moved]

    @property
    def lucky(self) -> list["ForceStep"]:
        """The forces that got an odd penny."""
        return [row for row in self.rows if row.got_odd_penny]

    @property
    def query(self) -> str:
        """The part of the address that opens the amount's area in the same version and kind."""
        kind = "saving" if self.amount.item.kind == Item.Kind.SAVING else "cost"
        return f"version={self.amount.version.lower()}&kind={kind}"

    @property
    def odd_pennies(self) -> int:
        """How many odd pennies the whole pennies left over."""
        return self.line.odd_pennies if self.line else 0

    @property
    def rows(self) -> list["ForceStep"]:
        """Each force's steps, in the agreed order."""
        if self.line is None:
            return []
        sign = -1 if self.is_grant else 1
        return [
            ForceStep(
                part=part,
                exact=sign * force.exact,
                whole_pence=sign * force.whole_pence,
                remainder=abs(force.remainder),
                got_odd_penny=force.got_odd_penny,
                moved=sign * force.moved_by_agreement,
                share=sign * force.share,
            )
            for part, force in zip(self.parts, self.line.forces, strict=True)
        ]


@dataclass(frozen=True)
class ForceStep:
    """One force's exact part, whole pennies, remainder (of a penny), odd penny and share, in pence."""

    part: Part
    exact: Fraction
    whole_pence: int
    remainder: Fraction
    got_odd_penny: bool
    moved: int
    share: int


def amount_working(*, alliance: Alliance, amount_id: int) -> AmountWorking | None:
    """One amount's working, from the pool as it is stored; None if there is none. Ten queries."""
    amount = (
        Amount.objects.filter(alliance=alliance, pk=amount_id)
        .select_related("item__area", "item__milestone", "borne_by")
        .first()
    )
    if amount is None:
        return None
    pool = _pool_of(amount)
    parts = parts_of([pool.ratio_id]) if pool and pool.ratio_id else {}
    own = parts.get(pool.ratio_id or 0, ()) if pool else ()
    line = None
    if pool and own:
        lines = lines_of([pool.pk])[pool.pk]
        place = next(at for at, found in enumerate(lines) if found.amount_id == amount.pk)
        line = explain_line(
            [found.signed_pence for found in lines], [part.weight for part in own], place
        )
    return AmountWorking(
        amount=amount,
        pool=pool,
        rule=_rule_of(pool) if pool else None,
        parts=own,
        line=line,
        is_grant=amount.item.kind == Item.Kind.GRANT,
        behind=Unit(amount.item.area_id, amount.year) in units_behind(alliance),
        changes=() if amount.derived else changes_of(amount),
        **(_whole_year(pool) if pool else {"run_number": 0, "whole_pence": 0, "parts_of_year": 0}),
    )


def _whole_year(pool: Pool) -> dict[str, int]:
    """How many parts the pool's year has and what they come to; the run's number in its alliance."""
    year = Pool.objects.filter(
        area=pool.area_id, year=pool.year, kind=pool.kind, version=pool.version
    ).aggregate(parts=Count("pk"), pence=Sum("total_pence"))
    return {
        "run_number": pool.run.number if pool.run else 0,
        "whole_pence": int(year["pence"] or 0),
        "parts_of_year": int(year["parts"]),
    }


def _pool_of(amount: Amount) -> Pool | None:
    """The pool that the amount's shares are in, or the withheld one of its day."""
    kind = "SAVING" if amount.item.kind == Item.Kind.SAVING else "COST"
    return (
        Pool.objects.filter(
            area_id=amount.item.area_id, year=amount.year, kind=kind, version=amount.version
        )
        .filter(
            Q(ratio=None) | Exists(AmountShares.objects.filter(pool=OuterRef("pk"), amount=amount))
        )
        .select_related("ratio__rule", "run")
        .order_by("ratio_id", "starts_on")
        .first()
    )


def _rule_of(pool: Pool) -> Rule | None:
    """The rule on record that the pool's ratio came from. One query."""
    if pool.ratio is None or pool.ratio.rule_id is None:
        return None
    sharing = read_sharing_inputs(pool.alliance_id)
    every = chain(sharing.rules, *sharing.area_rules.values())
    return next((rule for rule in every if rule.id == pool.ratio.rule_id), None)
