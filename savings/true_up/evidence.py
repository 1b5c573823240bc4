"""A closed year's shares as frozen, and as the sizes of any moment since would share it. Nothing is stored.

A closed year's amounts, rules and members stay (the database sees to it), so only a size that is restated
or withdrawn can make other shares of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection

from savings.apportioned import work_out
from savings.engine.periods import last_day
from savings.engine.rules import Size
from savings.inputs import VERSIONS, SharingInputs, Unit, read_lines
from savings.sharing_inputs import read_sharing_inputs
from savings.standing import frozen

ACTUAL = "ACTUAL"

_EVENTS = """
    SELECT e.pgh_created_at, e.pgh_obj_id, e.pgh_label = 'delete' OR e.withdrawn_at IS NOT NULL,
           f.code, m.name, e.effective_on, e.release, e.value, e.source
      FROM programmes_forcesizeevent e
      JOIN programmes_force f ON f.id = e.force_id
      JOIN programmes_sizemeasure m ON m.id = e.measure_id
     WHERE e.alliance_id = %s
     ORDER BY e.pgh_created_at, e.pgh_id
"""


class Key(NamedTuple):
    """One force's share of an area's costs (net of grants) or savings."""

    area_id: int
    kind: str
    force: str


Cells = Mapping[Key, int]  # pence
Row = tuple[str, str, date]  # force, measure, day


class SizeMove(NamedTuple):
    """A size that was restated, recorded (`before` None) or withdrawn to nothing (`after` None)."""

    force: str
    measure: str
    effective_on: date
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Restated:
    """What sizes said from a moment on, and which of them differ from the moment before."""

    at: datetime
    sizes: tuple[Size, ...]
    moves: tuple[SizeMove, ...]


@dataclass(frozen=True)
class Evidence:
    """A closed year: its shares as frozen, and what makes others of it."""

    year: int
    sharing: SharingInputs
    frozen: Cells
    lines: npt.NDArray[np.void]

    def today(self) -> Cells:
        """The shares by the sizes of today. No query."""
        return self.by_sizes(self.sharing.sizes)

    def by_sizes(self, sizes: tuple[Size, ...]) -> Cells:
        """The shares by these sizes. No query."""
        worked = work_out(replace(self.sharing, sizes=sizes, _known={}), self.lines)
        found: Counter[Key] = Counter()
        shared = worked.share([pool for pool in worked.pools if pool.ratio is not None])
        for pool, force, pence in shared.force_totals():
            found[Key(pool.key.area_id, pool.key.kind, force)] += pence
        return found


def read_evidence(alliance_id: int, year: int) -> Evidence:
    """The year's evidence: its actual amounts and all that shares them. Four queries."""
    cells, places = frozen(alliance_id, ACTUAL, [year])
    areas = {cell.area_id for cell in cells} | {place[0] for place in places}
    lines = read_lines([Unit(area, year) for area in sorted(areas)])
    return Evidence(
        year=year,
        sharing=read_sharing_inputs(alliance_id),
        frozen={Key(cell.area_id, cell.kind, cell.force): pence for cell, pence in cells.items()},
        lines=lines[lines["version"] == VERSIONS.index(ACTUAL)],
    )


def restated_since(alliance_id: int, year: int, closed_at: datetime) -> list[Restated]:
    """What sizes said whenever one of up to the year's end was restated since. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [alliance_id])
        rows = cursor.fetchall()
    state: dict[int, Size] = {}
    found = []
    for at, events in _by_moment(rows):
        before = _in_force(state.values())
        for pk, is_gone, size in events:
            if is_gone:
                state.pop(pk, None)
            else:
                state[pk] = size
        if at > closed_at:
            after = _in_force(state.values())
            moves = tuple(_moves(before, after, last_day(year)))
            if moves:
                found.append(Restated(at, tuple(state.values()), moves))
    return found


def difference(after: Cells, before: Cells) -> Cells:
    """What the one has more than the other, where it does anything."""
    found = Counter(after)
    found.subtract(before)
    return {key: pence for key, pence in found.items() if pence}


def _by_moment(
    rows: Iterable[tuple[datetime, int, bool, str, str, date, int, Decimal, str]],
) -> Iterator[tuple[datetime, list[tuple[int, bool, Size]]]]:
    """The events of one moment together: those of one transaction."""
    events: list[tuple[int, bool, Size]] = []
    last = None
    for at, pk, is_gone, force, measure, on, release, value, source in rows:
        if last is not None and at != last:
            yield last, events
            events = []
        last = at
        events.append((pk, is_gone, Size(force, measure, on, release, value, source)))
    if last is not None:
        yield last, events


def _in_force(sizes: Collection[Size]) -> dict[Row, Size]:
    found: dict[Row, Size] = {}
    for size in sizes:
        row = size.force, size.measure, size.effective_on
        if row not in found or found[row].release < size.release:
            found[row] = size
    return found


def _moves(
    before: Mapping[Row, Size], after: Mapping[Row, Size], until: date
) -> Iterator[SizeMove]:
    for row in sorted(before.keys() | after.keys(), key=lambda row: (row[2], row[1], row[0])):
        was, now = _value(before.get(row)), _value(after.get(row))
        if row[2] <= until and was != now:
            yield SizeMove(*row, was, now)


def _value(size: Size | None) -> Decimal | None:
    return size.value if size else None
