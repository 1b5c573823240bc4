"""Each force's position in a year: what it bore, what it is due, and the net between them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from programmes.models import Force
from savings.selectors.totals import SHARES_OF_POOL, Totals
from savings.settlement import Figures

# (year, version, COST, SAVING, COST_UNSHARED, SAVING_UNSHARED, BORNE or BANKED): pence by force; None
# is what is not shared, or what no force is named for. Borne and banked are the forecast's only.
ByForce = Mapping[tuple[int, str, str], Mapping[int | None, int]]

_MONEY = f"""
    SELECT 'POOL', p.area_id, p.year, p.kind, p.version, NULL::bigint, p.withheld,
           sum(p.total_pence)::bigint
      FROM savings_pool p
     WHERE p.alliance_id = %(alliance)s
     GROUP BY 2, 3, 4, 5, 7
    UNION ALL
    SELECT 'SHARE', NULL, p.year, p.kind, p.version, s.force_id, '', sum(s.pence)::bigint
      FROM savings_pool p CROSS JOIN LATERAL {SHARES_OF_POOL} AS s
     WHERE p.alliance_id = %(alliance)s
     GROUP BY 3, 4, 5, 6
    UNION ALL
    SELECT 'HELD', NULL, a.year, CASE i.kind WHEN 'SAVING' THEN 'BANKED' ELSE 'BORNE' END, a.version,
           a.borne_by_id, '', sum(CASE i.kind WHEN 'GRANT' THEN -a.pence ELSE a.pence END)::bigint
      FROM savings_amount a JOIN savings_item i ON i.id = a.item_id
     WHERE a.alliance_id = %(alliance)s AND i.alliance_id = %(alliance)s
       AND a.version = 'FORECAST'
     GROUP BY 3, 4, 5, 6
     ORDER BY 3, 7
"""  # noqa: S608


@dataclass(frozen=True)
class Money:
    """An alliance's money of every year: by area, by force, and why some of it is not shared.

    `withheld` has each area's number with a sentence that says why some of its money is not shared.
    """

    totals: Totals
    by_force: ByForce
    withheld: frozenset[tuple[int, str]]


@dataclass(frozen=True)
class Position:
    """One force's year in pence; above zero the `net` is owed to it, as a settlement would net it.

    None where nothing of the kind is shared with it; a net also while any cost of the year is not
    shared (or saving, where savings count), or where no cost has a force that pays it.
    """

    force: Force
    borne: int | None
    cost_due: int | None
    saving_due: int | None
    banked: int | None
    net: int | None


@dataclass(frozen=True)
class Positions:
    """Each force's year side by side, in the agreed order, and what no force is named for."""

    year: int
    rows: tuple[Position, ...]
    unnamed: int
    cost: int
    saving: int
    cost_unshared: int
    saving_unshared: int
    counts_savings: bool

    @property
    def is_empty(self) -> bool:
        """True if the year has no money at all."""
        return not (self.cost or self.saving or any(row.borne for row in self.rows))

    @property
    def borne(self) -> int:
        """Costs borne, those that no force is named for included."""
        return sum(row.borne or 0 for row in self.rows) + self.unnamed

    @property
    def is_settled_by_name(self) -> bool:
        """True if any cost says which force pays it."""
        return any(row.borne is not None for row in self.rows)


def read_money(alliance_id: int) -> Money:
    """Every pool's pence, every force's shares of them and the forecast costs it bears. One query."""
    totals: dict[tuple[int, int, str, str], int] = defaultdict(int)
    sums: dict[tuple[int, str, str], dict[int | None, int]] = defaultdict(lambda: defaultdict(int))
    reasons: set[tuple[int, str]] = set()
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, {"alliance": alliance_id})
        for row, area_id, year, kind, version, force_id, withheld, pence in cursor.fetchall():
            if row == "POOL":
                totals[area_id, year, kind, version] += pence
            else:
                sums[year, version, kind][force_id] += pence
            if withheld:
                sums[year, version, f"{kind}_UNSHARED"][None] += pence
                reasons.add((area_id, withheld))
    return Money(dict(totals), sums, frozenset(reasons))


def positions(
    by_force: ByForce, *, forces: Sequence[Force], members: frozenset[int], year: int
) -> Positions:
    """The position in a year's forecast of each member, and of each force that has money in it."""

    def part(what: str) -> Mapping[int | None, int]:
        return by_force.get((year, "FORECAST", what), {})

    borne, costs, savings = part("BORNE"), part("COST"), part("SAVING")
    banked = part("BANKED")
    unshared_cost = part("COST_UNSHARED").get(None, 0)
    unshared_saving = part("SAVING_UNSHARED").get(None, 0)
    counts_savings = any(force_id is not None for force_id in banked)
    is_netted = (
        not unshared_cost
        and not (counts_savings and unshared_saving)
        and any(force_id is not None for force_id in borne)
    )

    def net(force: int) -> int:
        costs_of = Figures(borne.get(force, 0), costs.get(force, 0))
        savings_of = Figures(saving_due=savings.get(force, 0), banked=banked.get(force, 0))
        return (costs_of + savings_of if counts_savings else costs_of).net

    return Positions(
        year=year,
        rows=tuple(
            Position(
                force=force,
                borne=borne.get(force.pk),
                cost_due=costs.get(force.pk),
                saving_due=savings.get(force.pk),
                banked=banked.get(force.pk),
                net=net(force.pk) if is_netted else None,
            )
            for force in forces
            if force.pk in members
            or any(force.pk in part for part in (borne, costs, savings, banked))
        ),
        unnamed=borne.get(None, 0),
        cost=sum(costs.values()) + unshared_cost,
        saving=sum(savings.values()) + unshared_saving,
        cost_unshared=unshared_cost,
        saving_unshared=unshared_saving,
        counts_savings=counts_savings,
    )
