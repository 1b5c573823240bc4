"""From a figure to its working: the pools behind an area's year, with their ratios and lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.inputs import Unit
from savings.models import Pool
from savings.outturn_shares import versions_of
from savings.selectors.behind import units_behind
from savings.selectors.outturn import OUTTURN
from savings.selectors.outturn_workings import counted
from savings.selectors.pool_workings import PoolLine, PoolWorking
from savings.selectors.ratio_parts import parts_of


@dataclass(frozen=True)
class Together:
    """Pools added up: the name of the line, pence by force in the order of the page, and all of them.

    None where nothing is shared with a force; what is not yet shared is in `total` alone.
    """

    name: str
    by_force: tuple[int | None, ...]
    total: int


@dataclass(frozen=True)
class AreaWorking:
    """Every pool of an area's year in one version and kind."""

    area: BusinessArea
    year: int
    pools: tuple[PoolWorking, ...]
    behind: bool

    @property
    def several(self) -> bool:
        """True if the year is divided by more than one ratio, or has costs and savings."""
        return len(self.pools) > 1

    @property
    def forces(self) -> tuple[Force, ...]:
        """Every force of any of its pools, in the agreed order."""
        found = {part.force.pk: part.force for pool in self.pools for part in pool.parts}
        return tuple(sorted(found.values(), key=lambda force: force.position))

    @property
    def together(self) -> tuple[Together, ...]:
        """Its costs and its savings added up, and where it has both the savings less the costs."""
        kinds = [
            (kind, label)
            for kind, label in Pool.Kind.choices
            if any(each.pool.kind == kind for each in self.pools)
        ]
        lines = {kind: self._together(kind, label) for kind, label in kinds}
        if len(lines) < 2:
            return tuple(lines.values())
        costs, savings = lines["COST"], lines["SAVING"]
        return (
            *lines.values(),
            Together(
                "Savings less costs",
                tuple(
                    None if saving is None and cost is None else (saving or 0) - (cost or 0)
                    for saving, cost in zip(savings.by_force, costs.by_force, strict=True)
                ),
                savings.total - costs.total,
            ),
        )

    def _together(self, kind: str, label: str) -> Together:
        pools = [each for each in self.pools if each.pool.kind == kind]
        pence: dict[int, int] = defaultdict(int)
        for each in pools:
            for part, share in each.rows:
                pence[part.force.pk] += share
        return Together(
            label,
            tuple(pence.get(force.pk) for force in self.forces),
            sum(each.pence for each in pools),
        )


def area_working(
    *,
    alliance: Alliance,
    area: BusinessArea,
    year: int,
    version: str,
    kinds: Sequence[str],
    day: date,
) -> AreaWorking:
    """The pools of an area's year in a version or OUTTURN (as at `day`), with their lines in natural
    order. Five queries, and one more for an outturn of which some is not shared."""
    pools = list(
        Pool.objects.filter(area=area, year=year, version__in=versions_of(version), kind__in=kinds)
        .select_related("ratio__rule")
        .order_by("kind", "starts_on", "version", "id")
    )
    parts = parts_of([pool.ratio_id for pool in pools if pool.ratio_id])
    lines = lines_of([pool.pk for pool in pools])
    shares = _pool_shares([pool.pk for pool in pools])
    workings = [
        PoolWorking(
            pool=pool,
            parts=(own := parts.get(pool.ratio_id or 0, ())),
            shares=tuple(shares.get((pool.pk, part.force.pk), 0) for part in own),
            lines=lines.get(pool.pk, ()),
            pence=pool.total_pence,
        )
        for pool in pools
    ]
    if version == OUTTURN:
        workings = list(counted(alliance, workings, day))
    return AreaWorking(
        area=area,
        year=year,
        pools=tuple(workings),
        behind=Unit(area.pk, year) in units_behind(alliance),
    )


def _pool_shares(pool_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pool_id, force_id, pence FROM savings_poolshare WHERE pool_id = ANY(%s)",
            [list(pool_ids)],
        )
        return {(pool, force): pence for pool, force, pence in cursor.fetchall()}


_LINES = """
    SELECT s.pool_id, a.id, i.name, i.kind, a.starts_on, a.whole_year, a.pence, s.pence,
           coalesce(b.name, ''), a.item_id
      FROM savings_amountshares s
      JOIN savings_amount a ON a.id = s.amount_id
      JOIN savings_item i ON i.id = a.item_id
      LEFT JOIN programmes_force b ON b.id = a.borne_by_id
     WHERE s.pool_id = ANY(%s)
     ORDER BY s.pool_id, i.code COLLATE "C", a.starts_on, a.whole_year, coalesce(b.position, -1)
"""


def lines_of(pool_ids: Sequence[int]) -> dict[int, tuple[PoolLine, ...]]:
    """The pools' lines in the order that they are shared in."""
    found: dict[int, list[PoolLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(pool_ids)])
        for pool_id, *of, pence, shares, bearer, item_id in cursor:
            amount, item, kind, starts_on, whole_year = of
            line = PoolLine(
                amount, item, kind, starts_on, whole_year, pence, tuple(shares), bearer, item_id
            )
            found.setdefault(pool_id, []).append(line)
    return {pool_id: tuple(lines) for pool_id, lines in found.items()}
