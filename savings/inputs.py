"""Everything that shares are worked out from; amounts are read in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection

from programmes.models import Force
from savings.engine.ratio import Ratio, split_by_ratio
from savings.engine.rules import Rule, Size, SizeBook, Stay
from savings.engine.withheld import Withheld
from savings.rows import INT4, INT8, binary_rows_type, read_columns

IntArray = npt.NDArray[np.int64]

KINDS = ("COST", "SAVING")
VERSIONS = ("APPROVED", "FORECAST", "ACTUAL")
EPOCH = date(2000, 1, 1)


class Unit(NamedTuple):
    """What is worked out as one: an area's financial year, in every kind and version."""

    area_id: int
    year: int

    @property
    def key(self) -> int:
        """The unit as one whole number, which queries and locks compare faster than a pair."""
        return self.area_id * 4096 + self.year


@dataclass(frozen=True)
class SharingInputs:
    """An alliance's forces, memberships, rules and sizes: what its ratios come from.

    `forces` are in the agreed order, whether or not they are members on a day.
    """

    alliance_id: int
    forces: tuple[Force, ...]
    stays: tuple[Stay, ...]
    area_stays: Mapping[int, tuple[Stay, ...]]
    rules: tuple[Rule, ...]
    area_rules: Mapping[int, tuple[Rule, ...]]
    sizes: tuple[Size, ...]
    _known: dict[tuple[int | None, date, tuple[str, ...]], Ratio | Withheld] = field(
        default_factory=dict, compare=False
    )

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The forces' codes in the agreed order."""
        return tuple(force.code for force in self.forces)

    @cached_property
    def force_ids(self) -> Mapping[str, int]:
        """The forces' ids by code."""
        return {force.code: force.pk for force in self.forces}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The forces' names by code."""
        return {force.code: force.name for force in self.forces}

    @cached_property
    def book(self) -> SizeBook:
        """The sizes, ready to be asked which one was in force on a day."""
        return SizeBook(self.sizes)

    def ratios(self, area_id: int, days: Iterable[date]) -> dict[date, Ratio | Withheld]:
        """For each period's first day, the area's ratio or why there is none."""
        return split_by_ratio(
            days,
            area_rules=self.area_rules.get(area_id, ()),
            alliance_rules=self.rules,
            area_stays=self.area_stays.get(area_id, ()),
            alliance_stays=self.stays,
            order=self.order,
            book=self.book,
            known=self._known,
        )


_LINE = binary_rows_type(
    amount=INT8,
    item=INT8,
    area=INT8,
    year=INT4,
    kind=INT4,
    version=INT4,
    day=INT4,
    whole_year=INT4,
    bearer=INT4,
    grant=INT4,
    pence=INT8,
)
LINE_FIELDS = tuple(name for name in _LINE.names or () if not name.startswith("_"))

_READ_LINES = """
    SELECT a.id, a.item_id, i.area_id, a.year::int4,
           (CASE WHEN i.kind = 'SAVING' THEN 1 ELSE 0 END)::int4,
           (CASE a.version WHEN 'APPROVED' THEN 0 WHEN 'FORECAST' THEN 1 ELSE 2 END)::int4,
           (a.starts_on - DATE '2000-01-01')::int4, a.whole_year::int4,
           coalesce(f.position, -1)::int4, (i.kind = 'GRANT')::int4,
           CASE WHEN i.kind = 'GRANT' THEN -a.pence ELSE a.pence END
      FROM savings_item i
      JOIN savings_amount a ON a.item_id = i.id
      LEFT JOIN programmes_force f ON f.id = a.borne_by_id
     WHERE i.area_id = ANY({areas}) AND i.area_id * 4096 + a.year = ANY({units})
"""


def read_lines(units: Sequence[Unit]) -> npt.NDArray[np.void]:
    """The amounts of `units`, one record each, in pence; a grant's sign is turned (law 8).

    Sorted by area, year, kind, version and then by the line's natural key (item code, period,
    bearer's place in the agreed order), never by serial numbers, so that the same workbook loaded
    in any order shares the same way. Two queries. Fields: amount, item, area, year, kind (index
    into KINDS), version (index into VERSIONS), day (days since EPOCH), whole_year, bearer, grant, pence.
    """
    return in_natural_order(lines_unsorted(units))


def lines_unsorted(units: Sequence[Unit]) -> npt.NDArray[np.void]:
    """What read_lines reads, in no order. One query."""
    select = _READ_LINES.format(
        areas=_array(sorted({unit.area_id for unit in units})),
        units=_array([unit.key for unit in units]),
    )
    return read_columns(select, _LINE)


def in_natural_order(
    lines: npt.NDArray[np.void], by_code: Sequence[int] | None = None
) -> npt.NDArray[np.void]:
    """The lines as read_lines sorts them. One query; none if the items' ids are given by code."""
    ranks = _item_ranks(lines["item"]) if by_code is None else _places(lines["item"], by_code)
    order = np.lexsort(
        (
            lines["bearer"],
            lines["whole_year"],
            lines["day"],
            ranks,
            lines["version"],
            lines["kind"],
            lines["year"],
            lines["area"],
        )
    )
    return lines[order]


def _item_ranks(items: IntArray) -> IntArray:
    """Each line's item as its place in the order of item codes."""
    distinct, where = np.unique(items, return_inverse=True)
    if not len(distinct):
        return where
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id, row_number() OVER (ORDER BY alliance_id, code COLLATE "C")'
            " FROM savings_item WHERE id = ANY(%s) ORDER BY id",
            [distinct.tolist()],
        )
        ranks = np.array([rank for _, rank in cursor.fetchall()], dtype=np.int64)
    return ranks[where]


def _places(items: IntArray, by_code: Sequence[int]) -> IntArray:
    """Each line's item as its place in `by_code`, which holds them all."""
    place = {item: at for at, item in enumerate(by_code)}
    return np.array([place[item] for item in items.tolist()], dtype=np.int64)


def _array(numbers: Sequence[int]) -> str:
    """A PostgreSQL array of whole numbers, for a statement that takes no parameters."""
    return f"ARRAY[{','.join(str(int(number)) for number in numbers)}]::bigint[]"
