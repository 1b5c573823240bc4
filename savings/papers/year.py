"""What the papers of a year are made from, read at one moment; amounts are streamed apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from programmes.models import Alliance
from savings.engine.method import METHOD
from savings.engine.periods import Period, year_label
from savings.engine.rules import Rule
from savings.exports import word
from savings.inputs import SharingInputs
from savings.models import Pool, PoolShare, RatioPart, SharingRatio
from savings.sharing_inputs import read_sharing_inputs

Record = dict[str, Any]
# Amounts times forces; 40,000 are half a million cells, which a spreadsheet works out in a minute.
MOST_SHARES = 40_000

# Each amount with the pool that it is shared in; none for one that waits for a rule or a size.
_AMOUNTS = """
    SELECT ar.code, i.code, i.kind, a.version, a.starts_on, a.whole_year, b.code, a.pence,
           s.pool_id, s.pence
      FROM savings_amount a
      JOIN savings_item i ON i.id = a.item_id
      JOIN business_areas_businessarea ar ON ar.id = i.area_id
      LEFT JOIN (savings_amountshares s
                 JOIN savings_pool p ON p.id = s.pool_id AND p.alliance_id = %(alliance)s
                                    AND p.year = %(year)s)
        ON s.amount_id = a.id
       AND p.area_id = i.area_id AND p.version = a.version
       AND p.kind = CASE i.kind WHEN 'SAVING' THEN 'SAVING' ELSE 'COST' END
      LEFT JOIN programmes_force b ON b.id = a.borne_by_id
     WHERE a.alliance_id = %(alliance)s AND a.year = %(year)s
     ORDER BY ar.code COLLATE "C", i.code COLLATE "C", a.version, a.starts_on, a.whole_year,
              coalesce(b.position, -1)
"""
_YEARS = """
    SELECT year, count(*) * (SELECT count(*) FROM programmes_force WHERE alliance_id = %(alliance)s),
           bool_or(version = 'ACTUAL')
      FROM savings_amount WHERE alliance_id = %(alliance)s GROUP BY year ORDER BY year DESC
"""
# How many amounts there are, whether the year is closed, and whether any of it waits to be worked out.
_STATE = """
    SELECT (SELECT count(*) FROM savings_amount
             WHERE alliance_id = %(alliance)s AND year = %(year)s), closed.is_so, EXISTS (
               SELECT 1 FROM savings_recomputerequest WHERE alliance_id = %(alliance)s AND year = %(year)s)
           OR NOT closed.is_so AND EXISTS (
               SELECT 1 FROM savings_pool
                WHERE alliance_id = %(alliance)s AND year = %(year)s AND engine <> %(method)s)
      FROM (SELECT EXISTS (
               SELECT 1 FROM savings_financialyear
                WHERE alliance_id = %(alliance)s AND year = %(year)s AND closed_at IS NOT NULL)
           ) AS closed (is_so)
"""
# Every row is wanted, so tables are joined as wholes (see the shares file).
_TABLES_AS_WHOLES = "SET LOCAL enable_nestloop = off"


class StillBehind(Exception):
    """Some shares of the year are still to be worked out; what is stored would not agree."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Shares of {year_label(year)} are being worked out again; "
            "this paper is made when that is done."
        )


class TooLarge(Exception):
    """The year has more shares than a spreadsheet works out in reasonable time."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year_label(year)} has too many shares for a workbook that works itself out; "
            "its proof file has them all."
        )


@dataclass(frozen=True)
class YearOfPapers:
    """A financial year with money, and how many amounts times forces it has."""

    year: int
    shares: int
    is_settled: bool  # whether there is anything actual to settle

    @property
    def is_too_large(self) -> bool:
        """Whether its working is too much for a spreadsheet."""
        return self.shares > MOST_SHARES


@dataclass(frozen=True)
class Ready:
    """What the papers of a year are made from, read at one moment; its amounts are streamed apart.

    `areas` have codes by id, of those with money in the year; `rule_of` the rule that each ratio's digest
    comes from, where it is on record. `place_of` has each pool's place in
    `pools` by its id, or by (area, kind, version) for what waits.
    """

    alliance: Alliance
    year: int
    amounts: int
    is_closed: bool
    inputs: SharingInputs
    areas: Mapping[int, str]
    ratios: tuple[Record, ...]
    rule_of: Mapping[str, Rule] = field(repr=False)
    pools: tuple[Record, ...]
    place_of: Mapping[int | tuple[str, str, str], int] = field(repr=False)

    def check_size(self) -> None:
        """Raise TooLarge for more than a spreadsheet works out."""
        if self.amounts * len(self.inputs.forces) > MOST_SHARES:
            raise TooLarge(self.year)

    @cached_property
    def members_of(self) -> Mapping[str, Sequence[str]]:
        """The forces of each ratio, in their order, by its digest."""
        return {ratio["digest"]: ratio["forces"] for ratio in self.ratios}


def years_with_papers(alliance: Alliance) -> list[YearOfPapers]:
    """The financial years with any money, the last first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"alliance": alliance.pk})
        return [YearOfPapers(*row) for row in cursor.fetchall()]


def read_year(alliance: Alliance, year: int) -> Ready:
    """Everything but the amounts. Four queries. Raises StillBehind."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"alliance": alliance.pk, "year": year, "method": METHOD})
        amounts, is_closed, is_behind = cursor.fetchone()
    if is_behind:
        raise StillBehind(year)
    found = Pool.objects.filter(alliance=alliance, year=year)
    pools, place_of, areas = _pools(found)
    inputs = read_sharing_inputs(alliance.pk)
    ratios, rule_of = _ratios(found, inputs)
    return Ready(
        alliance=alliance,
        year=year,
        amounts=amounts,
        is_closed=is_closed,
        inputs=inputs,
        areas=areas,
        ratios=ratios,
        rule_of=rule_of,
        pools=pools,
        place_of=place_of,
    )


def _ratios(
    found: QuerySet[Pool], inputs: SharingInputs
) -> tuple[tuple[Record, ...], dict[str, Rule]]:
    """The pools' ratios, each with the sizes that it was worked out from; and their rules. One query."""
    by_id = {
        rule.id: rule for rules in (inputs.rules, *inputs.area_rules.values()) for rule in rules
    }
    parts = RatioPart.objects.filter(ratio=OuterRef("pk")).order_by("position")
    said = JSONObject(code="force__code", weight="weight", percentage="percentage")
    ratios = SharingRatio.objects.filter(pools__in=found).distinct().order_by("digest")
    ratios = ratios.annotate(said=ArraySubquery(parts.values(said=said)))
    known = {ratio.digest: by_id[ratio.rule_id] for ratio in ratios if ratio.rule_id in by_id}
    return tuple(map(_ratio, ratios)), known


def _ratio(ratio: Any) -> Record:
    decimals = 4 if ratio.decimals is None else ratio.decimals
    return {
        "digest": ratio.digest,
        "basis": ratio.basis,
        "rule_effective_on": iso(ratio.rule_effective_on),
        "sizes_on": iso(ratio.sizes_on),
        "forces": [part["code"] for part in ratio.said],
        "weights": [str(int(part["weight"])) for part in ratio.said],
        "percentages": [f"{part['percentage']:.{decimals}f}" for part in ratio.said],
        "evidence": ratio.evidence,
    }


def _pools(
    found: QuerySet[Pool],
) -> tuple[tuple[Record, ...], dict[int | tuple[str, str, str], int], dict[int, str]]:
    """The pools in a stable order; all that waits of an area, kind and version is one of them. One query."""
    shares = PoolShare.objects.filter(
        pool=OuterRef("pk"), pool__ratio__parts__force_id=F("force_id")
    ).order_by("pool__ratio__parts__position")
    areas: dict[int, str] = {}
    pools: list[Record] = []
    place_of: dict[int | tuple[str, str, str], int] = {}
    order = ("area__code", "kind", "version", "starts_on", "ratio__digest", "withheld")
    for pool in (
        found.select_related("area", "ratio")
        .annotate(own=ArraySubquery(shares.values("pence")))
        .order_by(*order)
    ):
        areas[pool.area_id] = pool.area.code
        key = pool.area.code, word(pool.kind), word(pool.version)
        if pool.ratio is None and key in place_of:
            waiting = pools[place_of[key]]
            waiting["total"] += pool.total_pence
            waiting["withheld"] += f" {pool.withheld}"
            continue
        place_of[key if pool.ratio is None else pool.pk] = len(pools)
        pools.append(
            {
                **dict(zip(("area", "kind", "version"), key, strict=True)),
                "ratio": pool.ratio.digest if pool.ratio else None,
                "withheld": pool.withheld,
                "engine": pool.engine,
                "total": pool.total_pence,
                "shares": pool.own,
            }
        )
    return tuple(pools), place_of, areas


def amounts_of(ready: Ready) -> Iterator[Record]:
    """The year's amounts with their shares, two thousand at a time. One query."""
    asked = {"alliance": ready.alliance.pk, "year": ready.year}
    with transaction.atomic(savepoint=False), connection.chunked_cursor() as cursor:
        with connection.cursor() as planner:
            planner.execute(_TABLES_AS_WHOLES)
        cursor.itersize = 2000  # type: ignore[attr-defined]
        cursor.execute(_AMOUNTS, asked)
        for row in cursor:
            yield _amount(ready, row)


def _amount(ready: Ready, row: Sequence[Any]) -> Record:
    area, item, kind, version, starts_on, whole_year, bearer, pence, pool, shares = row
    waits_in = (area, "saving" if kind == "SAVING" else "cost", word(version))
    return {
        "area": area,
        "item": item,
        "kind": word(kind),
        "version": word(version),
        "period": Period(starts_on, whole_year).label,
        "borne_by": bearer or "",
        "pence": pence,
        "pool": ready.place_of.get(pool if pool else waits_in),
        "shares": shares or [],
    }


def iso(day: date | None) -> str | None:
    """A day as JSON has it."""
    return day.isoformat() if day else None
