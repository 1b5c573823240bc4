"""From a figure to its working: the pools behind an area's year, with their ratios and lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.inputs import Unit
from savings.models import Item, Pool
from savings.selectors.behind import units_behind
from savings.selectors.ratio_parts import (
    Part,
    decimals_shown,
    parts_of,
    sources_of,
    total_size,
)
from savings.selectors.sizes import places_of


@dataclass(frozen=True)
class PoolLine:
    """One amount of a pool with its shares by force, pence; a grant with its own sign.

    `borne_by` names the force that paid or banked it; blank: nobody on record.
    """

    amount_id: int
    item: str
    kind: str
    starts_on: date
    whole_year: bool
    pence: int
    shares: tuple[int, ...]
    borne_by: str = ""

    @property
    def signed_pence(self) -> int:
        """As it counts in the pool: a grant is taken off (law 8)."""
        return Item.Kind(self.kind).sign * self.pence

    @property
    def signed_shares(self) -> tuple[int, ...]:
        """The shares as they count in the pool."""
        return tuple(-share for share in self.shares) if self.is_grant else self.shares

    @property
    def is_grant(self) -> bool:
        """True if the amount is taken off the costs."""
        return self.kind == Item.Kind.GRANT


@dataclass(frozen=True)
class ItemLines:
    """An item's amounts of a pool, and what they and their shares come to as they count in it."""

    lines: tuple[PoolLine, ...]

    @property
    def name(self) -> str:
        """The item's name."""
        return self.lines[0].item

    @property
    def pence(self) -> int:
        """All of them."""
        return sum(line.signed_pence for line in self.lines)

    @property
    def shares(self) -> list[int]:
        """Each force's shares of all of them."""
        by_force = zip(*(line.signed_shares for line in self.lines), strict=True)
        return [sum(of_force) for of_force in by_force]


@dataclass(frozen=True)
class PoolWorking:
    """A pool with its ratio, its forces' shares and its lines. Withheld pools have neither."""

    pool: Pool
    parts: tuple[Part, ...]
    shares: tuple[int, ...]
    lines: tuple[PoolLine, ...]

    @property
    def items(self) -> list[ItemLines]:
        """The lines item by item, in the order that they are shared in."""
        by_item = groupby(self.lines, key=lambda line: line.item)
        return [ItemLines(tuple(lines)) for _, lines in by_item]

    @property
    def names_bearers(self) -> bool:
        """True if any amount says who bore it."""
        return any(line.borne_by for line in self.lines)

    @property
    def measures(self) -> list[str]:
        """The measures that the ratio's sizes are of, in order of first use."""
        return list(dict.fromkeys(size.measure for part in self.parts for size in part.sizes))

    @property
    def size_places(self) -> int:
        """The decimals at which all sizes shown align."""
        return places_of(size.value for part in self.parts for size in part.sizes)

    @property
    def size_totals(self) -> list[Decimal]:
        """All forces' sizes added up, measure by measure."""
        return [total_size(self.parts, measure) for measure in self.measures]

    @property
    def rows(self) -> list[tuple[Part, int]]:
        """Each force with its share of the pool."""
        return list(zip(self.parts, self.shares, strict=True))

    @property
    def decimals(self) -> int:
        """How many decimals the percentages are shown with; an exact rule's are a picture at four."""
        return decimals_shown(self.pool)

    @property
    def sources(self) -> list[tuple[date, str]]:
        """When the sizes were counted and where they were published, each once."""
        return sources_of(self.parts)


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
            sum(each.pool.total_pence for each in pools),
        )


def area_working(
    *, alliance: Alliance, area: BusinessArea, year: int, version: str, kinds: Sequence[str]
) -> AreaWorking:
    """The pools of an area's year, with their lines in natural order. Five queries."""
    pools = list(
        Pool.objects.filter(area=area, year=year, version=version, kind__in=kinds)
        .select_related("ratio__rule")
        .order_by("kind", "starts_on", "id")
    )
    parts = parts_of([pool.ratio_id for pool in pools if pool.ratio_id])
    lines = lines_of([pool.pk for pool in pools])
    shares = _pool_shares([pool.pk for pool in pools])
    return AreaWorking(
        area=area,
        year=year,
        pools=tuple(
            PoolWorking(
                pool=pool,
                parts=(own := parts.get(pool.ratio_id or 0, ())),
                shares=tuple(shares.get((pool.pk, part.force.pk), 0) for part in own),
                lines=lines.get(pool.pk, ()),
            )
            for pool in pools
        ),
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
           coalesce(b.name, '')
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
        for pool_id, amount, item, kind, starts_on, whole_year, pence, shares, bearer in cursor:
            line = PoolLine(amount, item, kind, starts_on, whole_year, pence, tuple(shares), bearer)
            found.setdefault(pool_id, []).append(line)
    return {pool_id: tuple(lines) for pool_id, lines in found.items()}
