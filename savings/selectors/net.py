"""How a year's net to settle comes about: borne, due and net, area by area and force by force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from business_areas.models import BusinessArea
from programmes.models import Alliance, Force
from savings.selectors.positions import borne_by_area
from savings.selectors.totals import SHARES_OF_POOL


@dataclass(frozen=True)
class Net:
    """One force's costs in pence: what it bore, what it is due to bear, and the one less the other."""

    force: Force
    borne: int
    due: int

    @property
    def net(self) -> int:
        """Above zero it has borne more than its share, and is to receive."""
        return self.borne - self.due


@dataclass(frozen=True)
class AreaNets:
    """An area's nets (area None: all areas together), and what keeps them from adding up to nothing.

    `unnamed` is borne by nobody on record, `unshared` is due from nobody yet; both in pence.
    """

    area: BusinessArea | None
    nets: tuple[Net, ...]
    unnamed: int
    unshared: int

    @property
    def borne(self) -> int:
        """Borne by the forces, and by nobody on record."""
        return sum(each.borne for each in self.nets) + self.unnamed

    @property
    def due(self) -> int:
        """Due from the forces, and from nobody yet."""
        return sum(each.due for each in self.nets) + self.unshared


@dataclass(frozen=True)
class NetToSettle:
    """A year's forecast costs, net of grants: every area's nets, and all of them together."""

    year: int
    areas: tuple[AreaNets, ...]
    total: AreaNets

    @property
    def is_netted(self) -> bool:
        """False while any of it is not shared: then no force's net is known."""
        return not any(each.unshared for each in self.areas)


_DUE = f"""
    SELECT p.area_id, s.force_id, coalesce(sum(s.pence), 0)::bigint,
           coalesce(sum(p.total_pence) FILTER (WHERE p.ratio_id IS NULL), 0)::bigint
      FROM savings_pool p LEFT JOIN LATERAL {SHARES_OF_POOL} AS s ON true
     WHERE p.alliance_id = %s AND p.year = %s AND p.version = 'FORECAST' AND p.kind = 'COST'
     GROUP BY 1, 2
"""  # noqa: S608


def net_to_settle(alliance: Alliance, year: int) -> NetToSettle:
    """The year's nets, areas in their order and forces in the agreed one. Four queries."""
    forces = tuple(Force.objects.filter(alliance=alliance).order_by("position"))
    borne = borne_by_area(alliance.pk, year)
    due: dict[int, dict[int | None, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [alliance.pk, year])
        for area_id, force_id, pence, unshared in cursor.fetchall():
            due[area_id][force_id] = int(unshared if force_id is None else pence)
    areas = tuple(
        _nets(area, forces, borne.get(area.pk, {}), due.get(area.pk, {}))
        for area in BusinessArea.objects.filter(alliance=alliance).in_order()
        if area.pk in borne or area.pk in due
    )
    return NetToSettle(
        year,
        areas,
        _nets(None, forces, _added(borne.values()), _added(due.values())),
    )


def _nets(
    area: BusinessArea | None,
    forces: Sequence[Force],
    borne: Mapping[int | None, int],
    due: Mapping[int | None, int],
) -> AreaNets:
    return AreaNets(
        area=area,
        nets=tuple(
            Net(force, borne.get(force.pk, 0), due.get(force.pk, 0))
            for force in forces
            if force.pk in borne or force.pk in due
        ),
        unnamed=borne.get(None, 0),
        unshared=due.get(None, 0),
    )


def _added(parts: Iterable[Mapping[int | None, int]]) -> Mapping[int | None, int]:
    found: dict[int | None, int] = defaultdict(int)
    for each in parts:
        for force_id, pence in each.items():
            found[force_id] += pence
    return dict(found)
